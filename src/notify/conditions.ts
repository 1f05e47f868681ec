/** What is wrong at this moment, as the store tells it. */
import type { Kysely } from 'kysely';
import type { AlertEvent, NotifyConfig } from '../../config/index.ts';
import { auditBreak } from '../audit/index.ts';
import type { SourceId } from '../identity/identity.ts';
import type { IncidentFacts } from '../store/incidents/incident.ts';
import {
  failedRuns,
  fullLicence,
  type LateLeaver,
  lateLeavers,
  waitingPlans,
} from '../store/incidents/signs.ts';
import type { Database } from '../store/schema.ts';
import { pauseOfKey } from '../store/service/pauses.ts';
import { hasRole, livingServices } from '../store/service/services.ts';
import { quarantines } from '../store/sources/quarantines.ts';
import type { Condition, Outlook } from './incidents.ts';

export interface Observed {
  readonly db: Kysely<Database>;
  /** Those that are configured: what others left behind is nobody's concern any more. */
  readonly sources: readonly SourceId[];
  readonly config: Pick<NotifyConfig, 'leaverLateAfter' | 'apiDownAfter'>;
}

/** Looks at everything. It reads a few rows of each table, by an index. */
export async function observe({ db, sources, config }: Observed, now: Date): Promise<Outlook> {
  const before = (ms: number): Date => new Date(now.getTime() - ms);
  const api = await apiOutlook(db, before(config.apiDownAfter));
  return {
    conditions: [
      ...(await runsThatFailed(db, sources)),
      ...(await plansThatWait(db)),
      ...(await sourcesInQuarantine(db, sources)),
      ...(await refusedKey(db)),
      ...(await licence(db)),
      ...(await lateLeavers(db, sources, before(config.leaverLateAfter))).map(lateLeaver),
      ...(await brokenAudit(db)),
      ...api.conditions,
    ],
    unknown: api.unknown,
  };
}

const condition = (
  event: AlertEvent,
  about: string | undefined,
  { since, ...facts }: Omit<IncidentFacts, 'since'> & { readonly since: Date },
): Condition => ({
  key: about === undefined ? event : `${event}:${about}`,
  event,
  facts: { ...facts, since: since.toISOString() },
});

async function runsThatFailed(
  db: Kysely<Database>,
  sources: readonly SourceId[],
): Promise<readonly Condition[]> {
  return (await failedRuns(db, sources)).map(({ source, run, error, at }) =>
    condition('run-failed', source, {
      subject: `source ${source}`,
      sentence: error,
      commands: [`rollcall runs ${run}`, 'rollcall check'],
      page: `/sources/${source}`,
      since: at,
    }),
  );
}

async function plansThatWait(db: Kysely<Database>): Promise<readonly Condition[]> {
  return (await waitingPlans(db)).map(({ run, source, waiting, guards, since, expiresAt }) => {
    const held = guards.length === 0 ? '' : ` (held by ${guards.join(', ')})`;
    const until = expiresAt === undefined ? '' : ` The plan expires at ${expiresAt.toISOString()}.`;
    return condition('plan-held', run, {
      subject: `plan ${run} of source ${source}`,
      sentence: `${waiting} ${waiting === 1 ? 'operation waits' : 'operations wait'} for approval${held}.${until}`,
      commands: [`rollcall runs ${run}`, `rollcall approve ${run} --reason "..."`],
      page: `/runs/${run}`,
      since,
    });
  });
}

async function sourcesInQuarantine(
  db: Kysely<Database>,
  sources: readonly SourceId[],
): Promise<readonly Condition[]> {
  return [...(await quarantines(db)).values()]
    .filter(({ source }) => sources.includes(source))
    .map(({ source, reason, since }) =>
      condition('source-quarantined', source, {
        subject: `source ${source}`,
        sentence: reason,
        commands: ['rollcall check', `rollcall resync --source ${source}`],
        page: `/sources/${source}`,
        since,
      }),
    );
}

async function refusedKey(db: Kysely<Database>): Promise<readonly Condition[]> {
  const pause = await pauseOfKey(db);
  if (pause === undefined) return [];
  const { reason, since } = pause;
  return [
    condition('key-refused', undefined, {
      ...{ subject: 'profile API', sentence: reason, since },
      ...{ commands: ['rollcall check'], page: '/configuration' },
    }),
  ];
}

async function licence(db: Kysely<Database>): Promise<readonly Condition[]> {
  const full = await fullLicence(db);
  if (full === undefined) return [];
  return [
    condition('licence-full', undefined, {
      subject: 'the org’s licence',
      sentence: `Run ${full.run} found no seat left for somebody who is to have one.`,
      commands: [`rollcall runs ${full.run}`],
      page: `/runs/${full.run}`,
      since: full.since,
    }),
  ];
}

function lateLeaver(leaver: LateLeaver): Condition {
  const { departure, source, anchor, email, since, run } = leaver;
  const who = email === undefined ? anchor : `${email} (${anchor})`;
  return condition('leaver-late', departure, {
    subject: `${who} of source ${source}`,
    sentence: whyLate(leaver),
    commands: [
      'rollcall offboard --list',
      ...(leaver.state === 'held' && run !== undefined ? [`rollcall approve ${run} --reason "..."`] : []),
    ],
    page: `/people/${encodeURIComponent(source)}/${encodeURIComponent(anchor)}`,
    since,
  });
}

function whyLate({ isDeactivated, state, run }: LateLeaver): string {
  if (isDeactivated) return 'They were deactivated, but the org has not confirmed that they are inactive.';
  switch (state) {
    case undefined:
      return 'Nothing was planned for them yet.';
    case 'held':
    case 'planned':
      return `Their deactivation waits for approval of plan ${run}.`;
    case 'queued':
    case 'running':
      return `Their deactivation is on its way in run ${run}, and does not get through.`;
    case 'failed':
      return `Their deactivation failed in run ${run}.`;
    case 'done':
    case 'superseded':
    case 'rejected':
    case 'expired':
    case 'discarded':
      return `What run ${run} planned for them did not lead to it; the next run plans anew.`;
    default:
      return state satisfies never;
  }
}

async function brokenAudit(db: Kysely<Database>): Promise<readonly Condition[]> {
  const broken = await auditBreak(db);
  if (broken === undefined) return [];
  return [
    condition('audit-broken', undefined, {
      subject: 'the audit log',
      sentence: `It is broken at entry ${broken.at}: ${broken.sentence}`,
      commands: ['rollcall audit verify'],
      page: '/audit',
      since: broken.since,
    }),
  ];
}

/** Where no worker is alive, nobody knows how the API is. */
async function apiOutlook(db: Kysely<Database>, before: Date): Promise<Outlook> {
  const workers = (await livingServices(db)).filter((service) => hasRole(service, 'worker'));
  const down = workers.flatMap(({ circuit }) =>
    circuit?.kind === 'open' || circuit?.kind === 'half-open' ? [circuit] : [],
  );
  const [first] = down.toSorted((one, other) => one.since.localeCompare(other.since));
  if (first === undefined)
    return { conditions: [], unknown: new Set(workers.length === 0 ? ['api-down'] : []) };
  // Known to be down, and not for long enough: neither a beginning nor an end.
  if (new Date(first.since) > before) return { conditions: [], unknown: new Set(['api-down']) };
  const facts = {
    subject: 'profile API',
    sentence: first.reason,
    commands: ['rollcall check'],
    page: '/failures',
  };
  return {
    conditions: [condition('api-down', undefined, { ...facts, since: new Date(first.since) })],
    unknown: new Set(),
  };
}
