/** The log verified bit by bit: what was found whole is not read again, and a break is not forgotten. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { audit, auditBreak, verifyAllEntries, verifyNewEntries } from '../../src/audit/index.ts';
import { migrate } from '../../src/store/index.ts';
import { emptyLog, entries } from '../builders/audit.ts';
import { newStore, type TestStore } from '../store/stores.ts';

describe.each(['embedded', 'server'] as const)('in the %s store', (kind) => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await newStore(kind);
    await migrate(opened.store.db);
  });
  afterAll(() => opened.end());
  beforeEach(() => emptyLog(opened.store.db));

  test('only what is new is looked at', async () => {
    const { db } = opened.store;
    await audit(db, entries(10), new Date());
    expect(await verifyNewEntries(db)).toMatchObject({ kind: 'whole', entries: 10, last: 10 });
    expect(await verifyNewEntries(db)).toMatchObject({ kind: 'whole', entries: 0, last: 10 });

    await audit(db, entries(3), new Date());

    expect(await verifyNewEntries(db)).toMatchObject({ kind: 'whole', entries: 3, last: 13 });
    expect(await auditBreak(db)).toBeUndefined();
  });

  test('a log that was cut, and written on, is found out by what is remembered', async () => {
    const { db } = opened.store;
    await audit(db, entries(10), new Date());
    await verifyNewEntries(db);
    await sql`DELETE FROM audit WHERE seq > 7`.execute(db);
    await sql`UPDATE audit_head SET seq = 7, hash = (SELECT hash FROM audit WHERE seq = 7)`.execute(db);
    expect(await verifyNewEntries(db)).toMatchObject({ kind: 'broken', at: 10 });

    await audit(db, entries(5, 'others'), new Date());

    expect(await verifyNewEntries(db)).toMatchObject({ kind: 'broken', at: 10 });
    expect(await auditBreak(db)).toMatchObject({ at: 10, since: expect.any(Date) });
  });

  test('a break in what is new stays known until it is mended', async () => {
    const { db } = opened.store;
    await audit(db, entries(5), new Date());
    await verifyNewEntries(db);
    await audit(db, entries(5), new Date());
    await sql`UPDATE audit SET actor = 'mallory' WHERE seq = 8`.execute(db);
    expect(await verifyNewEntries(db)).toMatchObject({ kind: 'broken', at: 8 });
    const found = await auditBreak(db);
    await verifyNewEntries(db);
    expect(await auditBreak(db)).toEqual(found);

    await sql`UPDATE audit SET actor = 'worker' WHERE seq = 8`.execute(db);

    expect(await verifyNewEntries(db)).toMatchObject({ kind: 'whole', entries: 5 });
    expect(await auditBreak(db)).toBeUndefined();
  });

  test('a break in what was verified before is found by a whole verification, and only that lifts it', async () => {
    const { db } = opened.store;
    await audit(db, entries(9), new Date());
    await verifyNewEntries(db);
    await sql`UPDATE audit SET actor = 'mallory' WHERE seq = 3`.execute(db);
    expect(await verifyNewEntries(db)).toMatchObject({ kind: 'whole' });

    expect(await verifyAllEntries(db)).toMatchObject({ kind: 'broken', at: 3 });
    await verifyNewEntries(db);
    expect(await auditBreak(db)).toMatchObject({ at: 3 });

    await sql`UPDATE audit SET actor = 'worker' WHERE seq = 3`.execute(db);
    expect(await verifyAllEntries(db)).toMatchObject({ kind: 'whole', entries: 9 });
    expect(await auditBreak(db)).toBeUndefined();
  });

  test('a head that was mistyped makes no break of the log', async () => {
    const { db } = opened.store;
    await audit(db, entries(2), new Date());

    expect(await verifyAllEntries(db, 'mistyped')).toMatchObject({ kind: 'broken' });
    expect(await auditBreak(db)).toBeUndefined();
  });

  test('the log is whole while others append to it', async () => {
    const { db } = opened.store;
    let isAppending = true;
    const appending = (async () => {
      for (let round = 0; round < 60; round += 1) await audit(db, entries(20), new Date());
      isAppending = false;
    })();

    const verdicts = new Set<string>();
    while (isAppending) {
      verdicts.add((await verifyAllEntries(db)).kind);
      verdicts.add((await verifyNewEntries(db)).kind);
    }
    await appending;

    expect([...verdicts]).toEqual(['whole']);
    expect(await verifyAllEntries(db)).toMatchObject({ kind: 'whole', last: 1_200 });
  });
});
