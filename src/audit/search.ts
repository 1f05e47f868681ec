import { type Kysely, sql } from 'kysely';
import type { RunId } from '../store/operations/operation.ts';
import type { Database } from '../store/schema.ts';
import type { AuditAction, StoredEntry } from './entry.ts';

/** Which entries are looked for: those to which all of this applies. */
export interface AuditFilter {
  /** An e-mail address, an anchor or a profile id. */
  readonly who?: string | undefined;
  readonly run?: RunId | undefined;
  readonly action?: AuditAction | undefined;
  readonly since?: Date | undefined;
  /** Before this time. */
  readonly until?: Date | undefined;
  /** Before this entry. */
  readonly before?: number | undefined;
  readonly actor?: string | undefined;
}

const batchSize = 5_000;

/** Entries in the order of the chain, streamed. */
export async function* auditEntries(db: Kysely<Database>, filter: AuditFilter): AsyncGenerator<StoredEntry> {
  for (let after = 0; ; ) {
    const rows = await matching(db, filter)
      .where('seq', '>', String(after))
      .orderBy('seq')
      .limit(batchSize)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < batchSize) return;
    after = Number(last.seq);
  }
}

/** The latest entries, oldest of them first. */
export async function latestEntries(
  db: Kysely<Database>,
  filter: AuditFilter,
  limit: number,
): Promise<readonly StoredEntry[]> {
  const rows = await matching(db, filter).orderBy('seq', 'desc').limit(limit).execute();
  return rows.reverse();
}

function matching(db: Kysely<Database>, { who, run, action, actor, since, until, before }: AuditFilter) {
  let query = db.selectFrom('audit').selectAll();
  if (run !== undefined) query = query.where('run_id', '=', run);
  if (action !== undefined) query = query.where('action', '=', action);
  if (until !== undefined) query = query.where('at', '<', until);
  if (before !== undefined) query = query.where('seq', '<', String(before));
  if (since !== undefined) query = query.where('at', '>=', since);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (who !== undefined) {
    query = query.where(({ or }) =>
      or([
        sql<boolean>`lower(email) = ${who.toLowerCase()}`,
        sql<boolean>`anchor = ${who}`,
        sql<boolean>`profile_id = ${who}`,
      ]),
    );
  }
  return query;
}
