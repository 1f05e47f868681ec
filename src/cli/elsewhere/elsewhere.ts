/** Rollcall as a service that is asked by its HTTP API: no configuration and no store on this side. */
import { z } from 'zod';
import { sourcesNamed } from '../../acts/index.ts';
import { auditEntry, verdict } from '../../json/schemas/audit.ts';
import {
  conflicts,
  discarded,
  finding,
  operation,
  retried,
  ruled,
  takenBack,
} from '../../json/schemas/operation.ts';
import { answer, departure, explanation, invited } from '../../json/schemas/person.ts';
import { approved, countedRun, detailedRun, rejected, run } from '../../json/schemas/run.ts';
import { braked, sourceState, status, tried } from '../../json/schemas/status.ts';
import { pauseInWords } from '../../plan/index.ts';
import { UsageError } from '../exit.ts';
import type { Means } from '../means.ts';
import type { AuditWish, Rollcall } from '../rollcall/rollcall.ts';
import { unlessRefused } from '../unless-refused.ts';
import type { Client } from './client.ts';
import { itemsOf, listOf } from './pages.ts';
import { beginRunElsewhere, carriedOutElsewhere, makePlanElsewhere } from './runs-elsewhere.ts';

/** Of these the command line needs no more. */
const namedSource = sourceState.pick({ id: true, pause: true });

/** A service that is restarted is away for a minute or two. */
const usualPatienceMs = 300_000;

/** @param patienceMs - how long a service that can't be reached any more is waited for in the middle of a run */
export function rollcallElsewhere(means: Means, client: Client, patienceMs = usualPatienceMs): Rollcall {
  const { get, post } = client;
  const waiting = { means, client, patienceMs };
  const planPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;
  const operations: Rollcall['operations'] = async (wish, limit) =>
    await listOf(client, '/operations', operation, { run: wish.run, state: wish.states }, limit);
  const findings: Rollcall['findings'] = async (id) =>
    await listOf(client, `${planPath(id)}/findings`, finding, {});
  const plan: Rollcall['plan'] = async (id) => {
    const { overtaken, ...found } = await get(planPath(id), detailedRun);
    return {
      run: run.parse(found),
      overtaken,
      operations: await operations({ run: id }),
      findings: await findings(id),
    };
  };
  const sourcesCalled = async (named: string | undefined) => {
    const { items: sources } = await get('/sources', itemsOf(namedSource));
    return unlessRefused(sourcesNamed({ sources }, named)).sources;
  };

  return {
    status: () => get('/status', status),
    isServed: async (role) =>
      (await get('/status', status)).services.some(({ roles }) => roles.includes(role)),

    runs: (limit) => listOf(client, '/runs', countedRun, {}, limit),
    plan,
    operations,
    findings,

    sources: async (named) => (await sourcesCalled(named)).map(({ id }) => id),
    async unpaused(named) {
      const sources = await sourcesCalled(named);
      return {
        free: sources.flatMap(({ id, pause }) => (pause === null ? [id] : [])),
        paused: sources.flatMap(({ id, pause }) =>
          pause === null ? [] : [`The source ${id} is ${pausedInWords(pause)}`],
        ),
      };
    },
    beginRun: (wish) => beginRunElsewhere(waiting, wish),
    async makePlan(wish) {
      const { run: id, failure } = await makePlanElsewhere(waiting, wish);
      return { plan: await plan(id), failure };
    },
    carryOut: (id, onProgress) => carriedOutElsewhere(waiting, id, onProgress),
    approve: (id, reason) => post(`${planPath(id)}/approve`, approved, { reason }),
    reject: async (id, reason) => (await post(`${planPath(id)}/reject`, rejected, { reason })).dropped,
    undo: async (id) => (await post(`${planPath(id)}/undo`, detailedRun)).id,
    retry: (choice, reason) => post('/operations/retry', retried, { ...given(choice), reason }),
    discard: async (choice, reason) =>
      (await post('/operations/discard', discarded, { ...given(choice), reason })).discarded.length,

    conflicts: async (source) => (await get('/conflicts', itemsOf(conflicts), { source })).items,
    adopt: (word) => post('/rulings/adopt', ruled, word),
    ignore: (word) => post('/rulings/ignore', ruled, word),
    takeRulingBack: async (kind, word) => (await post(`/rulings/un${kind}`, takenBack, word)).takenBack,
    offboard: (word) => post('/departures', answer, word),
    reinstate: (word) => post('/departures/reinstate', answer, word),
    departures: async (of) => (await get('/departures', itemsOf(departure), { ...of })).items,
    inviteAgain: (word) => post('/invitations', invited, word),
    explain: (who, source) => get('/explain', explanation, { who, source }),

    pause: (wish) => post('/pause', braked, wish),
    resume: (wish) => post('/resume', braked, wish),
    clearQuarantine: async (source, reason) =>
      (await post(`/sources/${encodeURIComponent(source)}/quarantine/clear`, cleared, { reason })).source,

    auditEntries: async (filter, limit) =>
      (await listOf(client, '/audit', auditEntry, auditQuery(filter), limit)).reverse(),
    exportAudit: (filter, format, out) =>
      client.download('/audit/export', { ...auditQuery(filter), format }, out),
    async verifyAudit({ head, archives }) {
      if (archives !== undefined)
        throw new UsageError(
          'Archives are files beside the store: `rollcall audit verify --archive` works there, without --server.',
        );
      return { log: await post('/audit/verify', verdict, { head }), archives };
    },
    testChannels: async (channel) => (await post('/notify/test', tried, { channel })).items,
  };
}

const cleared = z.object({ source: z.string() });

/** Without what says nothing. */
const given = ({ ids = [], all, ...others }: Parameters<Rollcall['retry']>[0]) => ({
  ...others,
  ...(ids.length === 0 ? {} : { ids }),
  ...(all === true ? { all } : {}),
});

const auditQuery = ({ since, ...others }: AuditWish) => ({ ...others, since: since?.toISOString() });

const pausedInWords = ({
  since,
  until,
  actor,
  ...pause
}: NonNullable<z.output<typeof namedSource>['pause']>): string =>
  pauseInWords({
    ...pause,
    since: new Date(since),
    until: until === null ? undefined : new Date(until),
    actor: actor ?? undefined,
  });
