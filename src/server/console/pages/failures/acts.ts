/** What mends failures and conflicts. */
import { z } from 'zod';
import {
  adoptFor,
  discardChosen,
  ignoreNamed,
  type RuleOutcome,
  retryChosen,
  takeRulingBack,
} from '../../../../acts/index.ts';
import { isServed } from '../../../../engine/index.ts';
import { failures } from '../../../../store/failures.ts';
import { done, formIn, reasonIn, refused, withoutReason } from '../../form.ts';
import { counted } from '../../paging.ts';
import type { Console, Done, Visit } from '../../routes.ts';
import { written } from '../../written.ts';
import { groupedByCause } from './groups.ts';

const back = '/failures';
/** A source of many people has to be read to know who is meant. */
const patienceMs = 300_000;

const chosenInForm = z.object({
  cause: z.string().default(''),
  which: z.enum(['all', 'ticked']).catch('ticked'),
  id: z
    .union([written(200), z.array(written(200))])
    .optional()
    .transform((ids) => (ids === undefined ? [] : [ids].flat())),
});

const personInForm = z.object({
  source: written(200),
  anchor: written(2_000),
  profile: written(200).optional(),
});
const rulingInForm = personInForm.extend({ kind: z.enum(['adopt', 'ignore']) });

export function mountRemedies({ act, engine }: Console): void {
  const { store, dispatcher } = engine;

  /** @returns a sentence where nothing is */
  async function chosenIn(visit: Visit): Promise<readonly string[] | string> {
    const { cause, which, id } = formIn(visit, chosenInForm);
    if (which === 'ticked') return id.length > 0 ? id : 'Nothing was done: tick those that are meant.';
    const group = groupedByCause(await failures(store.db)).find(({ key }) => key === cause);
    return group?.ids ?? 'Nothing was done: nothing has failed of that any more.';
  }

  act('/failures/retry', 'operator', async (visit) => {
    const ids = await chosenIn(visit);
    if (typeof ids === 'string') return refused(back, ids);
    const outcome = await retryChosen({ engine, actor: visit.visitor.actor }, { ids }, reasonIn(visit));
    if (outcome.kind === 'refused') return refused(back, outcome.sentence);
    await dispatcher.dispatchDue();
    const { retried, passedOver } = outcome;
    const over =
      passedOver === 0
        ? ''
        : ` ${passedOver} ${passedOver === 1 ? 'is' : 'are'} passed over: a newer operation for the same person exists. The next run decides.`;
    const unserved = (await isServed(store, 'worker'))
      ? ''
      : ' No worker is running: they wait until one is.';
    const said = `${counted(retried.length, 'operation is', 'operations are')} tried again.${over}${unserved}`;
    return retried.length === 0 ? refused(back, said) : done(back, said);
  });

  act('/failures/discard', 'operator', async (visit) => {
    const reason = reasonIn(visit);
    if (reason === undefined) return withoutReason(back);
    const ids = await chosenIn(visit);
    if (typeof ids === 'string') return refused(back, ids);
    const outcome = await discardChosen({ engine, actor: visit.visitor.actor }, { ids }, reason);
    if (outcome.kind === 'refused') return refused(back, outcome.sentence);
    return done(
      back,
      `${counted(outcome.discarded.length, 'operation is', 'operations are')} discarded. The next run looks at these people anew.`,
    );
  });

  act('/failures/adopt', 'operator', (visit) =>
    onPerson(visit, ({ profile, ...word }, acting) =>
      adoptFor(acting, { ...word, profile: profile ?? '' }, AbortSignal.timeout(patienceMs)),
    ),
  );

  act('/failures/ignore', 'operator', (visit) =>
    onPerson(visit, (word, acting) => ignoreNamed(acting, word, AbortSignal.timeout(patienceMs))),
  );

  act('/failures/take-back', 'operator', async (visit) => {
    const reason = reasonIn(visit);
    if (reason === undefined) return withoutReason(back);
    const { source, anchor, kind } = formIn(visit, rulingInForm);
    const acting = { engine, actor: visit.visitor.actor };
    const outcome = await takeRulingBack(acting, { who: anchor, source, reason }, kind);
    if (outcome.kind === 'refused') return refused(back, outcome.sentence);
    return done(
      back,
      `Taken back: the rules say what happens to ${outcome.ruling.label}, from the next run on.`,
    );
  });

  async function onPerson(
    visit: Visit,
    work: (
      word: {
        readonly who: string;
        readonly source: string;
        readonly reason: string;
        readonly profile: string | undefined;
      },
      acting: { readonly engine: typeof engine; readonly actor: string },
    ) => Promise<RuleOutcome>,
  ): Promise<Done> {
    const reason = reasonIn(visit);
    if (reason === undefined) return withoutReason(back);
    const { source, anchor, profile } = formIn(visit, personInForm);
    const outcome = await work(
      { who: anchor, source, reason, profile },
      { engine, actor: visit.visitor.actor },
    );
    if (outcome.kind === 'refused') return refused(back, outcome.sentence);
    const { named, ruling, superseded } = outcome;
    const said =
      ruling?.kind === 'adopt'
        ? `Profile ${ruling.profileId} is that of ${named.label}. The next run adopts it.`
        : `${named.label} is left alone by all runs, also when they leave.`;
    const dropped =
      superseded === 0
        ? ''
        : ` ${counted(superseded, 'operation')} that waited for them ${superseded === 1 ? 'is' : 'are'} dropped.`;
    return done(back, `${said}${dropped}`);
  }
}
