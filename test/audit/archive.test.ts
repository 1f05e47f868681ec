/** Old entries in sealed files: the chain stays provable, whatever dies when, and whoever changes anything. */
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  archiveAudit,
  audit,
  verifyAllEntries,
  verifyArchives,
  verifyNewEntries,
} from '../../src/audit/index.ts';
import { migrate } from '../../src/store/index.ts';
import { emptyLog, entries } from '../builders/audit.ts';
import { newStore, type TestStore, temporaryFolder } from '../store/stores.ts';

const day = (number: number) => new Date(Date.UTC(2026, 0, number));

describe.each(['embedded', 'server'] as const)('in the %s store', (kind) => {
  let opened: TestStore;
  let folder: ReturnType<typeof temporaryFolder>;
  beforeAll(async () => {
    opened = await newStore(kind);
    await migrate(opened.store.db);
  });
  afterAll(() => opened.end());
  beforeEach(async () => {
    folder = temporaryFolder();
    await emptyLog(opened.store.db);
  });
  afterEach(() => folder.remove());

  const archive = (before: Date, more: { readonly upTo?: number; readonly entriesPerFile?: number } = {}) =>
    archiveAudit(opened.store.db, {
      folder: join(folder.path, 'archive'),
      before,
      now: () => day(99),
      ...more,
    });
  const files = () =>
    readdirSync(join(folder.path, 'archive'))
      .toSorted()
      .map((name) => join(folder.path, 'archive', name));
  /** Ten entries a day, of which those of three days are archived in two files. */
  const threeDaysArchived = async () => {
    for (let number = 1; number <= 5; number += 1) await audit(opened.store.db, entries(10), day(number));
    expect(await archive(day(4), { entriesPerFile: 20 })).toMatchObject({ kind: 'done', entries: 30 });
  };

  test('old entries leave the log, and files and log are one chain', async () => {
    const { db } = opened.store;
    await threeDaysArchived();

    expect(files()).toHaveLength(2);
    expect(files().map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    const left = await sql<{ first: string }>`SELECT min(seq) AS first FROM audit`.execute(db);
    expect(left.rows).toEqual([{ first: '31' }]);
    expect(await verifyAllEntries(db)).toMatchObject({ kind: 'whole', entries: 22, last: 52, archived: 30 });
    expect(await verifyNewEntries(db)).toMatchObject({ kind: 'whole' });
    expect(await verifyArchives(db, files().reverse())).toEqual({ kind: 'whole', first: 1, last: 30 });
    const last =
      readFileSync(files()[1] ?? '', 'utf8')
        .trimEnd()
        .split('\n')
        .at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ sealed: { entries: 10, first: 21, last: 30 } });
  });

  test('more and more of them, and the log still knows where it begins', async () => {
    const { db } = opened.store;
    await threeDaysArchived();

    expect(await archive(day(5))).toMatchObject({ entries: 10 });
    expect(await archive(day(5))).toMatchObject({ entries: 0, files: [] });
    expect(await archive(day(200))).toMatchObject({ entries: 13 });

    expect(await verifyAllEntries(db)).toMatchObject({ kind: 'whole', entries: 1, archived: 53 });
    expect(await verifyArchives(db, files())).toMatchObject({ kind: 'whole', first: 1, last: 53 });
  });

  test('what the receiver of the stream has not got yet stays', async () => {
    await audit(opened.store.db, entries(10), day(1));

    expect(await archive(day(4), { upTo: 6 })).toMatchObject({ entries: 6 });
  });

  test('an archive that is missing is named', async () => {
    const { db } = opened.store;
    await threeDaysArchived();
    const [first = '', second = ''] = files();

    expect(await verifyArchives(db, [first])).toMatchObject({ kind: 'broken', at: 21 });
    expect(await verifyArchives(db, [second])).toEqual({ kind: 'whole', first: 21, last: 30 });
    await archive(day(5));
    expect(await verifyArchives(db, [first, files()[2] ?? ''])).toMatchObject({ kind: 'broken', at: 21 });
  });

  test('a file that is none is refused by a sentence', async () => {
    const file = join(folder.path, 'notes.txt');
    writeFileSync(file, 'notes');

    await expect(verifyArchives(opened.store.db, [file])).rejects.toThrow(/is no archive/);
    await expect(verifyArchives(opened.store.db, [`${file}.not`])).rejects.toThrow(/can't be read/);
  });

  test('nothing is archived of a log that is broken', async () => {
    const { db } = opened.store;
    await audit(db, entries(20), day(1));
    await sql`UPDATE audit SET actor = 'mallory' WHERE seq = 15`.execute(db);

    expect(await archive(day(4))).toMatchObject({ kind: 'broken', at: 15 });
    expect(files()).toEqual([]);
    expect(await verifyAllEntries(db)).toMatchObject({ kind: 'broken', at: 15 });
  });

  test('a process that dies before or after the checkpoint leaves nothing that the next one does not mend', async () => {
    const { db } = opened.store;
    await audit(db, entries(20), day(1));
    const before = await sql`SELECT * FROM audit`.execute(db);
    await archive(day(2));
    const [file = ''] = files();
    const text = readFileSync(file, 'utf8');
    expect(before.rows).toHaveLength(20);

    // After the checkpoint: not all were deleted.
    await sql`INSERT INTO audit SELECT 7, at, actor, action, run_id, operation_id, source_id, anchor, profile_id,
      email, reason, details, prev_hash, hash FROM audit LIMIT 1`.execute(db);
    expect(await verifyAllEntries(db)).toMatchObject({ kind: 'whole' });
    await archive(day(2));
    expect((await sql`SELECT * FROM audit`.execute(db)).rows).toHaveLength(1);

    // Before it: the file is there, the entries too.
    await emptyLog(db);
    await audit(db, entries(20), day(1));
    expect(await archive(day(2))).toMatchObject({ entries: 20 });
    expect(files()).toEqual([file]);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('a beginning that was cut off without an archive is found', async () => {
    const { db } = opened.store;
    await audit(db, entries(20), day(1));
    await sql`UPDATE audit_checkpoint SET seq = 5, hash = (SELECT hash FROM audit WHERE seq = 5)`.execute(db);
    await sql`DELETE FROM audit WHERE seq <= 5`.execute(db);

    expect(await verifyAllEntries(db)).toMatchObject({ kind: 'broken', at: 5 });
  });

  test('the log is whole while it is written to and archived', async () => {
    const { db } = opened.store;
    const verdicts: unknown[] = [];
    let isBusy = true;
    const writing = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await audit(db, entries(50), day(1));
        await archive(day(2), { entriesPerFile: 30 });
      }
      isBusy = false;
    })();
    while (isBusy) verdicts.push(await verifyAllEntries(db), await verifyNewEntries(db));
    await writing;

    expect(verdicts.filter((verdict) => (verdict as { kind: string }).kind !== 'whole')).toEqual([]);
    expect(await verifyArchives(db, files())).toMatchObject({ kind: 'whole', first: 1 });
  });

  if (kind === 'server')
    test('whatever byte of an archive is changed, it is found', async () => {
      const { db } = opened.store;
      await threeDaysArchived();
      const [first = '', second = ''] = files();
      const bytes = readFileSync(first);
      const changed = join(folder.path, 'changed.jsonl');
      copyFileSync(first, changed);

      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 33, max: 126 }), async (at, byte) => {
          fc.pre(bytes[at] !== byte && bytes[at] !== 0x0a);
          const copy = Buffer.from(bytes);
          copy[at] = byte;
          fc.pre(differs(copy, bytes));
          writeFileSync(changed, copy);
          const verdict = await verifyArchives(db, [changed, second]).catch(() => ({ kind: 'broken' }));
          expect(verdict.kind).toBe('broken');
        }),
        { numRuns: 200 },
      );
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 2), async (length) => {
          writeFileSync(changed, bytes.subarray(0, length));
          const verdict = await verifyArchives(db, [changed, second]).catch(() => ({ kind: 'broken' }));
          expect(verdict.kind).toBe('broken');
        }),
        { numRuns: 50 },
      );
    });
});

/** Whether two files say different things: JSON has several spellings of the same. */
function differs(one: Buffer, other: Buffer): boolean {
  const meaning = (bytes: Buffer) => {
    try {
      return JSON.stringify(
        bytes
          .toString()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line)),
      );
    } catch {
      return undefined;
    }
  };
  return meaning(one) !== meaning(other);
}
