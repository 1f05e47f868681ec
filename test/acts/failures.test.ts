/** What an operator does about failed operations is told to the audit log, or not done. */
import { expect, test } from 'vitest';
import { discardChosen, retryChosen } from '../../src/acts/index.ts';
import { install } from '../engine/installation.ts';

/** No text of PostgreSQL can hold it, so the audit entry can't be stored. */
const unwritable = 'mended\u0000';

test.each([
  ['retry', retryChosen],
  ['discard', discardChosen],
] as const)('a %s that the audit log can not tell of is none', async (_name, act) => {
  await using here = await install({ people: 2 });
  here.sandbox.fault({
    operation: 'create',
    match: here.person(0).mail,
    effect: { kind: 'status', status: 400, body: { error: 'No such name.' } },
  });
  const { run } = await here.sync();
  const acting = { engine: here.engine, actor: 'cli:test' };
  const states = async () => (await here.operations(run.id)).map(({ state }) => state).toSorted();
  expect(await states()).toEqual(['done', 'failed']);

  await expect(act(acting, { all: true }, unwritable)).rejects.toThrow();
  expect(await states()).toEqual(['done', 'failed']);

  await act(acting, { all: true }, 'mended');
  expect(await states()).not.toContain('failed');
});
