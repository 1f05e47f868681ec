/** What is over and old goes; what a person has still to decide stays. */
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../src/store/index.ts';
import type { OperationState } from '../../src/store/operations/operation.ts';
import { deleteOldOperations, deleteOldRuns } from '../../src/store/retention.ts';
import type { Database, RunState } from '../../src/store/schema.ts';
import { claimChore, releaseChore } from '../../src/store/service/chores.ts';
import { newStore, type TestStore } from './stores.ts';

const day = (number: number) => new Date(Date.UTC(2026, 0, number));

interface GivenOperation {
  readonly state: OperationState;
  readonly anchor?: string;
  readonly kind?: 'edit' | 'invite';
  readonly mayHaveHappened?: boolean;
}

/** A run of one day, with its operations, named after it: `old.1`, `old.2`. */
async function given(
  db: Kysely<Database>,
  id: string,
  on: number,
  state: RunState,
  operations: readonly GivenOperation[] = [],
  { verifyDue = false, source = 'corp', isComplete = false } = {},
): Promise<void> {
  const summary = isComplete ? '{"incomplete": null}' : null;
  await sql`INSERT INTO runs (id, source_id, mode, trigger, actor, state, summary, requested_at, planned_at, ended_at, verify_due)
    VALUES (${id}, ${source}, 'apply', 'hand', 'cli:test', ${state}, ${summary}::jsonb, ${day(on)}, ${day(on)}, ${day(on)}, ${verifyDue})`.execute(
    db,
  );
  await sql`INSERT INTO run_findings (run_id, seq, kind, label, reason) VALUES (${id}, 1, 'left', 'Ann', 'No.')`.execute(
    db,
  );
  for (const [index, one] of operations.entries()) {
    const { kind = 'edit', anchor = `${id}-${index}`, mayHaveHappened = false } = one;
    const isOpen = ['queued', 'running', 'held', 'planned'].includes(one.state);
    await sql`INSERT INTO operations (id, run_id, seq, source_id, anchor, kind, state, label, reason, before, after,
        desired, created_at, ended_at, intent_at)
      VALUES (${`${id}.${index + 1}`}, ${id}, ${index + 1}, ${source}, ${anchor}, ${kind}, ${one.state}, 'Ann', 'Because.',
        '{}', '{}', '{}', ${day(on)}, ${isOpen ? null : day(on)}, ${mayHaveHappened ? day(on) : null})`.execute(
      db,
    );
  }
}

describe.each(['embedded', 'server'] as const)('in the %s store', (kind) => {
  let opened: TestStore;
  beforeEach(async () => {
    opened = await newStore(kind);
    await migrate(opened.store.db);
  });
  afterEach(() => opened.end());

  const ids = async (table: 'runs' | 'operations') =>
    (await opened.store.db.selectFrom(table).select('id').orderBy('id').execute()).map(({ id }) =>
      String(id),
    );

  test('of operations, only what is over and old is deleted', async () => {
    const { db } = opened.store;
    const ends: readonly GivenOperation[] = [
      { state: 'done' },
      { state: 'superseded' },
      { state: 'rejected' },
      { state: 'expired' },
      { state: 'discarded' },
      { state: 'failed' },
    ];
    await given(db, 'old', 1, 'done', ends);
    await given(db, 'open', 1, 'executing', [{ state: 'done' }, { state: 'queued' }]);
    await given(db, 'waits', 1, 'held', [{ state: 'done' }, { state: 'held' }]);
    await given(db, 'unsure', 1, 'done', [{ state: 'done' }], { verifyDue: true });
    await given(db, 'young', 8, 'done', ends);

    expect(await deleteOldOperations(db, day(5))).toBe(5);

    const kept = (await ids('operations')).filter((id) => !id.startsWith('young'));
    expect(kept).toEqual(['old.6', 'open.1', 'open.2', 'unsure.1', 'waits.1', 'waits.2']);
  });

  test('a failed one goes once a later one for the same person was done, but not an invitation in doubt', async () => {
    const { db } = opened.store;
    await given(db, 'old', 1, 'done', [
      { state: 'failed', anchor: 'ann' },
      { state: 'failed', anchor: 'bob' },
      { state: 'failed', anchor: 'cem', kind: 'invite', mayHaveHappened: true },
      { state: 'failed', anchor: 'dia', kind: 'invite' },
    ]);
    await given(db, 'later', 8, 'done', [
      { state: 'done', anchor: 'ann' },
      { state: 'superseded', anchor: 'bob' },
      { state: 'done', anchor: 'cem' },
      { state: 'done', anchor: 'dia' },
    ]);

    await deleteOldOperations(db, day(5));

    expect((await ids('operations')).filter((id) => id.startsWith('old'))).toEqual(['old.2', 'old.3']);
  });

  test('of runs, those without operations go with their findings; the latest of each source stay', async () => {
    const { db } = opened.store;
    await given(db, 'a-complete', 1, 'done', [], { isComplete: true });
    await given(db, 'b-whole-before', 1, 'done', [], { source: 'other', isComplete: true });
    await given(db, 'c-failed', 2, 'failed');
    await given(db, 'd-has-some', 2, 'done', [{ state: 'failed' }]);
    await given(db, 'e-unsure', 2, 'done', [], { verifyDue: true });
    await given(db, 'f-open', 2, 'held');
    await given(db, 'g-latest', 3, 'failed');
    await given(db, 'h-whole', 3, 'done', [], { source: 'other', isComplete: true });

    expect(await deleteOldRuns(db, day(5))).toBe(2);

    expect(await ids('runs')).toEqual([
      'a-complete',
      'd-has-some',
      'e-unsure',
      'f-open',
      'g-latest',
      'h-whole',
    ]);
    const findings = await sql<{ count: number }>`SELECT count(*)::int AS count FROM run_findings`.execute(
      db,
    );
    expect(findings.rows).toEqual([{ count: 6 }]);
  });

  test('more than is deleted at once', async () => {
    const { db } = opened.store;
    await given(db, 'old', 1, 'done');
    await sql`INSERT INTO operations (id, run_id, seq, source_id, anchor, kind, state, label, reason, before, after, desired, ended_at)
      SELECT 'old.' || n, 'old', n, 'corp', 'a' || n, 'edit', 'done', 'Ann', 'Because.', '{}', '{}', '{}', ${day(1)}
      FROM generate_series(1, 4500) n`.execute(db);

    expect(await deleteOldOperations(db, day(5))).toBe(4_500);
  });

  test('a chore is one process’s, until it is done, gives it up or dies', async () => {
    const { db } = opened.store;
    const claim = (owner: string, leaseMs = 60_000) => claimChore(db, 'retention', owner, leaseMs, 60_000);

    const claims = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => claim(owner)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const owner = ['a', 'b', 'c', 'd'][claims.indexOf(true)] ?? '';
    expect(await claim(owner)).toBe(true);

    await releaseChore(db, 'retention', 'somebody else', true);
    expect(await claim('late')).toBe(false);
    await releaseChore(db, 'retention', owner, false);
    expect(await claim('late', -1)).toBe(true);
    expect(await claim('after its death')).toBe(true);
    await releaseChore(db, 'retention', 'after its death', true);
    expect(await claim('too early')).toBe(false);
  });
});
