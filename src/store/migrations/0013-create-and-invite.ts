import { type Kysely, sql } from 'kysely';

/** A creation that an invitation follows keeps a number for it: the invitation's id is known before there is one, and only one can have it. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE operations ADD COLUMN invite_seq integer`,
    sql`ALTER TABLE operations ADD COLUMN follows text`,
  ];
  for (const statement of statements) await statement.execute(db);
}
