import { type Kysely, sql } from 'kysely';

/** Of somebody who is gone there is no record that a rule could look at: whether they were exempt is kept from before. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE links ADD COLUMN exempt boolean NOT NULL DEFAULT false`,
    sql`ALTER TABLE operations ADD COLUMN exempt boolean NOT NULL DEFAULT false`,
  ];
  for (const statement of statements) await statement.execute(db);
}
