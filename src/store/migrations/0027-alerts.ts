import { type Kysely, sql } from 'kysely';

/** What is wrong, and the messages that tell people of it; and what is looked at for it every few seconds. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`CREATE TABLE incidents (
      key text PRIMARY KEY,
      event text NOT NULL,
      opened_at timestamptz NOT NULL,
      told_at timestamptz,
      over_since timestamptz,
      facts jsonb NOT NULL
    )`,
    sql`CREATE TABLE alerts (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL,
      channel text NOT NULL,
      content jsonb NOT NULL,
      made_at timestamptz NOT NULL DEFAULT now(),
      attempts integer NOT NULL DEFAULT 0,
      not_before timestamptz NOT NULL DEFAULT now(),
      lease_owner text,
      lease_until timestamptz,
      trouble text,
      state text CHECK (state IN ('sent', 'dropped')),
      ended_at timestamptz,
      UNIQUE (id, channel),
      CHECK ((state IS NULL) = (ended_at IS NULL))
    )`,
    sql`CREATE INDEX alerts_waiting ON alerts (channel, seq) WHERE ended_at IS NULL`,
    sql`ALTER TABLE runs ADD COLUMN licence_full_at timestamptz`,
    sql`CREATE INDEX runs_licence_full ON runs (licence_full_at) WHERE licence_full_at IS NOT NULL`,
    sql`CREATE INDEX operations_seated ON operations (ended_at)
      WHERE state = 'done' AND kind IN ('create', 'invite', 'reactivate')`,
    sql`CREATE INDEX departures_unverified ON departures (due_at) WHERE ended_at IS NULL AND verified_at IS NULL`,
  ];
  for (const statement of statements) await statement.execute(db);
}
