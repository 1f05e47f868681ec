/** Rollcall on this machine: the store is open, and what no service does is done by this process. */
import {
  type Acting,
  adoptFor,
  approveNamed,
  clearQuarantineOf,
  conflictsIn,
  counted,
  departuresCalled,
  discardChosen,
  dispatchSoon,
  explainNamed,
  ignoreNamed,
  inviteNamed,
  pause,
  progressOf,
  rejectNamed,
  resume,
  retryChosen,
  runNamed,
  type SaidOutcome,
  sayLeft,
  sayReturned,
  takeRulingBack,
  testChannels,
  undoNamed,
  unpaused,
  viewPlan,
} from '../../acts/index.ts';
import { exportAudit, latestEntries, plainEntry, verifyAllEntries } from '../../audit/index.ts';
import { carryOutRun, type Engine, isServed, statusOf, type WaitEnd } from '../../engine/index.ts';
import {
  conflictsJson,
  departureJson,
  explanationJson,
  findingJson,
  operationJson,
  planJson,
  rulingJson,
  runJson,
  statusJson,
} from '../../json/index.ts';
import { answer as answerSchema } from '../../json/schemas/person.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { operations } from '../../store/operations/operations.ts';
import { findingsOf, latestRuns, type Run } from '../../store/runs/runs.ts';
import { archivesVerdict } from '../archives.ts';
import { chosenSources } from '../chosen-sources.ts';
import { Failure } from '../failure.ts';
import type { Means } from '../means.ts';
import { unlessRefused } from '../unless-refused.ts';
import type { AuditWish, Rollcall, ToldEnd } from './rollcall.ts';
import { beginRunHere, makePlanHere } from './runs-here.ts';

