import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`CREATE TABLE links (
      source_id text NOT NULL,
      anchor text NOT NULL,
      profile_id text,
      user_id bigint,
      email text,
      label text NOT NULL,
      origin text NOT NULL CHECK (origin IN ('created', 'adopted', 'invited')),
      applied jsonb NOT NULL,
      unkept jsonb NOT NULL DEFAULT '{}',
      absent_since timestamptz,
      deactivated_by text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (source_id, anchor)
    )`,
    sql`CREATE UNIQUE INDEX links_profile ON links (profile_id) WHERE profile_id IS NOT NULL`,
    sql`CREATE TABLE runs (
      id text PRIMARY KEY,
      source_id text NOT NULL,
      mode text NOT NULL CHECK (mode IN ('plan', 'apply')),
      trigger text NOT NULL CHECK (trigger IN ('hand', 'schedule')),
      actor text NOT NULL,
      state text NOT NULL CHECK (state IN
        ('requested', 'reading', 'planned', 'executing', 'held', 'done', 'failed', 'rejected', 'expired')),
      only_who text,
      summary jsonb,
      error text,
      approved_by text,
      approval_reason text,
      lease_owner text,
      lease_until timestamptz,
      requested_at timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz,
      planned_at timestamptz,
      expires_at timestamptz,
      ended_at timestamptz
    )`,
    sql`CREATE INDEX runs_open ON runs (state) WHERE state IN ('requested', 'reading', 'planned', 'executing', 'held')`,
    sql`CREATE INDEX runs_latest ON runs (requested_at DESC)`,
    sql`CREATE UNIQUE INDEX runs_one_reading ON runs (source_id) WHERE state = 'reading'`,
    sql`CREATE TABLE run_findings (
      run_id text NOT NULL REFERENCES runs ON DELETE CASCADE,
      seq integer NOT NULL,
      kind text NOT NULL CHECK (kind IN ('skipped', 'conflict', 'waiting', 'left')),
      anchor text,
      label text NOT NULL,
      email text,
      reason text NOT NULL,
      PRIMARY KEY (run_id, seq)
    )`,
    sql`CREATE TABLE operations (
      id text PRIMARY KEY,
      run_id text NOT NULL REFERENCES runs,
      seq integer NOT NULL,
      source_id text NOT NULL,
      anchor text NOT NULL,
      profile_id text,
      kind text NOT NULL CHECK (kind IN ('create', 'invite', 'adopt', 'edit', 'deactivate', 'reactivate')),
      state text NOT NULL CHECK (state IN ('planned', 'held', 'queued', 'running', 'done', 'failed', 'superseded',
        'rejected', 'expired', 'discarded')),
      email text,
      label text NOT NULL,
      reason text NOT NULL,
      hold text,
      before jsonb NOT NULL,
      after jsonb NOT NULL,
      desired jsonb NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      not_before timestamptz NOT NULL DEFAULT now(),
      dispatched_at timestamptz,
      lease_owner text,
      lease_until timestamptz,
      intent_at timestamptz,
      message text,
      created_at timestamptz NOT NULL DEFAULT now(),
      ended_at timestamptz
    )`,
    sql`CREATE INDEX operations_of_run ON operations (run_id, state, seq)`,
    sql`CREATE INDEX operations_open ON operations (not_before) WHERE state IN ('queued', 'running')`,
    sql`CREATE INDEX operations_failed ON operations (ended_at) WHERE state = 'failed'`,
    // The last line of defence against doing two things to one person at a time.
    sql`CREATE UNIQUE INDEX operations_one_open ON operations (source_id, anchor) WHERE state IN ('queued', 'running')`,
    sql`CREATE INDEX operations_held ON operations (source_id, anchor) WHERE state = 'held'`,
    sql`CREATE TABLE audit (
      seq bigint PRIMARY KEY,
      at timestamptz NOT NULL,
      actor text NOT NULL,
      action text NOT NULL,
      run_id text,
      operation_id text,
      source_id text,
      anchor text,
      profile_id text,
      email text,
      reason text,
      details jsonb NOT NULL,
      prev_hash text NOT NULL,
      hash text NOT NULL
    )`,
    sql`CREATE INDEX audit_person ON audit (email)`,
    sql`CREATE INDEX audit_run ON audit (run_id)`,
    sql`CREATE TABLE audit_head (
      is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
      seq bigint NOT NULL,
      hash text NOT NULL
    )`,
    sql`INSERT INTO audit_head (seq, hash) VALUES (0, '')`,
    sql`CREATE TABLE pauses (
      name text PRIMARY KEY CHECK (name = 'execution'),
      reason text NOT NULL,
      since timestamptz NOT NULL DEFAULT now()
    )`,
    sql`CREATE TABLE services (
      id text PRIMARY KEY,
      roles text NOT NULL,
      host text NOT NULL,
      pid integer NOT NULL,
      started_at timestamptz NOT NULL DEFAULT now(),
      seen_at timestamptz NOT NULL DEFAULT now()
    )`,
  ];
  for (const statement of statements) await statement.execute(db);
}
