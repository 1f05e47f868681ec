/** What the audit log has of one person, and of whom it knows under a name. */
import { type Kysely, sql } from 'kysely';
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { RunId } from '../store/operations/operation.ts';
import type { Database } from '../store/schema.ts';
import type { StoredEntry } from './entry.ts';

/** Somebody as the log knows them. */
export interface LoggedPerson {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly email: string | undefined;
}

/** Everybody of whom the log speaks under an e-mail address, an anchor or a profile's id, also those long gone. */
export async function peopleInLog(db: Kysely<Database>, who: string): Promise<readonly LoggedPerson[]> {
  const rows = await db
    .selectFrom('audit')
    .select(({ fn }) => ['source_id', 'anchor', fn.max('email').as('email')])
    .where('source_id', 'is not', null)
    .where('anchor', 'is not', null)
    .where(({ or }) =>
      or([
        sql<boolean>`lower(email) = ${who.toLowerCase()}`,
        sql<boolean>`anchor = ${who}`,
        sql<boolean>`anchor = ${who.toLowerCase()}`,
        sql<boolean>`profile_id = ${who}`,
      ]),
    )
    .groupBy(['source_id', 'anchor'])
    .execute();
  return rows.flatMap(({ source_id, anchor, email }) =>
    source_id === null || anchor === null ? [] : [{ source: source_id, anchor, email: email ?? undefined }],
  );
}

/** The latest entries about one person, the latest first. */
export async function entriesOf(
  db: Kysely<Database>,
  source: SourceId,
  anchor: Anchor,
  limit: number,
): Promise<readonly StoredEntry[]> {
  return await db
    .selectFrom('audit')
    .selectAll()
    .where('anchor', '=', anchor)
    .where('source_id', '=', source)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
}

/** On whose account runs were made, also of those that retention has taken from the store. */
export async function whoMadeRuns(
  db: Kysely<Database>,
  runs: readonly RunId[],
): Promise<ReadonlyMap<RunId, string>> {
  if (runs.length === 0) return new Map();
  const rows = await db
    .selectFrom('audit')
    .select(['run_id', 'actor'])
    .where('run_id', 'in', runs)
    .where('action', 'in', ['run.requested', 'run.planned'])
    .orderBy('seq')
    .execute();
  return new Map(rows.flatMap(({ run_id, actor }) => (run_id === null ? [] : [[run_id, actor] as const])));
}
