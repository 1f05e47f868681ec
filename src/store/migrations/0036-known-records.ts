import { type Kysely, sql } from 'kysely';

/**
 * A link's content has its hash beside it, so that a run that finds nothing to do need not make a million of them. Beside its
 * print is kept in which record the source was seen to say the same, and what the org ought to show of whoever has that.
 */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE links ADD COLUMN content_hash bigint GENERATED ALWAYS AS
      (jsonb_hash_extended(applied, hashtextextended(label || coalesce(E'\n' || employee_number, ''), 0))) STORED`,
    sql`ALTER TABLE link_prints
      ADD COLUMN record_low integer, ADD COLUMN record_high integer,
      ADD COLUMN shown_low integer, ADD COLUMN shown_high integer`,
  ];
  for (const statement of statements) await statement.execute(db);
}
