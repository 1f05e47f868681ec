/** Runs: from the request to the end, with their findings. */
import { randomInt } from 'node:crypto';
import { type Kysely, type NotNull, type RawBuilder, type Selectable, sql } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import { batches } from '../batches.ts';
import type { RunId } from '../operations/operation.ts';
import type { Conflict } from '../people/conflict.ts';
import type {
  Database,
  FindingKind,
  RaisedGuards,
  ReadingMode,
  ReadSoFar,
  RunFindingTable,
  RunState,
  RunSummary,
  RunTable,
  RunTrigger,
} from '../schema.ts';

/** A run as it is stored. */
export type Run = Selectable<RunTable>;
/** A finding as it is stored. */
export type RunFinding = Selectable<RunFindingTable>;

/** Guards that are raised for one run, and why. */
export interface Raise {
  readonly guards: RaisedGuards;
  readonly reason: string;
}

/** What is to be run, and on whose word. */
export interface RunRequest {
  readonly source: SourceId;
  readonly mode: 'plan' | 'apply';
  /** How much of the source is to be read; `full` where nothing is said. */
  readonly reading?: ReadingMode;
  readonly trigger: RunTrigger;
  readonly actor: string;
  readonly onlyWho: string | undefined;
  /** A person's word that guards give way in this run alone. */
  readonly raise?: Raise | undefined;
  /** Whether a service is to make it although it is a dry run. */
  readonly isLeftToService?: boolean | undefined;
  /** A person's word that it is to be made and carried out although its source is paused. */
  readonly althoughPaused?: boolean | undefined;
  /** The time of the schedule that it is for: should its process die, it is made once more. */
  readonly tick?: Date | undefined;
}

/** Stores the wish for a run; whoever has the time carries it out. */
export async function requestRun(db: Kysely<Database>, request: RunRequest): Promise<RunId> {
  const id = newRunId();
  await db
    .insertInto('runs')
    .values({
      id,
      source_id: request.source,
      mode: request.mode,
      reading: request.reading ?? 'full',
      trigger: request.trigger,
      actor: request.actor,
      state: 'requested',
      only_who: request.onlyWho ?? null,
      raised: JSON.stringify(request.raise?.guards ?? {}),
      raise_reason: request.raise?.reason ?? null,
      left_to_service: request.isLeftToService ?? false,
      although_paused: request.althoughPaused ?? false,
      tick: request.tick ?? null,
    })
    .execute();
  return id;
}

// Without letters and digits that people mix up (0 and o, 1 and l, u and v).
const idAlphabet = '23456789abcdefghjkmnpqrstwxyz';

function newRunId(): RunId {
  return Array.from({ length: 8 }, () => idAlphabet[randomInt(idAlphabet.length)]).join('') as RunId;
}

/**
 * Takes a requested run into its reading phase, unless another run is reading the same source.
 *
 * @returns the run as it is now; undefined where the source is busy, or the run was taken by somebody else
 */
export async function beginRun(
  db: Kysely<Database>,
  id: RunId,
  owner: string,
  leaseMs: number,
): Promise<Run | undefined> {
  await failAbandonedRuns(db, owner);
  return await db
    .updateTable('runs')
    .set({ state: 'reading', started_at: sql`now()`, lease_owner: owner, lease_until: inMs(leaseMs) })
    .where('id', '=', id)
    .where('state', '=', 'requested')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('runs as other')
            .select('other.id')
            .whereRef('other.source_id', '=', 'runs.source_id')
            .where('other.state', '=', 'reading'),
        ),
      ),
    )
    .returningAll()
    .executeTakeFirst()
    .catch((error: unknown) => {
      // Two at the same moment: the unique index on reading runs lets one through.
      if (isUniqueViolation(error)) return undefined;
      throw error;
    });
}

/**
 * Ends runs whose process died while it was reading.
 *
 * @param looker - whoever looks is alive: its own runs are not among them, however long it was too busy to renew a lease
 */
export async function failAbandonedRuns(db: Kysely<Database>, looker: string): Promise<void> {
  await db
    .updateTable('runs')
    .set({
      state: 'failed',
      error:
        'The process that made this run ended in the middle of it. Nothing was planned; the next run starts anew.',
      repeat_due: sql`tick IS NOT NULL`,
      ended_at: sql`now()`,
    })
    .where('state', '=', 'reading')
    .where('lease_until', '<', sql<Date>`now()`)
    .where('lease_owner', 'is distinct from', looker)
    .execute();
}

