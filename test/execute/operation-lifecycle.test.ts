/**
 * An operation's life, whatever happens in whatever order: plans, words on them, several workers, lost leases, every outcome.
 * After each step every operation is compared with what it was before, and only what this step may do may have happened.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { migrate } from '../../src/store/index.ts';
import { newStore, type TestStore } from '../store/stores.ts';
import { commands } from './lifecycle/commands.ts';
import { beginLife } from './lifecycle/life.ts';

let opened: TestStore;

beforeAll(async () => {
  opened = await newStore('server');
  await migrate(opened.store.db);
});
afterAll(() => opened.end());

test('only legal steps, one owner at a time, nothing after the end, and the run follows', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(Object.values(commands), { maxCommands: 40 }), async (sequence) => {
      const life = await beginLife(opened.store.db);
      await fc.asyncModelRun(() => ({ model: life.model, real: life }), sequence);
    }),
    { numRuns: 40 },
  );
});
