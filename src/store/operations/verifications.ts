/** Which runs' deactivations are still to be confirmed, and who is at it. */
import { type Kysely, sql } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import { inMs, type NamedFinding } from '../runs/runs.ts';
import type { Database, RunState } from '../schema.ts';
import type { RunId } from './operation.ts';
import type { Operation } from './operations.ts';

/** A time as the store writes it: a `Date` would lose its microseconds, and with them what ended within one millisecond. */
export type ExactTime = string;

const asTime = (time: ExactTime | null) => sql<Date>`${time}::timestamptz`;

/** A run whose deactivations this process alone is to confirm, until its lease ends. */
export interface ClaimedVerification {
  readonly run: RunId;
  readonly source: SourceId;
  /** By the store's clock. What ends after it is to be confirmed another time. */
  readonly claimedAt: ExactTime;
  readonly verifiedAt: ExactTime | null;
}

/** Notes that a run which is about to come to rest has deactivations to be confirmed. */
export async function noteVerificationDue(db: Kysely<Database>, run: RunId, from: RunState): Promise<void> {
  await db
    .updateTable('runs')
    .set({ verify_due: true })
    .where('id', '=', run)
    .where('state', '=', from)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('operations')
          .select('operations.id')
          .where('operations.run_id', '=', run)
          .where('operations.kind', '=', 'deactivate')
          .where('operations.state', '=', 'done')
          .where(({ or, eb, ref }) =>
            or([
              eb(ref('runs.verified_at'), 'is', null),
              eb('operations.ended_at', '>', ref('runs.verified_at')),
            ]),
          ),
      ),
    )
    .execute();
}

/** Takes one run that waits for confirmation: that one, or any. Two processes never get the same. */
export async function claimVerification(
  db: Kysely<Database>,
  leaseMs: number,
  run?: RunId,
): Promise<ClaimedVerification | undefined> {
  const row = await db
    .updateTable('runs')
    .set({ verify_until: inMs(leaseMs) })
    .where('id', 'in', ({ selectFrom }) => {
      const due = selectFrom('runs as due')
        .select('due.id')
        .where('due.verify_due', '=', true)
        .where('due.state', 'in', ['done', 'held'])
        .where(({ or, eb }) =>
          or([eb('due.verify_until', 'is', null), eb('due.verify_until', '<', sql<Date>`now()`)]),
        )
        .limit(1)
        .forUpdate()
        .skipLocked();
      return run === undefined ? due : due.where('due.id', '=', run);
    })
    .returning([
      'id',
      'source_id',
      sql<ExactTime | null>`verified_at::text`.as('verified_at'),
      sql<ExactTime>`now()::text`.as('claimed_at'),
    ])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { run: row.id, source: row.source_id, claimedAt: row.claimed_at, verifiedAt: row.verified_at };
}

/** Whether somebody still has to confirm a run's deactivations, or is at it. */
export async function isVerificationDue(db: Kysely<Database>, run: RunId): Promise<boolean> {
  const row = await db
    .selectFrom('runs')
    .select('id')
    .where('id', '=', run)
    .where('verify_due', '=', true)
    .executeTakeFirst();
  return row !== undefined;
}

/** The deactivations to be confirmed: all but of those who were made active again since by Rollcall itself. */
export async function deactivationsToVerify(
  db: Kysely<Database>,
  { run, verifiedAt }: ClaimedVerification,
): Promise<readonly Operation[]> {
  let query = db
    .selectFrom('operations')
    .selectAll()
    .where('run_id', '=', run)
    .where('kind', '=', 'deactivate')
    .where('state', '=', 'done')
    .where('profile_id', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('operations as later')
            .select('later.id')
            .whereRef('later.profile_id', '=', 'operations.profile_id')
            .where('later.kind', 'in', ['reactivate', 'adopt'])
            .where(({ or, and, eb, ref }) =>
              or([
                eb('later.state', 'in', ['queued', 'running']),
                and([eb('later.state', '=', 'done'), eb('later.ended_at', '>', ref('operations.ended_at'))]),
              ]),
            ),
        ),
      ),
    )
    .orderBy('seq');
  if (verifiedAt !== null) query = query.where('ended_at', '>', asTime(verifiedAt));
  return await query.execute();
}

/** Ends a verification. @returns false where its lease had run out and somebody else has ended it */
export async function endVerification(
  db: Kysely<Database>,
  { run, claimedAt, verifiedAt }: ClaimedVerification,
): Promise<boolean> {
  const ended = await db
    .updateTable('runs')
    .set({
      // A held run that was approved meanwhile has deactivations that nobody has asked about yet.
      verify_due: sql<boolean>`EXISTS (SELECT 1 FROM operations AS o WHERE o.run_id = runs.id AND o.kind = 'deactivate'
        AND o.state = 'done' AND o.ended_at > ${asTime(claimedAt)})`,
      verify_until: null,
      verified_at: asTime(claimedAt),
    })
    .where('id', '=', run)
    .where('verify_due', '=', true)
    .where(sql<boolean>`verified_at IS NOT DISTINCT FROM ${asTime(verifiedAt)}`)
    .returning('id')
    .execute();
  return ended.length === 1;
}

/** Adds what was found out about a run after its plan was made. */
export async function addFindings(
  db: Kysely<Database>,
  run: RunId,
  findings: readonly Omit<NamedFinding, 'conflict'>[],
): Promise<void> {
  if (findings.length === 0) return;
  const { last } = await db
    .selectFrom('run_findings')
    .select(({ fn }) => fn.coalesce(fn.max('seq'), sql<number>`0`).as('last'))
    .where('run_id', '=', run)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('run_findings')
    .values(
      findings.map(({ kind, anchor, label, email, reason }, index) => ({
        run_id: run,
        seq: last + index + 1,
        kind,
        anchor: anchor ?? null,
        label,
        email: email ?? null,
        reason,
        conflict: null,
        profile_id: null,
      })),
    )
    .execute();
}

/** How many of a run's deactivated people were found to be active. */
export async function countUnconfirmed(db: Kysely<Database>, run: RunId): Promise<number> {
  const row = await db
    .selectFrom('run_findings')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('run_id', '=', run)
    .where('kind', '=', 'unconfirmed')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
