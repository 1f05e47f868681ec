/** What mends failures and conflicts. */
import { z } from 'zod';
import {
  adoptFor,
  discardChosen,
  type FailureChoice,
  ignoreNamed,
  type RuleOutcome,
  retryChosen,
  takeRulingBack,
} from '../../../../acts/index.ts';
import { isAtWork } from '../../../../engine/index.ts';
import { done, formIn, reasonIn, refused, withoutReason } from '../../form.ts';
import { counted } from '../../paging.ts';
import type { Console, Done, Visit } from '../../routes.ts';
import { written } from '../../written.ts';

const back = '/failures';
/** An export of many people is read to its end, to know who is meant. */
const patienceMs = 300_000;

const untold = 'Nothing was done: tick those that are meant.';
const over = 'Nothing was done: nothing has failed of that any more.';

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

  /** Undefined where nothing is. */
  function chosenIn(visit: Visit): Pick<FailureChoice, 'ids' | 'cause'> | undefined {
    const { cause, which, id } = formIn(visit, chosenInForm);
    if (which === 'all') return { cause };
    return id.length > 0 ? { ids: id } : undefined;
  }

  act('/failures/retry', 'operator', async (visit) => {
    const chosen = chosenIn(visit);
    if (chosen === undefined) return refused(back, untold);
    const outcome = await retryChosen({ engine, actor: visit.visitor.actor }, chosen, reasonIn(visit));
    if (outcome.kind === 'refused') return refused(back, outcome.sentence);
    if (outcome.retried.length + outcome.passedOver === 0) return refused(back, over);
    await dispatcher.dispatchDue();
    const { retried, passedOver } = outcome;
    const left =
      passedOver === 0
        ? ''
        : ` ${passedOver} ${passedOver === 1 ? 'is' : 'are'} passed over: a newer operation for the same person exists. The next run decides.`;
    const unserved = (await isAtWork(store.db, 'worker'))
      ? ''
      : ' No worker is running: they wait until one is.';
    const said = `${counted(retried.length, 'operation is', 'operations are')} tried again.${left}${unserved}`;
    return retried.length === 0 ? refused(back, said) : done(back, said);
  });

  act('/failures/discard', 'operator', async (visit) => {
    const reason = reasonIn(visit);
    if (reason === undefined) return withoutReason(back);
    const chosen = chosenIn(visit);
    if (chosen === undefined) return refused(back, untold);
    const outcome = await discardChosen({ engine, actor: visit.visitor.actor }, chosen, reason);
    if (outcome.kind === 'refused') return refused(back, outcome.sentence);
    if (outcome.discarded.length === 0) return refused(back, over);
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
