import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/store/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { pageOfRuns, placeAfterRun, type RunPlace } from '../../src/store/pages.ts';
import { endRun, requestRun } from '../../src/store/runs/runs.ts';
import { sourceId } from '../builders/people.ts';
import { newStore, type TestStore } from './stores.ts';

let test_: TestStore;
let asked: readonly RunId[];

const request = (source: string, mode: 'plan' | 'apply') =>
  ({ source: sourceId(source), mode, trigger: 'hand', actor: 'cli:test', onlyWho: undefined }) as const;

beforeAll(async () => {
  test_ = await newStore('server');
  await migrate(test_.store.db);
  // In one transaction, so that all of them have the same time.
  asked = await test_.store.db.transaction().execute(async (tx) => {
    const ids: RunId[] = [];
    for (let index = 0; index < 30; index++)
      ids.push(await requestRun(tx, request(index % 3 === 0 ? 'cloud' : 'corp', 'apply')));
    return ids;
  });
});
afterAll(() => test_.end());

async function walk(limit: number, source?: string): Promise<readonly RunId[]> {
  const seen: RunId[] = [];
  const filter = { source: source === undefined ? undefined : sourceId(source) };
  for (let after: RunPlace | undefined; ; ) {
    const { rows, next } = await pageOfRuns(test_.store.db, filter, after, limit);
    seen.push(...rows.map(({ id }) => id));
    if (next === undefined) return seen;
    // By the run alone, as a link has it, it leads to the same place.
    expect(await placeAfterRun(test_.store.db, next.id as RunId)).toEqual(next);
    after = next;
  }
}

test.each([
  1, 7, 30, 100,
])('page by page of %i, each run comes once, though all have one time', async (limit) => {
  expect((await walk(limit)).toSorted()).toEqual(asked.toSorted());
});

test('of one source, those of the others are left out', async () => {
  expect(await walk(4, 'cloud')).toHaveLength(10);
});

test('a run that is gone has no place', async () => {
  expect(await placeAfterRun(test_.store.db, 'gone' as RunId)).toBeUndefined();
});

test('only those of a state are told', async () => {
  const { db } = test_.store;
  const one = await requestRun(db, request('hr', 'plan'));
  await endRun(db, one, 'done', ['requested']);
  const { rows } = await pageOfRuns(db, { states: ['done'] }, undefined, 5);
  expect(rows.map(({ id }) => id)).toEqual([one]);
});
