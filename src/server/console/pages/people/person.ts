/** `/people/SOURCE/ANCHOR`: one person, from what their source says to what has happened to them. */
import { type Engine, type ExplainedPerson, explainPerson } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import type { Anchor } from '../../../../identity/index.ts';
import { nextInWords, stateInWords } from '../../../../words/in-short.ts';
import { absoluteTime } from '../../../../words/time.ts';
import { allows } from '../../../access/roles.ts';
import { PageError } from '../../errors.ts';
import { firstNamed, personParams, personPath, type Whom } from '../../person-path.ts';
import type { Console } from '../../routes.ts';
import { actions } from './actions.ts';
import { matchLink, nextLink, rulesLink, sourceLink, wantedLink } from './chain.ts';
import { openOperations, timeline } from './timeline.ts';
import { patienceMs, withinTime } from './within-time.ts';

export function mountPerson({ show, engine }: Console): void {
  show('/people/:source/:anchor', 'viewer', async ({ request, visitor, csrf }) => {
    const whom = personParams.parse(request.params);
    const now = new Date();
    const person = await lookAt(engine, whom, now);
    const may = allows(visitor.role, 'operator');
    return {
      title: firstNamed([person.email, person.label], person.anchor),
      live: ['in-short', 'chain', 'open', 'actions', 'history'],
      liveFrom: `/live${personPath(person)}`,
      content: html`${inShort(person, now)}
<ol id="chain" class="chain">${sourceLink(person)}${rulesLink(person, now)}${matchLink(person, now)}${wantedLink(person)}${nextLink(person, now)}</ol>
<div id="open">${openOperations(person.open)}</div>
<div id="actions">${may ? actions(person, engine, csrf, now) : ''}</div>
${timeline(person.history, now)}`,
    };
  });
}

/** @throws {PageError} where nobody is known by that id, or it takes too long */
async function lookAt(engine: Engine, { source, anchor }: Whom, now: Date): Promise<ExplainedPerson> {
  const signal = withinTime();
  // A source that is not configured any more still has people in the store.
  const named = engine.sources.find(({ id }) => id === source);
  const request = { who: anchor, source: named, now, signal, onProgress: () => undefined };
  const outcome = await explainPerson(engine, request).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    throw new PageError(
      504,
      'That takes too long',
      `Source and org have not told all about them within ${patienceMs / 1_000} seconds. \`rollcall explain ${anchor} --source ${source}\` waits for as long as it takes.`,
    );
  });
  const isMeant = (one: { readonly source: string; readonly anchor: Anchor }): boolean =>
    one.source === source && one.anchor.toLowerCase() === anchor.toLowerCase();
  const found = outcome.kind === 'explained' ? outcome.explanation.people.find(isMeant) : undefined;
  if (found !== undefined) return found;
  const doubts = outcome.kind === 'nobody' ? outcome.lookedAt.doubts : [];
  const doubt = doubts.length === 0 ? '' : ` Not everything could be looked at, though: ${doubts.join(' ')}`;
  throw new PageError(
    404,
    'Nobody of this id',
    `Neither the source ${source} nor the store nor the audit log knows anybody of the id ${anchor}.${doubt}`,
  );
}

function inShort(person: ExplainedPerson, now: Date): Html {
  const { email, label, source, anchor, profile } = person;
  const isActive = profile.kind === 'there' && profile.profile.isActive;
  const isInactive = profile.kind === 'there' && !isActive;
  const manner = isInactive ? 'bad' : isActive && person.next.kind === 'nothing' ? 'good' : 'wait';
  return html`<section id="in-short" class="stack" aria-label="In short"><p class="soft">${email === undefined ? '' : html`<bdi>${label}</bdi> · `}source <a href="/sources/${encodeURIComponent(source)}">${source}</a> · id <code>${anchor}</code> · as of ${absoluteTime(now)}</p>
<p class="verdict ${manner}"><strong>${stateInWords(person, now)}</strong> ${nextInWords(person.next)}</p></section>`;
}
