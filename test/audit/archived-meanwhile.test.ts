/**
 * Verification reads the log in pieces, and archiving moves its beginning. Wherever in a verification the archive comes in
 * between, a log that is whole is found whole, and one that is not is found out.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { archiveAudit, audit, verifyArchives, verifyAudit, verifyNewEntries } from '../../src/audit/index.ts';
import { migrate } from '../../src/store/index.ts';
import type { Database } from '../../src/store/schema.ts';
import { emptyLog, entries } from '../builders/audit.ts';
import { newStore, type TestStore, temporaryFolder } from '../store/stores.ts';

let opened: TestStore;
let folder: ReturnType<typeof temporaryFolder>;
beforeAll(async () => {
  opened = await newStore('server');
  await migrate(opened.store.db);
});
afterAll(() => opened.end());
beforeEach(async () => {
  folder = temporaryFolder();
  await emptyLog(opened.store.db);
});
afterEach(() => folder.remove());

const day = (number: number) => new Date(Date.UTC(2026, 0, number));
const archiveFolder = () => join(folder.path, 'archive');
const archive = (before: Date) =>
  archiveAudit(opened.store.db, { folder: archiveFolder(), before, now: () => day(99) });
const files = () => readdirSync(archiveFolder()).map((name) => join(archiveFolder(), name));

/** The log of four days, the first of which is archived. */
const fourDays = async (): Promise<void> => {
  for (let number = 1; number <= 4; number += 1) await audit(opened.store.db, entries(10), day(number));
  await archive(day(2));
};

/** What `work` finds where `interrupt` happens between its `n`th query and the next; and how many it made. */
async function interrupted<Found>(
  n: number,
  interrupt: () => Promise<unknown>,
  work: (db: Kysely<Database>) => Promise<Found>,
): Promise<{ readonly found: Found; readonly queries: number }> {
  let queries = 0;
  const db = opened.store.db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      queries += 1;
      if (queries === n) await interrupt();
      return result;
    },
  });
  return { found: await work(db), queries };
}

/** Runs the story again and again, with the interruption one query later each time, until it comes after the end. */
async function wherever<Found>(
  interrupt: () => Promise<unknown>,
  work: (db: Kysely<Database>) => Promise<Found>,
): Promise<readonly Found[]> {
  const all: Found[] = [];
  for (let n = 1; ; n += 1) {
    await emptyLog(opened.store.db);
    await fourDays();
    const { found, queries } = await interrupted(n, interrupt, work);
    if (queries < n) return all;
    all.push(found);
  }
}

describe('a log that is whole', () => {
  const whole = (verdicts: readonly unknown[]) => {
    expect(verdicts.length).toBeGreaterThan(4);
    expect(verdicts).toEqual(verdicts.map(() => expect.objectContaining({ kind: 'whole' })));
  };

  test('is found whole wherever the archive comes in between', async () => {
    whole(await wherever(() => archive(day(4)), verifyAudit));
  });

  test('is found whole where everything is archived meanwhile, and more written', async () => {
    const everything = async () => {
      await audit(opened.store.db, entries(5), day(5));
      await archive(day(90));
    };
    whole(await wherever(everything, verifyAudit));
  });

  test('is found whole from where it was verified before', async () => {
    whole(await wherever(() => archive(day(4)), verifyNewEntries));
    whole(
      await wherever(
        () => archive(day(4)),
        async (db) => {
          await verifyNewEntries(opened.store.db);
          await audit(opened.store.db, entries(5), day(5));
          return await verifyNewEntries(db);
        },
      ),
    );
  });

  test('is the continuation of its archives while the last of them is taken out of it', async () => {
    await fourDays();
    await archive(day(3));
    // The same log has the same archives: their files are there before they are taken out of it.
    const written = files();

    const verdicts = await wherever(
      () => archive(day(3)),
      (db) => verifyArchives(db, written),
    );

    expect(verdicts).toEqual(verdicts.map(() => ({ kind: 'whole', first: 1, last: 20 })));
  });
});

describe('a log that is not whole', () => {
  const brokenWherever = async (at: number, statement: string) => {
    const broken = (tx: Kysely<Database>) => sql.raw(statement).execute(tx);
    const verdicts = await wherever(
      () => archive(day(3)),
      async (db) => {
        await broken(opened.store.db);
        return await verifyAudit(db);
      },
    );
    expect(verdicts.length).toBeGreaterThan(2);
    expect(verdicts).toEqual(verdicts.map(() => expect.objectContaining({ kind: 'broken', at })));
  };

  test('is found out beyond what is archived meanwhile', async () => {
    await brokenWherever(35, 'DELETE FROM audit WHERE seq = 35');
  });

  test('is not taken for archived where its beginning is missing', async () => {
    await brokenWherever(11, 'DELETE FROM audit WHERE seq = 11');
  });
});
