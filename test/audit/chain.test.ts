/** The chain of the audit log: one whole under concurrent appends, and what was done to it is found and placed. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from '../../src/audit/entry.ts';
import { type AuditEntry, appendAudit, audit, verifyAudit } from '../../src/audit/index.ts';
import type { Anchor, SourceId } from '../../src/identity/identity.ts';
import { migrate, openStore, type Store } from '../../src/store/index.ts';
import type { OperationId, RunId } from '../../src/store/operations/operation.ts';
import { failOnError, newStore, type TestStore } from '../store/stores.ts';

const at = new Date('2026-03-01T10:00:00.123Z');

const entry = (number: number): AuditEntry => ({
  actor: 'worker',
  action: 'operation.done',
  run: 'k3v9m2wt' as RunId,
  operation: `k3v9m2wt.${number}` as OperationId,
  source: 'corp' as SourceId,
  anchor: `anchor-${number}` as Anchor,
  email: `p${number}@example.org`,
  reason: 'They are in scope “here”, and have no profile yet.\u2028',
  details: { z: 1, a: [null, { y: 'é', x: 1.5 }], before: {}, after: { name: 'Zoë' }, message: undefined },
});

const ten = Array.from({ length: 10 }, (_, index) => entry(index + 1));

describe.each(['embedded', 'server'] as const)('the chain in the %s store', (kind) => {
  let opened: TestStore;
  let store: Store;
  beforeAll(async () => {
    opened = await newStore(kind);
    store = opened.store;
    await migrate(store.db);
  });
  afterAll(() => opened.end());
  beforeEach(async () => {
    await sql`DELETE FROM audit`.execute(store.db);
    await sql`UPDATE audit_head SET seq = 0, hash = ''`.execute(store.db);
  });

  test('is whole when empty, and over what jsonb makes of its details', async () => {
    expect(await verifyAudit(store.db)).toEqual({
      kind: 'whole',
      entries: 0,
      last: 0,
      head: '',
      archived: 0,
    });

    await audit(store.db, ten, at);

    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'whole', entries: 10 });
  });

  test('stays one while several processes append at once, and some of them give up', async () => {
    const others = await Promise.all(
      Array.from({ length: 3 }, () => openStore(opened.database, { onError: failOnError })),
    );
    const stores = [store, ...others];
    const giveUp = new Error('given up');

    await Promise.all(
      Array.from({ length: 80 }, async (_, number) => {
        const { db } = stores[number % stores.length] ?? store;
        await db
          .transaction()
          .execute(async (tx) => {
            await appendAudit(tx, [entry(number), entry(number)], new Date());
            if (number % 4 === 0) throw giveUp;
          })
          .catch((error: unknown) => {
            if (error !== giveUp) throw error;
          });
      }),
    );

    await Promise.all(others.map((other) => other.close()));
    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'whole', entries: 120 });
  });

  test('is found broken at the entry that was changed, whichever part of it', async () => {
    await audit(store.db, ten, at);
    const changes = [
      sql`actor = 'cli:somebody'`,
      sql`at = at + interval '1 second'`,
      sql`action = 'operation.failed'`,
      sql`email = NULL`,
      sql`reason = ''`,
      sql`run_id = 'zzzzzzzz'`,
      sql`operation_id = NULL`,
      sql`source_id = NULL`,
      sql`anchor = 'other'`,
      sql`profile_id = 'up1'`,
      sql`details = details || '{"after": {"name": "Mallory"}}'`,
    ];
    for (const change of changes) {
      const giveBack = new Error('give it back as it was');
      const work = store.db.transaction().execute(async (tx) => {
        await sql`UPDATE audit SET ${change} WHERE seq = 4`.execute(tx);
        expect(await verifyAudit(tx)).toMatchObject({ kind: 'broken', at: 4 });
        throw giveBack;
      });
      await expect(work).rejects.toBe(giveBack);
    }
    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'whole' });
  });

  test('is found broken where entries were removed', async () => {
    await audit(store.db, ten, at);
    await sql`DELETE FROM audit WHERE seq IN (4, 5)`.execute(store.db);

    expect(await verifyAudit(store.db)).toEqual({
      kind: 'broken',
      at: 4,
      sentence: 'Entries 4 to 5 are missing from the audit log.',
    });
  });

  test('is found broken where the first entries were removed', async () => {
    await audit(store.db, ten, at);
    await sql`DELETE FROM audit WHERE seq = 1`.execute(store.db);

    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'broken', at: 1 });
  });

  test('is found broken where an entry was put in and the others were moved up', async () => {
    await audit(store.db, ten, at);
    await sql`UPDATE audit SET seq = -(seq + 1) WHERE seq > 4`.execute(store.db);
    await sql`UPDATE audit SET seq = -seq WHERE seq < 0`.execute(store.db);
    await sql`INSERT INTO audit SELECT 5, at, 'forged', action, run_id, operation_id, source_id, anchor, profile_id,
      email, reason, details, hash, md5('forged') FROM audit WHERE seq = 4`.execute(store.db);

    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'broken', at: 5 });
  });

  test('is found broken where two entries were exchanged', async () => {
    await audit(store.db, ten, at);
    await sql`UPDATE audit SET seq = CASE seq WHEN 3 THEN -7 ELSE -3 END WHERE seq IN (3, 7)`.execute(
      store.db,
    );
    await sql`UPDATE audit SET seq = -seq WHERE seq < 0`.execute(store.db);

    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'broken', at: 3 });
  });

  test('is found broken where it was cut at its end, or all of it is gone', async () => {
    await audit(store.db, ten, at);
    await sql`DELETE FROM audit WHERE seq > 7`.execute(store.db);
    expect(await verifyAudit(store.db)).toEqual({
      kind: 'broken',
      at: 8,
      sentence: 'The audit log was cut after entry 7: it once had 10 entries.',
    });

    await sql`DELETE FROM audit`.execute(store.db);
    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'broken', at: 1 });
  });

  test('that was cut with its head is found out by a head that was noted elsewhere', async () => {
    await audit(store.db, ten, at);
    const noted = await verifyAudit(store.db);
    if (noted.kind !== 'whole') throw new Error('broken from the start');
    await sql`DELETE FROM audit WHERE seq > 7`.execute(store.db);
    await sql`UPDATE audit_head SET seq = 7, hash = (SELECT hash FROM audit WHERE seq = 7)`.execute(store.db);

    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'whole', entries: 7 });
    expect(await verifyAudit(store.db, noted.head)).toMatchObject({ kind: 'broken', at: 7 });
  });

  test('still holds the head that was noted, after more was appended', async () => {
    await audit(store.db, ten, at);
    const noted = await verifyAudit(store.db);
    await audit(store.db, ten, at);

    const verdict = await verifyAudit(store.db, noted.kind === 'whole' ? noted.head : '');

    expect(verdict).toMatchObject({ kind: 'whole', entries: 20 });
  });

  test('over more entries than are read at a time', async () => {
    const many = Array.from({ length: 5_003 }, (_, index) => entry(index));
    await audit(store.db, many, at);
    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'whole', entries: 5_003 });

    await sql`UPDATE audit SET actor = 'other' WHERE seq = 5002`.execute(store.db);
    expect(await verifyAudit(store.db)).toMatchObject({ kind: 'broken', at: 5_002 });
  });

  test('is found broken wherever somebody meddled with it, at the first place', async () => {
    await audit(store.db, ten, at);
    const tampering = fc.oneof(
      fc.record({ act: fc.constant('change' as const), first: fc.integer({ min: 1, max: 10 }) }),
      fc.record({ act: fc.constant('forge' as const), first: fc.integer({ min: 1, max: 10 }) }),
      fc.record({ act: fc.constant('put in' as const), first: fc.constant(11) }),
      fc.record({
        act: fc.constant('remove' as const),
        first: fc.integer({ min: 1, max: 10 }),
        count: fc.integer({ min: 1, max: 10 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(tampering, async (meddled) => {
        const giveBack = new Error('give it back as it was');
        const { first } = meddled;
        const work = store.db.transaction().execute(async (tx) => {
          if (meddled.act === 'remove')
            await sql`DELETE FROM audit WHERE seq >= ${first} AND seq < ${first + meddled.count}`.execute(tx);
          else if (meddled.act === 'put in')
            await sql`INSERT INTO audit SELECT 11, at, actor, action, run_id, operation_id, source_id, anchor,
              profile_id, email, reason, details, hash, md5('forged') FROM audit WHERE seq = 10`.execute(tx);
          else await sql`UPDATE audit SET reason = 'forged' WHERE seq = ${first}`.execute(tx);
          if (meddled.act === 'forge') await forgeHash(tx, first);
          const verdict = await verifyAudit(tx);
          // A forged hash shows where the next entry, or the noted head, does not fit it.
          const isAt = meddled.act === 'forge' ? Math.min(first + 1, 10) : first;
          expect(verdict).toMatchObject({ kind: 'broken', at: isAt });
          throw giveBack;
        });
        await expect(work).rejects.toBe(giveBack);
      }),
      { numRuns: 40 },
    );
  });
});

/** Gives a changed entry the hash of its new content, as somebody would who knows how it is made. */
async function forgeHash(tx: Store['db'], seq: number): Promise<void> {
  const forged = await tx
    .selectFrom('audit')
    .selectAll()
    .where('seq', '=', String(seq))
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('audit')
    .set({ hash: hashOf(forged) })
    .where('seq', '=', String(seq))
    .execute();
}
