/** The operator's brake: a source, or everything, is paused and goes on again. */
import { z } from 'zod';
import { pause, resume } from '../../../../acts/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import type { Pause } from '../../../../store/service/pauses.ts';
import { absoluteTime } from '../../../../words/time.ts';
import { allows, type Visitor } from '../../../access/roles.ts';
import { button, done, formIn, postForm, reasonField, reasonIn, refused, withoutReason } from '../../form.ts';
import { outside } from '../../person.ts';
import type { Console } from '../../routes.ts';
import { when } from '../../time.ts';
import { written } from '../../written.ts';

/** A source is named, or everything is meant. */
const wish = z.object({
  source: written(200).optional(),
  until: written(40).default(''),
  leavers: z.enum(['go', 'wait']).catch('go'),
});

export function mountBrake({ act, engine }: Console): void {
  const backTo = (source: string | undefined): string =>
    source === undefined ? '/sources' : `/sources/${encodeURIComponent(source)}`;

  act('/pause', 'operator', async (visit) => {
    const { source, until, leavers } = formIn(visit, wish);
    const to = backTo(source);
    const reason = reasonIn(visit);
    if (reason === undefined) return withoutReason(to);
    const terms = { source, reason, leavers, until: until === '' ? undefined : until };
    const outcome = await pause({ engine, actor: visit.visitor.actor }, terms);
    return outcome.kind === 'refused' ? refused(to, outcome.sentence) : done(to, outcome.sentence);
  });

  act('/resume', 'operator', async (visit) => {
    const { source } = formIn(visit, wish);
    const to = backTo(source);
    const reason = reasonIn(visit);
    if (reason === undefined) return withoutReason(to);
    const outcome = await resume({ engine, actor: visit.visitor.actor }, { source, reason });
    return outcome.kind === 'refused' ? refused(to, outcome.sentence) : done(to, outcome.sentence);
  });
}

interface Circumstances {
  readonly visitor: Visitor;
  readonly csrf: string;
  readonly now: Date;
}

/** @param source - undefined for everything. @param standing - the pause that there is */
export function brake(
  source: string | undefined,
  standing: Pause | undefined,
  { visitor, csrf, now }: Circumstances,
): Html {
  const isOperator = allows(visitor.role, 'operator');
  const named = source === undefined ? html`` : html`<input type="hidden" name="source" value="${source}">`;
  const what = source === undefined ? 'everything' : 'this source';
  if (standing === undefined) return isOperator ? pausing(named, what, csrf) : html``;
  const { reason, actor, since, until, leavers } = standing;
  const end = until === undefined ? 'until it is resumed' : `until ${absoluteTime(until)}`;
  // A key that is refused goes on by itself once it is accepted.
  const form =
    isOperator && actor !== undefined
      ? postForm(
          '/resume',
          csrf,
          html`${named}${reasonField('resume-reason')}${button({ text: 'Resume', kind: 'main' })}`,
        )
      : html``;
  return html`<section class="card" aria-labelledby="brake-title"><h2 id="brake-title">Paused: ${what}</h2>
<p>It began ${when(since, now)}, and stands ${end}${actor === undefined ? '' : html`, by ${outside(actor)}`}: ${outside(reason)} ${leavers === 'go' ? 'Whom HR or an operator says to have left is deactivated all the same.' : 'Nobody is deactivated meanwhile, whoever says so.'}</p>
${form}</section>`;
}

const pausing = (named: Html, what: string, csrf: string): Html =>
  html`<details class="card act"><summary>Pause ${what}</summary>
${postForm(
  '/pause',
  csrf,
  html`${named}${reasonField('pause-reason')}
<div class="field"><label for="pause-until">Until, such as 2026-03-31 or 2026-03-31T17:00</label>
<input id="pause-until" name="until" maxlength="40" placeholder="until it is resumed" autocomplete="off"></div>
<p class="wide"><label><input type="checkbox" name="leavers" value="wait"> Leavers wait as well</label></p>
${button({ text: `Pause ${what}`, kind: 'danger' })}`,
)}</details>`;
