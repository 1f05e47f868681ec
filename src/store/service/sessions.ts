/** Sessions of the console: any of several processes can go on with one, and signing out ends it everywhere. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** As its owner wrote it; nobody else knows what is in it. */
export type SessionContent = Readonly<Record<string, unknown>>;

/** The content of a session; undefined where there is none or it has expired. */
export async function sessionOf(db: Kysely<Database>, id: string): Promise<SessionContent | undefined> {
  const row = await db
    .selectFrom('sessions')
    .select('content')
    .where('id_hash', '=', hashOf(id))
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return row?.content;
}

/** Keeps a session, or its new content. The store has only a hash of its id. */
export async function keepSession(
  db: Kysely<Database>,
  id: string,
  content: SessionContent,
  expiresAt: Date,
): Promise<void> {
  const row = { content: JSON.stringify(content), expires_at: expiresAt };
  await db
    .insertInto('sessions')
    .values({ id_hash: hashOf(id), ...row })
    .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(row))
    .execute();
}

/** Ends a session. */
export async function dropSession(db: Kysely<Database>, id: string): Promise<void> {
  await db.deleteFrom('sessions').where('id_hash', '=', hashOf(id)).execute();
}

/** Forgets sessions that are over. @returns how many */
export async function forgetSessions(db: Kysely<Database>, now: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('expires_at', '<=', now)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

const hashOf = (id: string): string => createHash('sha256').update(id, 'utf8').digest('hex');
