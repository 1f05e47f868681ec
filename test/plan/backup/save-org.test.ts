import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../../src/audit/index.ts';
import { approveSaved, planRestore, readBackup, saveOrg } from '../../../src/plan/index.ts';
import type { RunId } from '../../../src/store/operations/operation.ts';
import { runOf } from '../../../src/store/runs/runs.ts';
import { type Combination, combinations } from '../../e2e/stage.ts';
import { type Installation, install, people } from '../../engine/installation.ts';

const signal = AbortSignal.timeout(120_000);
const rule = '{ share: 10, atLeast: 3, folder: backups }';

const prepared = async (combination: Combination, backup = rule, more = {}): Promise<Installation> => {
  const here = await install({ combination, people: 8, config: { backup, ...more } });
  await here.sync();
  return here;
};

const files = async (here: Installation) =>
  (await readdir(join(here.folder, 'backups')).catch(() => [])).sort();

const means = ({ engine: { store, api, config } }: Installation) => ({
  db: store.db,
  api,
  config,
  log: pino({ level: 'silent' }),
  signal,
  now: () => new Date(),
});

const renamed = (here: Installation, count: number) =>
  here.publish(here.people.map((one, index) => (index < count ? { ...one, title: 'Renamed' } : one)));

const approve = (here: Installation, run: RunId) =>
  approveSaved(means(here), run, { actor: 'cli:anna', reason: 'I looked at it.' });

const restored = async (here: Installation) => {
  const [name = ''] = await files(here);
  const file = await readFile(join(here.folder, 'backups', name), 'utf8');
  const saved = readBackup(file, name.endsWith('.csv') ? 'csv' : 'jsonl');
  const { db } = here.engine.store;
  const page = await here.engine.api.listPage({ page: 1 });
  const present = page.kind === 'page' ? page.profiles : [];
  const ownProfile = (await here.engine.api.whoAmI()).profileId;
  const asked = { source: people, actor: 'cli:anna', saved, name, present, ownProfile };
  return await planRestore(db, { ...asked, protectedNames: [], expiryMs: 60_000 }, new Date());
};

describe.each(combinations)('on %s', (combination) => {
  test('the org is saved before a large change, and not before a small one', async () => {
    await using here = await prepared(combination);
    expect(await files(here)).toEqual([]);

    await renamed(here, 2);
    await here.sync();
    expect(await files(here)).toEqual([]);

    await renamed(here, 8);
    const run = await here.release();
    const [name = '', ...others] = await files(here);

    expect(others).toEqual([]);
    expect(name).toMatch(new RegExp(`^org-\\d{8}T\\d{6}Z-${run}\\.csv$`));
    const path = join(here.folder, 'backups', name);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(here.folder, 'backups'))).mode & 0o777).toBe(0o700);
    expect(readBackup(await readFile(path, 'utf8'), 'csv')).toHaveLength(9);
    const entries = await latestEntries(here.engine.store.db, { run }, 10);
    expect(entries.map(({ action }) => action)).toContain('backup.made');
    await here.sync();
    expect(await files(here)).toEqual([name]);
  });

  test('a backup leads back to what it shows, through a plan that is approved', async () => {
    await using here = await prepared(combination, rule, {
      guards: '{ maxDeactivations: { count: 8, percent: 100 } }',
    });
    await here.publish(
      here.people.map((one, index) => (index < 3 ? { ...one, employeeType: 'left' as const } : one)),
    );
    await here.sync();
    const fourth = here.person(3);
    here.sandbox.editUser(fourth.mail, { email: 'changed@example.org' });
    here.sandbox.editUser(here.person(4).mail, { is_active: false });
    here.sandbox.addUser({ email: 'new@example.org' });
    const before = here.effects().length;

    const { plan, operations } = await restored(here);
    expect(here.effects()).toHaveLength(before);
    await approve(here, plan);
    const end = await here.carryOut(plan);

    expect(operations).toBe(4);
    expect(end.counts).toEqual(new Map([['done', 4]]));
    expect(here.effects().slice(before).sort()).toEqual(
      [`edited ${fourth.mail}`, ...[0, 1, 2].map((index) => `reactivated ${here.person(index).mail}`)].sort(),
    );
    expect(await here.findings(plan)).toMatchObject([
      { kind: 'left', email: here.person(4).mail, reason: expect.stringContaining('not by Rollcall') },
    ]);
  });
});