/** Ends a run whose process is told to stop while it reads: nothing is wrong with it. */
export async function interruptRun(db: Kysely<Database>, id: RunId, error: string): Promise<void> {
  await endRun(db, id, 'failed', ['requested', 'reading'], error, { repeat_due: sql`tick IS NOT NULL` });
}

/** A run that is to be made up for, and the moment on its schedule. */
export interface RunToRepeat {
  readonly id: RunId;
  readonly source: SourceId;
  readonly reading: ReadingMode;
  readonly tick: Date;
}

/** Runs by the clock that ended with their process, the oldest first. */
export async function runsToRepeat(db: Kysely<Database>): Promise<readonly RunToRepeat[]> {
  return await db
    .selectFrom('runs')
    .select(['id', 'source_id as source', 'reading', 'tick'])
    .where('repeat_due', '=', true)
    .where('tick', 'is not', null)
    .$narrowType<{ tick: NotNull }>()
    .orderBy('requested_at')
    .execute();
}

/** Takes it on oneself to repeat a run. @returns false where somebody else has */
export async function takeRepeat(db: Kysely<Database>, id: RunId): Promise<boolean> {
  const taken = await db
    .updateTable('runs')
    .set({ repeat_due: false })
    .where('id', '=', id)
    .where('repeat_due', '=', true)
    .returning('id')
    .execute();
  return taken.length === 1;
}

/** Keeps a reading run from being taken for abandoned, and tells how far it is. */
export async function renewRunLease(
  db: Kysely<Database>,
  id: RunId,
  leaseMs: number,
  { identities, profiles }: ReadSoFar,
): Promise<void> {
  await db
    .updateTable('runs')
    .set({ lease_until: inMs(leaseMs), identities_read: identities, profiles_read: profiles })
    .where('id', '=', id)
    .where('state', '=', 'reading')
    .execute();
}

/** Ends a run that came to no plan. @param error - the sentence for people */
export async function failRun(db: Kysely<Database>, id: RunId, error: string): Promise<void> {
  await endRun(db, id, 'failed', ['requested', 'reading'], error);
}

/** Ends a run that is in one of the given states. */
export async function endRun(
  db: Kysely<Database>,
  id: RunId,
  state: Extract<RunState, 'done' | 'failed' | 'rejected' | 'expired'>,
  from: readonly RunState[],
  error: string | null = null,
  also: { readonly repeat_due?: RawBuilder<boolean> } = {},
): Promise<boolean> {
  const ended = await db
    .updateTable('runs')
    .set({ state, error, ended_at: sql`now()`, lease_owner: null, lease_until: null, ...also })
    .where('id', '=', id)
    .where('state', 'in', from)
    .returning('id')
    .execute();
  return ended.length === 1;
}

