/** A first load as files, with all that can happen on the way: one account for everybody, and nobody lost. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestEntries } from '../../../src/audit/index.ts';
import { markLeft } from '../../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../../src/cli/demo/sample-directory.ts';
import { fileOf } from '../../../src/execute/bulk/csv-file.ts';
import type { FaultRequest } from '../../../src/sandbox/index.ts';
import { claimForFile, noteIntents } from '../../../src/store/operations/bulk.ts';
import { linksOf } from '../../../src/store/people/links.ts';
import { pauseOfKey } from '../../../src/store/service/pauses.ts';
import { until } from '../../e2e/stage.ts';
import { type Installation, type InstallationOptions, install, people } from '../../engine/installation.ts';
import { combinations } from '../../queue/backends.ts';

const bulk = '{ from: 5, chunk: 10, settle: 300ms, timeout: 400ms }';
const withFiles = (options: InstallationOptions = {}) =>
  install({ people: 24, ...options, api: { bulk, ...options.api } });

const createdOnce = (here: Installation): void => {
  expect(here.effects().sort()).toEqual(here.people.map(({ mail }) => `created ${mail}`).sort());
};

const allLinked = async (here: Installation): Promise<void> => {
  const links = await linksOf(here.engine.store.db, people);
  expect(links.map(({ email, profileId }) => [email, profileId]).sort()).toEqual(
    here.people.map(({ mail }) => [mail, here.sandbox.find(mail)?.profile.profile_id]).sort(),
  );
};

describe('a large first load', () => {
  test.each(combinations)('goes in files, and few are left to be created singly (%s)', async (name) => {
    const combination = name === 'PostgreSQL alone' ? 'PostgreSQL' : name;
    await using here = await withFiles({ combination });

    const end = await here.sync();

    expect(end.counts).toEqual(new Map([['done', 24]]));
    // Two files of ten, and then there are fewer than `from` left.
    expect(here.sandbox.requests).toMatchObject({ validateCsv: 2, uploadCsv: 2, create: 4 });
    createdOnce(here);
    await allLinked(here);
    expect((await here.sync()).counts).toEqual(new Map());
  });

  test('is told in the audit log and by the operations', async () => {
    await using here = await withFiles({ people: 10 });

    const { run } = await here.sync();

    const operations = await here.operations(run.id);
    expect(operations.map(({ state, attempts, message }) => ({ state, attempts, message }))).toEqual(
      Array(10).fill({ state: 'done', attempts: 1, message: 'It was loaded as a row of a file.' }),
    );
    const entries = await latestEntries(here.engine.store.db, { run: run.id }, 100);
    const done = entries.filter(({ action }) => action === 'operation.done');
    expect(done).toHaveLength(10);
    expect(done.every(({ profile_id: profile }) => profile !== null)).toBe(true);
    expect(JSON.stringify(entries)).not.toContain('password');
  });

  test('does not happen where it is not configured, or there are too few', async () => {
    await using here = await withFiles({ people: 4 });

    await here.sync();

    expect(here.sandbox.requests).toMatchObject({ create: 4 });
    expect(here.sandbox.requests.validateCsv ?? 0).toBe(0);
  });
});

interface Case {
  readonly what: string;
  readonly faults: readonly FaultRequest[];
}

const at = (
  operation: 'validateCsv' | 'uploadCsv',
  effect: FaultRequest['effect'],
  times = 1,
): FaultRequest => ({ operation, effect, times });
const cases: readonly Case[] = [
  { what: 'the check fails', faults: [at('validateCsv', { kind: 'status', status: 500 })] },
  { what: 'there is no check', faults: [at('validateCsv', { kind: 'status', status: 404 }, 9)] },
  { what: 'the whole file is refused', faults: [at('validateCsv', { kind: 'status', status: 400 })] },
  { what: 'a web page answers the check', faults: [at('validateCsv', { kind: 'html' })] },
  { what: 'the check is dropped', faults: [at('validateCsv', { kind: 'drop' })] },
  { what: 'the check takes too long', faults: [at('validateCsv', { kind: 'delay', ms: 800 })] },
  { what: 'the upload is dropped before it', faults: [at('uploadCsv', { kind: 'drop' })] },
  { what: 'the upload is dropped after it', faults: [at('uploadCsv', { kind: 'drop', when: 'after' })] },
  { what: 'the upload fails before it', faults: [at('uploadCsv', { kind: 'status', status: 500 })] },
  {
    what: 'the upload fails after it',
    faults: [at('uploadCsv', { kind: 'status', status: 502, when: 'after' })],
  },
  { what: 'a web page answers after it', faults: [at('uploadCsv', { kind: 'html', when: 'after' })] },
  { what: 'half a JSON answers after it', faults: [at('uploadCsv', { kind: 'wrong-json', when: 'after' })] },
  { what: 'the upload takes too long', faults: [at('uploadCsv', { kind: 'delay', ms: 600 })] },
  { what: 'the upload is refused', faults: [at('uploadCsv', { kind: 'status', status: 400 })] },
  {
    what: 'the upload is refused after all',
    faults: [at('uploadCsv', { kind: 'status', status: 400, when: 'after' })],
  },
  {
    what: 'there are too many requests',
    faults: [at('uploadCsv', { kind: 'status', status: 429, retryAfterSeconds: 0 }, 2)],
  },
  { what: 'a part alone is loaded', faults: [at('uploadCsv', { kind: 'partial', rows: 4 })] },
  {
    what: 'a part alone is loaded, and the answer lost',
    faults: [at('uploadCsv', { kind: 'partial', rows: 4 }), at('uploadCsv', { kind: 'drop', when: 'after' })],
  },
  {
    what: 'the look afterwards fails',
    faults: [{ operation: 'list', times: 8, effect: { kind: 'status', status: 503 } }],
  },
];

// One org for all of them: each case adds twelve people, who are one file and two single creations.
describe('everybody has one account, and is linked to it, where', () => {
  const perCase = 12;
  let here: Installation;
  beforeAll(async () => {
    here = await withFiles({ people: 1 });
    await here.sync();
  });
  afterAll(() => here[Symbol.asyncDispose]());

  test.each(cases)('$what', async ({ faults }) => {
    const before = here.people.length;
    const everybody = sampleDirectory({ people: before + perCase });
    await here.publish(everybody);
    const run = await here.release();
    for (const fault of faults) here.sandbox.fault(fault);

    const end = await here.carryOut(run);
    here.sandbox.clearFaults();

    expect(end.counts).toEqual(new Map([['done', perCase]]));
    createdOnce(here);
    await allLinked(here);
  });

  test('and the next plan is empty', async () => {
    expect((await here.sync()).counts).toEqual(new Map());
  });
});

test('rows that the server refuses are created singly, and fail with its sentence', async () => {
  const [somebody] = sampleDirectory({ people: 24 });
  const mail = somebody?.mail ?? '';
  const users = [{ email: 'other@example.com', username: mail }];
  await using here = await withFiles({ sandbox: { users } });

  const { run, counts } = await here.sync();

  expect(Object.fromEntries(counts)).toEqual({ done: 23, failed: 1 });
  const failed = (await here.operations(run.id)).find(({ state }) => state === 'failed');
  expect(failed).toMatchObject({ email: mail, attempts: 1 });
  expect(failed?.message).toContain('A user with this username already exists.');
  expect(here.effects()).toHaveLength(23);
});

describe('a refused key', () => {
  test.each([
    ['validateCsv', 401],
    ['uploadCsv', 403],
  ] as const)('at %s (%i) pauses all, burns no attempt, and nobody is lost', async (operation, status) => {
    await using here = await withFiles();
    const run = await here.release();
    const refusal = here.sandbox.fault({ operation, effect: { kind: 'status', status } });

    const stopped = await here.carryOut(run);

    const { db } = here.engine.store;
    expect(stopped.halt?.sentence).toContain('The API key is not');
    expect(
      new Set((await here.operations(run)).map(({ state, attempts }) => `${state} ${attempts}`)),
    ).toEqual(new Set(['queued 0']));
    expect((await here.operations(run)).every(({ intent_at: intent }) => intent === null)).toBe(true);
    refusal.clear();
    await here.plan();
    expect(await pauseOfKey(db)).toBeUndefined();
    expect((await here.carryOut(run)).counts).toEqual(new Map([['done', 24]]));
    createdOnce(here);
  });
});

test('a full licence ends the creations of the run once, and the rest are planned again', async () => {
  await using here = await withFiles({ sandbox: { licences: 7 } });

  const { run, counts } = await here.sync();

  expect(Object.fromEntries(counts)).toMatchObject({ done: 6, failed: 1 });
  const failed = (await here.operations(run.id)).find(({ state }) => state === 'failed');
  expect(failed?.message).toContain('license');
  expect(here.sandbox.requests.create ?? 0).toBeLessThan(10);
  const next = await here.sync();
  expect([...next.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(18);
});

test('a leaver does not wait for a file that is under way', async () => {
  const slow = '{ from: 5, chunk: 100, settle: 300ms, timeout: 10s }';
  await using here = await withFiles({ people: 4, api: { bulk: slow } });
  await here.sync();
  const leaver = here.person(0);
  await here.publish(markLeft(sampleDirectory({ people: 40 }), leaver.uid));
  here.sandbox.fault({ operation: 'uploadCsv', effect: { kind: 'delay', ms: 3_000 } });
  const run = await here.release();

  const ended = here.carryOut(run);
  await until(
    () => here.sandbox.find(leaver.mail)?.profile.is_active,
    (isActive) => isActive === false,
  );

  expect(here.effects().filter((effect) => effect.startsWith('created'))).toHaveLength(4);
  expect((await ended).counts).toEqual(new Map([['done', 37]]));
});

// As a process leaves it that was killed with a file in its hands: the lease runs out, and what it did is unknown.
test.each([
  ['before its request went out', 0],
  ['when a part of it was loaded', 6],
])('a file whose process was killed %s is looked for, person by person', async (_, loaded) => {
  await using here = await withFiles({ people: 14 });
  const run = await here.release();
  const { db } = here.engine.store;
  const claimed = await claimForFile(db, run, 'bulk:dead', 1, 10);
  await noteIntents(
    db,
    claimed.map(({ id }) => id),
    'bulk:dead',
  );
  const rows = claimed.slice(0, loaded).map(({ desired }) => desired);
  if (loaded > 0)
    await here.engine.api.uploadCsv({ csv: fileOf(rows, { columns: {}, passwords: true }).csv });

  const end = await here.carryOut(run);

  expect(end.counts).toEqual(new Map([['done', 14]]));
  createdOnce(here);
  await allLinked(here);
});
