import { type Kysely, sql } from 'kysely';

/** The clock of each schedule, pauses by a person's word, and the maintenance window that is in force. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`CREATE TABLE schedules (
      source_id text NOT NULL,
      reading text NOT NULL CHECK (reading IN ('full', 'delta')),
      pattern text NOT NULL,
      seed text NOT NULL DEFAULT md5(random()::text),
      taken_until timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (source_id, reading, pattern)
    )`,
    sql`ALTER TABLE pauses
      DROP CONSTRAINT pauses_name_check,
      ADD COLUMN source_id text,
      ADD COLUMN actor text,
      ADD COLUMN until_at timestamptz,
      ADD COLUMN leavers text NOT NULL DEFAULT 'wait' CHECK (leavers IN ('go', 'wait')),
      ADD CONSTRAINT pauses_by_somebody CHECK ((name = 'execution') = (actor IS NULL))`,
    sql`ALTER TABLE runs ADD COLUMN although_paused boolean NOT NULL DEFAULT false`,
    sql`CREATE TABLE maintenance (
      is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
      since timestamptz NOT NULL
    )`,
  ];
  for (const statement of statements) await statement.execute(db);
}
