/** What the forms on a person's page do, each on the visitor's word. */
import { z } from 'zod';
import {
  type Acting,
  ignoreNamed,
  inviteNamed,
  type Refusal,
  requestByHand,
  type SaidOutcome,
  sayLeft,
  sayReturned,
  takeRulingBack,
  unpaused,
} from '../../../../acts/index.ts';
import { isAtWork } from '../../../../engine/index.ts';
import type { SourceId } from '../../../../identity/index.ts';
import { PlanError } from '../../../../plan/index.ts';
import type { Notice } from '../../layout.ts';
import { personParams, personPath } from '../../person-path.ts';
import type { Console } from '../../routes.ts';
import { written } from '../../written.ts';
import { withinTime } from './within-time.ts';

interface Asked {
  readonly acting: Acting;
  readonly who: string;
  readonly source: string;
  readonly reason: string;
  /** When, in the operator's words; empty for now. */
  readonly at: string;
}

type Work = (asked: Asked) => Promise<Notice>;

const form = z.object({
  reason: written(500).default(''),
  at: written(40).default(''),
});

const done = (text: string): Notice => ({ kind: 'done', text });
const refused = ({ sentence }: Pick<Refusal, 'sentence'>): Notice => ({ kind: 'refused', text: sentence });

const offboard: Work = async ({ acting, at, ...word }) =>
  said(await sayLeft(acting, { ...word, when: at === '' ? { kind: 'now' } : { kind: 'text', text: at } }));

const reinstate: Work = async ({ acting, ...word }) => said(await sayReturned(acting, word));

const said = (outcome: SaidOutcome): Notice =>
  outcome.kind === 'refused' ? refused(outcome) : done(outcome.answer.sentence);

const ignore: Work = async ({ acting, ...word }) => {
  const outcome = await ignoreNamed(acting, word, withinTime());
  if (outcome.kind === 'refused') return refused(outcome);
  const dropped = outcome.superseded === 0 ? '' : ` What waited for them is dropped (${outcome.superseded}).`;
  return done(`${outcome.named.label} is left alone by all runs, also when they leave.${dropped}`);
};

const unignore: Work = async ({ acting, ...word }) => {
  const outcome = await takeRulingBack(acting, word, 'ignore');
  if (outcome.kind === 'refused') return refused(outcome);
  return done(`${outcome.ruling.label} is treated by the rules again, from the next run on.`);
};

const resync: Work = async ({ acting: { engine, actor }, who, source }) => {
  const known = engine.sources.find(({ id }) => id === source);
  if (known === undefined) return refused({ sentence: `The configuration has no source ${source}.` });
  const { paused } = await unpaused(engine, [known]);
  if (paused.length > 0) return refused({ sentence: `${paused.join(' ')} No run was made.` });
  const run = await requestByHand(engine.store.db, {
    ...{ actor, source: source as SourceId, mode: 'apply', reading: 'full', onlyWho: who },
  });
  return (await isAtWork(engine.store.db, 'scheduler'))
    ? done(`Run ${run} for them alone is requested, and begins in a moment.`)
    : done(`Run ${run} for them alone is requested. No scheduler is at work: it begins when one starts.`);
};

const inviteAgain: Work = async ({ acting, ...word }) => {
  try {
    const outcome = await inviteNamed(acting, word, withinTime());
    if (outcome.kind === 'refused') return refused(outcome);
    await acting.engine.dispatcher.dispatchDue();
    return done(`${outcome.member.email} is invited again, by run ${outcome.run}.`);
  } catch (error) {
    if (error instanceof PlanError) return refused({ sentence: error.message });
    throw error;
  }
};

const works: readonly { readonly name: string; readonly work: Work; readonly needsReason: boolean }[] = [
  { name: 'offboard', work: offboard, needsReason: true },
  { name: 'reinstate', work: reinstate, needsReason: true },
  { name: 'ignore', work: ignore, needsReason: true },
  { name: 'unignore', work: unignore, needsReason: true },
  { name: 'resync', work: resync, needsReason: false },
  { name: 'invite-again', work: inviteAgain, needsReason: true },
];

export function mountActs({ act }: Console): void {
  for (const { name, work, needsReason } of works)
    act(`/people/:source/:anchor/${name}`, 'operator', async ({ request, visitor, engine }) => {
      const whom = personParams.parse(request.params);
      const { reason, at } = form.parse(request.body ?? {});
      const to = personPath(whom);
      if (needsReason && reason === '')
        return { to, notice: refused({ sentence: 'Nothing was done: say why, for the audit log.' }) };
      const acting = { engine, actor: visitor.actor };
      const { source, anchor: who } = whom;
      return { to, notice: await work({ acting, who, source, reason, at }) };
    });
}