test.each([
  ['does not offer it', { kind: 'status', status: 404 }],
  ['answers with a page', { kind: 'html' }],
  ['breaks off', { kind: 'drop' }],
] as const)('the listing is saved where the export %s', async (_what, effect) => {
  await using here = await prepared('PostgreSQL and Redis');
  here.sandbox.fault({ operation: 'downloadCsv', effect });
  await renamed(here, 8);

  const { counts } = await here.sync();

  expect(counts).toEqual(new Map([['done', 8]]));
  const [name = ''] = await files(here);
  expect(name).toMatch(/\.jsonl$/);
  const saved = readBackup(await readFile(join(here.folder, 'backups', name), 'utf8'), 'jsonl');
  expect(saved.map(({ profile }) => profile.email)).toEqual(expect.arrayContaining([here.person(0).mail]));
});

test('without a backup a large change is held with the reason, and an approval is refused until there is one', async () => {
  await using here = await prepared('PostgreSQL and Redis');
  const folder = join(here.folder, 'backups');
  await writeFile(folder, 'a file where the folder should be');
  await renamed(here, 8);

  const { run, counts } = await here.sync();
  const refused = await approve(here, run.id);

  expect(counts).toEqual(new Map([['held', 8]]));
  expect(run.summary?.holds).toMatchObject([
    { guard: 'backup', kind: 'edit', count: 8, sentence: expect.stringContaining('could not be saved') },
  ]);
  expect(refused).toMatchObject({ kind: 'refused', sentence: expect.stringContaining('backup: off') });
  expect((await runOf(here.engine.store.db, run.id))?.state).toBe('held');
});

test('switched off by name, nothing is saved and nothing held', async () => {
  await using here = await prepared('PostgreSQL and Redis', 'off');
  await renamed(here, 8);

  const { counts } = await here.sync();

  expect(counts).toEqual(new Map([['done', 8]]));
  expect(here.sandbox.requests.downloadCsv).toBe(0);
});

test('the approval of a large plan saves the org first', async () => {
  await using here = await prepared('PostgreSQL and Redis');
  await renamed(here, 8);
  const plan = await here.plan();
  expect(await files(here)).toEqual([]);

  expect(await approve(here, plan)).toMatchObject({ kind: 'approved', released: 8 });

  expect(await files(here)).toHaveLength(1);
});

test('the newest few are kept, none is overwritten, and files of others stay', async () => {
  await using here = await prepared('PostgreSQL and Redis');
  const folder = join(here.folder, 'backups');
  await mkdir(folder);
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  const at = (second: number) => () => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const asked = { rule: { folder, keep: 2 }, actor: 'cli:anna', run: undefined, listed: undefined };

  for (const second of [1, 2, 2]) await saveOrg({ ...means(here), now: at(second) }, asked);

  expect(await files(here)).toEqual([
    'notes.txt',
    'org-20260101T000002Z-hand-2.csv',
    'org-20260101T000002Z-hand.csv',
  ]);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test.each([
  ['a cut line', '{"profile_id": "up1"}\n{"profile', 'jsonl', 'Line 2'],
  ['a record without id', '{"email": "a@example.org"}\n', 'jsonl', 'record 1'],
  ['a page', '<!doctype html>', 'csv', 'empty'],
  ['nothing', '', 'jsonl', 'empty'],
] as const)('%s is no backup', (_what, text, form, sentence) => {
  expect(() => readBackup(text, form)).toThrow(sentence);
});