export function rollcallHere(means: Means, engine: Engine): Rollcall {
  const { terminal, signal, actor } = means;
  const { store, config } = engine;
  const { db } = store;
  const acting: Acting = { engine, actor };
  const isAtWork = () => isServed(store, 'worker');
  const known = async (id: string): Promise<Run> => unlessRefused(await runNamed(db, id)).run;
  const answered = async (outcome: SaidOutcome) => {
    const { answer } = unlessRefused(outcome);
    const { sentence, run = null } = answer;
    return {
      outcome: answerSchema.shape.outcome.parse(answer.outcome),
      ...{ sentence, run, served: await isAtWork() },
    };
  };

  return {
    status: async () => statusJson(await statusOf(engine)),
    isServed: (role) => isServed(store, role),

    runs: async (limit) =>
      (await counted(db, await latestRuns(db, limit))).map(({ run, counts }) => ({
        ...runJson(run),
        counts: Object.fromEntries(counts),
      })),
    plan: async (run) => planJson(await viewPlan(db, await known(run))),
    async operations({ run, states }, limit) {
      const filter = {
        ...(run === undefined ? {} : { run: (await known(run)).id }),
        ...(states === undefined ? {} : { states }),
      };
      return (await operations(db, filter, limit)).map(operationJson);
    },
    findings: async (run) => (await findingsOf(db, (await known(run)).id)).map(findingJson),

    sources: async (named) => chosenSources(engine, named).map(({ id }) => id),
    async unpaused(named) {
      const { free, paused } = await unpaused(engine, chosenSources(engine, named));
      return { free: free.map(({ id }) => id), paused };
    },
    beginRun: (wish) => beginRunHere(means, engine, wish),
    makePlan: (wish) => makePlanHere(means, engine, wish),
    async carryOut(run, onProgress) {
      const end = await carryOutRun(engine, run as RunId, signal, ({ counts, inFile }) =>
        onProgress({ ...progressOf(counts), inFile }),
      );
      return toldEnd(end);
    },
    async approve(plan, reason) {
      const outcome = unlessRefused(await approveNamed(acting, plan, reason, signal));
      await dispatchSoon(engine);
      return {
        outcome: outcome.kind,
        released: outcome.kind === 'approved' ? outcome.released : 0,
        overtaken: outcome.overtaken,
        run: runJson(await known(outcome.run)),
        served: await isAtWork(),
      };
    },
    reject: async (plan, reason) => unlessRefused(await rejectNamed(acting, plan, reason)).dropped,
    undo: async (run) => unlessRefused(await undoNamed(acting, run)).run,
    async retry(choice, reason) {
      const { retried, passedOver } = unlessRefused(await retryChosen(acting, choice, reason));
      await dispatchSoon(engine);
      return {
        retried: retried.map(({ id }) => id),
        runs: [...new Set(retried.map(({ run_id }) => run_id))],
        passedOver,
        served: await isAtWork(),
      };
    },
    discard: async (choice, reason) =>
      unlessRefused(await discardChosen(acting, choice, reason)).discarded.length,

    async conflicts(source) {
      const sources = chosenSources(engine, source);
      return (await Promise.all(sources.map(({ id }) => conflictsIn(db, id)))).map(conflictsJson);
    },
    async adopt(word) {
      const { ruling, superseded } = unlessRefused(await adoptFor(acting, word, signal));
      return { ruling: rulingJson(ruling), superseded };
    },
    async ignore(word) {
      const { ruling, superseded } = unlessRefused(await ignoreNamed(acting, word, signal));
      return { ruling: rulingJson(ruling), superseded };
    },
    takeRulingBack: async (kind, word) =>
      rulingJson(unlessRefused(await takeRulingBack(acting, word, kind)).ruling),
    async offboard({ at: text, timezone, ...word }) {
      const when =
        text === undefined ? ({ kind: 'now' } as const) : ({ kind: 'text', text, timezone } as const);
      return await answered(await sayLeft(acting, { ...word, when }));
    },
    reinstate: async (word) => await answered(await sayReturned(acting, word)),
    departures: async (of) =>
      unlessRefused(await departuresCalled({ engine }, of)).departures.map(departureJson),
    async inviteAgain(word) {
      const { run, member } = unlessRefused(await inviteNamed(acting, word, signal));
      await dispatchSoon(engine);
      return { run, email: member.email, served: await isAtWork() };
    },
    async explain(who, source) {
      const bar = terminal.progress(`Looking for ${who}`);
      const onProfiles = (done: number) => bar.update({ done, text: `${done} profiles of the org` });
      const outcome = unlessRefused(
        await explainNamed(engine, { who, source, signal, onProfiles }).finally(() => bar.stop()),
      );
      if (outcome.kind === 'no-answer') throw new Failure(outcome.sentence);
      return explanationJson(outcome.explanation);
    },

    pause: async (wish) => braked(unlessRefused(await pause(acting, wish))),
    resume: async (wish) => braked(unlessRefused(await resume(acting, wish))),
    clearQuarantine: async (source, reason) =>
      unlessRefused(await clearQuarantineOf(acting, source, reason)).source,

    auditEntries: async (filter, limit) =>
      (await latestEntries(db, auditFilter(filter), limit)).map(plainEntry),
    exportAudit: (filter, format, out, onProgress) =>
      exportAudit(db, auditFilter(filter), format, out, onProgress),
    async verifyAudit({ head, archives }, onProgress) {
      const verdict = archives === undefined ? undefined : await archivesVerdict(db, archives);
      return { log: await verifyAllEntries(db, head, onProgress), archives: verdict };
    },
    testChannels: async (channel) => unlessRefused(await testChannels(config, channel, signal)).tried,
  };
}

export const toldEnd = (end: WaitEnd): ToldEnd => ({
  ...end,
  run: runJson(end.run),
  counts: Object.fromEntries(end.counts),
});

const braked = ({
  source,
  sentence,
}: {
  readonly source: string | undefined;
  readonly sentence: string;
}) => ({
  source: source ?? null,
  sentence,
});

const auditFilter = ({ run, ...others }: AuditWish) => ({ ...others, run: run as RunId | undefined });