/** The run of that id. */
export async function runOf(db: Kysely<Database>, id: RunId): Promise<Run | undefined> {
  return await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The latest plan of a source for which everybody was seen, on both sides. */
export async function latestCompleteRun(db: Kysely<Database>, source: SourceId): Promise<Run | undefined> {
  return await db
    .selectFrom('runs')
    .selectAll()
    .where('source_id', '=', source)
    .where('only_who', 'is', null)
    .where('planned_at', 'is not', null)
    .where('summary', 'is not', null)
    .where(({ eb, ref }) => eb(ref('summary', '->>').key('incomplete'), 'is', null))
    .where(({ eb, ref }) => eb(ref('summary', '->>').key('reading'), 'is distinct from', 'delta'))
    .orderBy('planned_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The latest run that was to read a source, however it ended: not one that was made of a word, a backup or another run. */
export async function latestReadingRun(db: Kysely<Database>, source: SourceId): Promise<Run | undefined> {
  return await db
    .selectFrom('runs')
    .selectAll()
    .where('source_id', '=', source)
    .where('trigger', 'in', ['hand', 'schedule'])
    .where(({ or, eb }) =>
      or([eb('summary', 'is not', null), eb('state', 'in', ['requested', 'reading', 'failed'])]),
    )
    .orderBy('requested_at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

/** The latest runs, newest first. */
export async function latestRuns(
  db: Kysely<Database>,
  limit: number,
  only: { readonly source?: SourceId; readonly states?: readonly RunState[] } = {},
): Promise<readonly Run[]> {
  let query = db.selectFrom('runs').selectAll().orderBy('requested_at', 'desc').orderBy('id').limit(limit);
  if (only.source !== undefined) query = query.where('source_id', '=', only.source);
  if (only.states !== undefined) query = query.where('state', 'in', only.states);
  return await query.execute();
}

/**
 * Notes that the org had no seat left for somebody of the run. All that are refused within a few seconds are one note: a full
 * licence refuses whatever is under way, and each would wait for the run's row.
 */
export async function noteLicenceFull(db: Kysely<Database>, id: RunId): Promise<void> {
  await db
    .updateTable('runs')
    .set({ licence_full_at: sql`clock_timestamp()` })
    .where('id', '=', id)
    .where(
      sql<boolean>`(licence_full_at IS NULL OR licence_full_at < clock_timestamp() - interval '10 seconds')`,
    )
    .execute();
}

/** Keeps the summary of the plan. */
export async function keepSummary(db: Kysely<Database>, id: RunId, summary: RunSummary): Promise<void> {
  await db
    .updateTable('runs')
    .set({ summary: JSON.stringify(summary) })
    .where('id', '=', id)
    .execute();
}

/** Somebody for whom nothing is done, and why. */
export interface NamedFinding {
  readonly kind: FindingKind;
  readonly anchor: RunFindingTable['anchor'] | undefined;
  readonly label: string;
  readonly email: string | undefined;
  readonly reason: string;
  readonly conflict?: Conflict;
}

/** Keeps what the run found, in its order. */
export async function keepFindings(
  db: Kysely<Database>,
  run: RunId,
  findings: readonly NamedFinding[],
): Promise<void> {
  const rows = findings.map((finding, index) => ({
    run_id: run,
    seq: index + 1,
    kind: finding.kind,
    anchor: finding.anchor ?? null,
    label: finding.label,
    email: finding.email ?? null,
    reason: finding.reason,
    conflict: finding.conflict?.kind ?? null,
    profile_id: finding.conflict?.profileId ?? null,
  }));
  for (const some of batches(rows, 5_000))
    await db
      .insertInto('run_findings')
      .values([...some])
      .execute();
}

/** All findings of a run, in their order. */
export async function findingsOf(db: Kysely<Database>, run: RunId): Promise<readonly RunFinding[]> {
  return await db.selectFrom('run_findings').selectAll().where('run_id', '=', run).orderBy('seq').execute();
}

/** What a run said of one person for whom it did nothing. */
export async function findingAbout(
  db: Kysely<Database>,
  run: RunId,
  anchor: Anchor,
): Promise<RunFinding | undefined> {
  return await db
    .selectFrom('run_findings')
    .selectAll()
    .where('run_id', '=', run)
    .where('anchor', '=', anchor)
    .orderBy('seq')
    .executeTakeFirst();
}

/** A time by the store's own clock, so that processes on several machines agree. */
export const inMs = (ms: number) => sql<Date>`now() + ${ms} * interval '1 millisecond'`;

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505';

/**
 * The oldest run of each source that waits for its turn. Dry runs are made by whoever asks for them, perhaps of a file,
 * unless they are left to the service.
 *
 * @param paused - of these, only dry runs, and what somebody wants done all the same
 */
export async function requestedRuns(
  db: Kysely<Database>,
  paused: ReadonlySet<SourceId>,
): Promise<readonly Run[]> {
  return await db
    .selectFrom('runs')
    .selectAll()
    .distinctOn('source_id')
    .where('state', '=', 'requested')
    .where(({ or, eb }) => or([eb('mode', '=', 'apply'), eb('left_to_service', '=', true)]))
    .where(({ or, not, eb }) =>
      or([
        eb('although_paused', '=', true),
        eb('mode', '=', 'plan'),
        not(sql<boolean>`source_id = any(${[...paused]})`),
      ]),
    )
    .orderBy('source_id')
    .orderBy('requested_at')
    .execute();
}

/**
 * Whether a run of the source waits or is reading already, so that another one would tell nothing new: after any run a
 * delta tells nothing, and after a whole reading another one.
 */
export async function isRunPending(
  db: Kysely<Database>,
  source: SourceId,
  reading: ReadingMode,
): Promise<boolean> {
  let query = db
    .selectFrom('runs')
    .select('id')
    .where('source_id', '=', source)
    .where('mode', '=', 'apply')
    .where('only_who', 'is', null)
    .where('state', 'in', ['requested', 'reading']);
  if (reading === 'full') query = query.where('reading', '=', 'full');
  return (await query.executeTakeFirst()) !== undefined;
}
