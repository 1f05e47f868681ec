/** Signs in the store that something is wrong and people should know. */
import { type Kysely, sql } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { OperationState, RunId } from '../operations/operation.ts';
import type { Database } from '../schema.ts';

/** The last run of a source, where it failed. */
export interface FailedRun {
  readonly source: SourceId;
  readonly run: RunId;
  readonly error: string;
  readonly at: Date;
}

/** Of each source the latest run that read it for everybody, where it failed. What a person tries out doesn't count. */
export async function failedRuns(
  db: Kysely<Database>,
  sources: readonly SourceId[],
): Promise<readonly FailedRun[]> {
  const found = await Promise.all(
    sources.map((source) =>
      db
        .selectFrom('runs')
        .select(['id', 'state', 'error', 'ended_at', 'requested_at'])
        .where('source_id', '=', source)
        .where('mode', '=', 'apply')
        .where('only_who', 'is', null)
        .where('trigger', 'in', ['hand', 'schedule'])
        .where(({ or, and, eb }) =>
          or([
            eb('state', '=', 'failed'),
            and([eb('summary', 'is not', null), eb('planned_at', 'is not', null)]),
          ]),
        )
        .orderBy('requested_at', 'desc')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst(),
    ),
  );
  return found.flatMap((row, index) => {
    const source = sources[index];
    if (source === undefined || row?.state !== 'failed') return [];
    const { id: run, error, ended_at, requested_at } = row;
    return [{ source, run, error: error ?? 'It says not why.', at: ended_at ?? requested_at }];
  });
}

/** A plan that waits for a person. */
export interface WaitingPlan {
  readonly run: RunId;
  readonly source: SourceId;
  readonly waiting: number;
  readonly guards: readonly string[];
  readonly since: Date;
  readonly expiresAt: Date | undefined;
}

/** Runs of which operations are held. Dry runs are not among them: whoever made one knows of it. */
export async function waitingPlans(db: Kysely<Database>): Promise<readonly WaitingPlan[]> {
  const rows = await db
    .with('held', (within) =>
      within
        .selectFrom('operations')
        .select(({ fn }) => ['run_id', 'hold', fn.countAll<string>().as('count')])
        // By the few runs that are open: operations that wait may be very many.
        .where('run_id', 'in', ({ selectFrom }) =>
          selectFrom('runs as open').select('open.id').where('open.state', 'in', ['executing', 'held']),
        )
        .where('state', '=', 'held')
        .groupBy(['run_id', 'hold']),
    )
    .selectFrom('held')
    .innerJoin('runs', 'runs.id', 'held.run_id')
    .select(['runs.id', 'source_id', 'planned_at', 'requested_at', 'expires_at', 'held.hold', 'held.count'])
    .orderBy('requested_at')
    .orderBy('hold')
    .execute();
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((parts) => {
    const [row] = parts;
    if (row === undefined) return [];
    return [
      {
        run: row.id,
        source: row.source_id,
        waiting: parts.reduce((sum, { count }) => sum + Number(count), 0),
        guards: parts.flatMap(({ hold }) => (hold === null ? [] : [hold])),
        since: row.planned_at ?? row.requested_at,
        expiresAt: row.expires_at ?? undefined,
      },
    ];
  });
}

/** The run that met a full licence. */
export interface FullLicence {
  readonly run: RunId;
  readonly since: Date;
}

/**
 * The latest run that met a full licence, unless somebody got a seat since, or a later whole run of the source needed
 * none. Whose request was on its way at the same moment got one of the last seats.
 */
export async function fullLicence(db: Kysely<Database>): Promise<FullLicence | undefined> {
  const { rows } = await sql<{ id: RunId; since: Date }>`
    SELECT r.id, r.licence_full_at AS since
    FROM (SELECT id, source_id, licence_full_at FROM runs
      WHERE licence_full_at IS NOT NULL ORDER BY licence_full_at DESC LIMIT 1) AS r
    WHERE NOT EXISTS (SELECT 1 FROM operations AS o
        WHERE o.state = 'done' AND o.kind IN ('create', 'invite', 'reactivate') AND o.ended_at > r.licence_full_at
          AND (o.created_at > r.licence_full_at OR o.ended_at > r.licence_full_at + interval '1 minute'))
      AND NOT EXISTS (SELECT 1 FROM runs AS later
        WHERE later.source_id = r.source_id AND later.planned_at > r.licence_full_at AND later.state = 'done'
          AND later.mode = 'apply' AND later.only_who IS NULL AND later.licence_full_at IS NULL
          AND later.summary ->> 'incomplete' IS NULL AND later.summary ->> 'reading' IS DISTINCT FROM 'delta')`.execute(
    db,
  );
  const [row] = rows;
  return row === undefined ? undefined : { run: row.id, since: row.since };
}

/** Somebody who should be inactive by now and isn't. */
export interface LateLeaver {
  readonly departure: string;
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly email: string | undefined;
  /** Since when they are to be inactive. */
  readonly since: Date;
  readonly isDeactivated: boolean;
  /** Of what was last planned for them; undefined where nothing was. */
  readonly state: OperationState | undefined;
  readonly run: RunId | undefined;
}

/** More are not told of one by one. */
const lateAtMost = 1_000;

/**
 * Whose time came before that one and who is not known to be inactive. Not those who have no account, whose deactivation
 * a person dropped, or of whom a whole run found since that nothing is left to do.
 */
export async function lateLeavers(
  db: Kysely<Database>,
  sources: readonly SourceId[],
  before: Date,
): Promise<readonly LateLeaver[]> {
  const { rows } = await sql<{
    id: string;
    source_id: SourceId;
    anchor: Anchor;
    email: string | null;
    since: Date;
    is_deactivated: boolean;
    state: OperationState | null;
    run_id: RunId | null;
  }>`
    SELECT d.id, d.source_id, d.anchor, d.email, greatest(d.due_at, d.arrived_at) AS since,
      d.deactivated_at IS NOT NULL AS is_deactivated, o.state, o.run_id
    FROM departures AS d
    LEFT JOIN LATERAL (SELECT state, run_id, ended_at FROM operations
      WHERE source_id = d.source_id AND anchor = d.anchor AND kind = 'deactivate'
        AND created_at >= d.arrived_at - interval '1 minute'
      ORDER BY created_at DESC LIMIT 1) AS o ON true
    WHERE d.ended_at IS NULL AND d.verified_at IS NULL AND d.due_at <= ${before} AND d.arrived_at <= ${before}
      AND d.source_id = any(${sources})
      AND (d.acted_at IS NULL OR d.run_id IS NOT NULL)
      AND (d.deactivated_at IS NOT NULL OR o.state IS NULL OR o.state NOT IN ('rejected', 'discarded'))
      AND NOT (d.deactivated_at IS NULL AND d.acted_at IS NOT NULL AND o.ended_at IS NOT NULL
        AND o.state NOT IN ('done', 'failed') AND EXISTS (SELECT 1 FROM runs AS later
          WHERE later.source_id = d.source_id AND later.planned_at > o.ended_at AND later.mode = 'apply'
            AND later.only_who IS NULL AND later.summary ->> 'incomplete' IS NULL
            AND later.summary ->> 'reading' IS DISTINCT FROM 'delta'))
    ORDER BY since, d.id LIMIT ${lateAtMost}`.execute(db);
  return rows.map((row) => ({
    departure: row.id,
    source: row.source_id,
    anchor: row.anchor,
    email: row.email ?? undefined,
    since: row.since,
    isDeactivated: row.is_deactivated,
    state: row.state ?? undefined,
    run: row.run_id ?? undefined,
  }));
}
