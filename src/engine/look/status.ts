/** How things are, from the store and the queue. */
import type { Kysely } from 'kysely';
import { type AuditBreak, auditBreak } from '../../audit/index.ts';
import type { SourceId } from '../../identity/index.ts';
import { overtakenIn } from '../../plan/index.ts';
import { type Maintenance, maintenanceAt } from '../../schedule/index.ts';
import { type ChannelTrouble, channelTroubles } from '../../store/incidents/alerts.ts';
import type { OperationState, RunId } from '../../store/operations/operation.ts';
import { latestCompleteRun, latestReadingRun, type Run } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import { type Pause, pauses } from '../../store/service/pauses.ts';
import { livingServices, type Service } from '../../store/service/services.ts';
import { type Quarantine, quarantines } from '../../store/sources/quarantines.ts';
import { watchTroubles } from '../../store/sources/watches.ts';
import type { Engine } from '../engine.ts';
import { type NextRun, nextRuns } from '../rounds/schedules.ts';

/** How everything is at one moment. */
export interface Status {
  /** Why nothing at all is carried out. */
  readonly pause: Pause | undefined;
  readonly maintenance: Maintenance;
  readonly auditBreak: AuditBreak | undefined;
  readonly sources: readonly {
    readonly id: SourceId;
    readonly lastRun: Run | undefined;
    readonly nextRun: NextRun | undefined;
    readonly lastGoodReadingAt: Date | undefined;
    /** Why it does not tell of changes by itself, where it is to. */
    readonly noticesTrouble: string | undefined;
    readonly quarantine: Quarantine | undefined;
    /** Undefined where the source itself is not paused. */
    readonly pause: Pause | undefined;
  }[];
  readonly queue: { readonly queued: number; readonly running: number };
  readonly heldPlans: readonly {
    readonly id: RunId;
    readonly source: SourceId;
    readonly waiting: number;
    readonly sentences: readonly string[];
    /** How many of those that wait reality has overtaken. */
    readonly overtaken: number;
    readonly approvals: Run['approvals'];
    readonly expiresAt: Date | undefined;
  }[];
  readonly failed: number;
  /** Channels of alerts that don't take their messages: people are not told. */
  readonly deafChannels: readonly ChannelTrouble[];
  readonly services: readonly Service[];
}

/** How everything is now, by the store: neither a source nor the profile API is asked. */
export async function statusOf(engine: Engine): Promise<Status> {
  const { db } = engine.store;
  const paused = await pauses(db);
  const pauseOf = (source: SourceId | undefined) => paused.find((pause) => pause.source === source);
  const counts = await openCounts(db);
  const next = await nextRuns(engine);
  const services = await livingServices(db);
  const troubles = await watchTroubles(db);
  const quarantined = await quarantines(db);
  return {
    pause: pauseOf(undefined),
    maintenance: maintenanceAt(engine.config.maintenance, new Date()),
    auditBreak: await auditBreak(db),
    sources: await Promise.all(
      engine.sources.map(async ({ id }) => ({
        id,
        lastRun: await latestReadingRun(db, id),
        nextRun: services.length === 0 || pauseOf(id) !== undefined ? undefined : next.get(id),
        lastGoodReadingAt: (await latestCompleteRun(db, id))?.planned_at ?? undefined,
        noticesTrouble: troubles.get(id),
        quarantine: quarantined.get(id),
        pause: pauseOf(id),
      })),
    ),
    queue: { queued: counts.get('queued') ?? 0, running: counts.get('running') ?? 0 },
    heldPlans: await heldPlans(db),
    failed: counts.get('failed') ?? 0,
    deafChannels: await channelTroubles(db, Object.keys(engine.config.notify.channels)),
    services,
  };
}

async function openCounts(db: Kysely<Database>): Promise<ReadonlyMap<OperationState, number>> {
  const rows = await db
    .selectFrom('operations')
    .select(({ fn }) => ['state', fn.countAll<string>().as('count')])
    .where('state', 'in', ['queued', 'running', 'failed'])
    .groupBy('state')
    .execute();
  return new Map(rows.map((row) => [row.state, Number(row.count)]));
}

async function heldPlans(db: Kysely<Database>): Promise<Status['heldPlans']> {
  const rows = await db
    .selectFrom('operations')
    .innerJoin('runs', 'runs.id', 'operations.run_id')
    .select(({ fn }) => [
      'runs.id',
      'runs.source_id',
      'runs.summary',
      'runs.expires_at',
      'runs.requested_at',
      'runs.planned_at',
      'runs.approvals',
      fn.countAll<string>().as('waiting'),
    ])
    .where('operations.state', 'in', ['planned', 'held'])
    .groupBy(['runs.id'])
    .orderBy('runs.requested_at', 'desc')
    .execute();
  return await Promise.all(
    rows.map(async (row) => {
      const { byOthers, unwanted } = await overtakenIn(db, row);
      return {
        id: row.id,
        source: row.source_id,
        waiting: Number(row.waiting),
        sentences: row.summary?.holds.map((hold) => hold.sentence) ?? [],
        overtaken: byOthers.length + unwanted.length,
        approvals: row.approvals,
        expiresAt: row.expires_at ?? undefined,
      };
    }),
  );
}
