import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AuditFilter, audit, exportAudit, latestEntries, verifyAudit } from '../../src/audit/index.ts';
import type { Anchor } from '../../src/identity/identity.ts';
import type { ProfileId } from '../../src/profile-api/index.ts';
import { migrate } from '../../src/store/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { newStore, type TestStore } from '../store/stores.ts';

const day = (number: number) => new Date(Date.UTC(2026, 2, number, 9));
const dangerous = ['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'];
const awkward = 'Zoë said "no";\nand, then,\r\n“yes”';

describe('exporting and searching the audit log', () => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await newStore('server');
    const { db } = opened.store;
    await migrate(db);
    await audit(
      db,
      [
        { actor: 'cli:anna', action: 'run.requested', run: 'aaaaaaaa' as RunId, reason: awkward },
        ...dangerous.map((reason) => ({ actor: 'worker', action: 'operation.failed', reason }) as const),
      ],
      day(1),
    );
    await audit(
      db,
      [
        {
          actor: 'worker',
          action: 'operation.done',
          run: 'bbbbbbbb' as RunId,
          anchor: 'id-1' as Anchor,
          profile: 'up1' as ProfileId,
          email: 'Zoe@Example.org',
          details: { before: { title: 'x' }, after: { title: '=1+1' } },
        },
        { actor: 'worker', action: 'operation.failed', run: 'bbbbbbbb' as RunId, email: 'bo@example.org' },
      ],
      day(2),
    );
  });
  afterAll(() => opened.end());

  const exported = async (filter: AuditFilter, format: 'csv' | 'jsonl') => {
    const chunks: string[] = [];
    const out = new Writable({
      write(chunk, _encoding, done) {
        chunks.push(String(chunk));
        done();
      },
    });
    await exportAudit(opened.store.db, filter, format, out);
    expect(out.writableEnded).toBe(false);
    return chunks.join('');
  };
  const found = async (filter: AuditFilter) =>
    (await latestEntries(opened.store.db, filter, 100)).map(({ seq }) => Number(seq));

  test('as JSON lines gives every entry whole, a line each, hashes included', async () => {
    const lines = (await exported({}, 'jsonl')).trimEnd().split('\n');

    const entries = lines.map((line) => JSON.parse(line));
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(entries[0]).toMatchObject({ actor: 'cli:anna', reason: awkward, at: day(1).toISOString() });
    expect(entries[7]).toMatchObject({ email: 'Zoe@Example.org', details: { after: { title: '=1+1' } } });
    const verdict = await verifyAudit(opened.store.db, entries.at(-1).hash);
    expect(verdict).toMatchObject({ kind: 'whole', head: entries.at(-1).hash });
    for (const [index, { prevHash }] of entries.entries())
      expect(prevHash).toBe(entries[index - 1]?.hash ?? '');
  });

  test('as CSV can be read back, line breaks and quotes included', async () => {
    const rows = parse<Record<string, string>>(await exported({}, 'csv'), { columns: true });

    expect(rows).toHaveLength(9);
    expect(rows[0]).toMatchObject({ seq: '1', actor: 'cli:anna', run: 'aaaaaaaa', reason: awkward });
    expect(JSON.parse(rows[7]?.details ?? '')).toEqual({ before: { title: 'x' }, after: { title: '=1+1' } });
  });

  test('as CSV gives a spreadsheet nothing to run', async () => {
    const rows = parse<Record<string, string>>(await exported({}, 'csv'), { columns: true });

    const cells = rows.flatMap((row) => Object.values(row));
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(rows.slice(1, 7).map(({ reason }) => reason)).toEqual(dangerous.map((text) => `'${text}`));
  });

  test('of nothing is a header alone, or nothing at all', async () => {
    const none = { run: 'nosuch' as RunId };

    expect(await exported(none, 'csv')).toMatch(/^seq,at,actor,.*hash\n$/);
    expect(await exported(none, 'jsonl')).toBe('');
  });

  test('finds a person by e-mail in any case, by anchor and by profile', async () => {
    expect(await found({ who: 'zoe@example.ORG' })).toEqual([8]);
    expect(await found({ who: 'id-1' })).toEqual([8]);
    expect(await found({ who: 'up1' })).toEqual([8]);
    expect(await found({ who: "' OR 1=1 --" })).toEqual([]);
    expect(await found({ who: '%' })).toEqual([]);
  });

  test('finds by run and by time, and both together', async () => {
    expect(await found({ run: 'bbbbbbbb' as RunId })).toEqual([8, 9]);
    expect(await found({ since: day(2) })).toEqual([8, 9]);
    expect(await found({ since: day(3) })).toEqual([]);
    expect(await found({ run: 'bbbbbbbb' as RunId, who: 'bo@example.org', since: day(1) })).toEqual([9]);
  });

  test('gives the latest, oldest of them first', async () => {
    const latest = await latestEntries(opened.store.db, {}, 2);

    expect(latest.map(({ seq }) => Number(seq))).toEqual([8, 9]);
  });
});
