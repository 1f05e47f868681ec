import { type Kysely, sql } from 'kysely';

/** Standing words that somebody has left or will leave, and what HR has delivered; and finding people by their names. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`CREATE TABLE departures (
      id text PRIMARY KEY,
      source_id text NOT NULL,
      anchor text NOT NULL,
      label text NOT NULL,
      email text,
      cause text NOT NULL CHECK (cause IN ('operator', 'hr-event', 'hr-file', 'leave-date')),
      event_id text,
      actor text NOT NULL,
      reason text NOT NULL,
      arrived_at timestamptz NOT NULL,
      due_at timestamptz NOT NULL,
      acted_at timestamptz,
      run_id text,
      is_held boolean NOT NULL DEFAULT false,
      deactivated_at timestamptz,
      verified_at timestamptz,
      ended_at timestamptz,
      ended_by text,
      ended_reason text,
      CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_reason IS NULL))
    )`,
    // At most one word of people, and one of the source, stands about anybody.
    sql`CREATE UNIQUE INDEX departures_standing ON departures (source_id, anchor, (cause = 'leave-date'))
      WHERE ended_at IS NULL`,
    sql`CREATE INDEX departures_due ON departures (due_at) WHERE ended_at IS NULL AND acted_at IS NULL`,
    sql`CREATE INDEX departures_acted ON departures (source_id, acted_at)`,
    sql`CREATE INDEX departures_run ON departures (run_id)`,
    sql`CREATE TABLE deliveries (
      id text PRIMARY KEY,
      digest text NOT NULL,
      received_at timestamptz NOT NULL DEFAULT now(),
      answers jsonb NOT NULL
    )`,
    // By hash: the other kind refuses a row whose name is longer than 2,700 bytes.
    sql`CREATE INDEX links_by_email ON links USING hash (lower(email))`,
    sql`CREATE INDEX links_by_given_email ON links USING hash (lower(trim(applied->>'email')))`,
    sql`CREATE INDEX links_by_username ON links USING hash (lower(applied->>'username'))`,
    sql`CREATE INDEX links_by_anchor ON links USING hash (lower(anchor))`,
    // What waits for somebody is looked for whenever somebody leaves.
    sql`CREATE INDEX operations_waiting ON operations (source_id, anchor) WHERE state IN ('planned', 'held', 'queued')`,
    sql`DROP INDEX operations_held`,
    sql`ALTER TABLE runs DROP CONSTRAINT runs_trigger_check`,
    sql`ALTER TABLE runs ADD CONSTRAINT runs_trigger_check CHECK (trigger IN ('hand', 'schedule', 'hr', 'leave-date'))`,
  ];
  for (const statement of statements) await statement.execute(db);
}
