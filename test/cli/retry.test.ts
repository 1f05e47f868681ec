/** What an operator does about failures: one by one, and by what they have in common. */
import { expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { discard, type FailureOptions, retry } from '../../src/cli/commands/retry.ts';
import { install } from '../engine/installation.ts';
import { sessionOf } from './session.ts';

/** Four creations that failed, two of them for a name that the org does not like. */
async function failures() {
  const here = await install({ people: 4 });
  const refuse = (index: number, error: string) =>
    here.sandbox.fault({
      operation: 'create',
      match: here.person(index).mail,
      effect: { kind: 'status', status: 400, body: { error } },
    });
  for (const index of [0, 1]) refuse(index, 'That name is not allowed.');
  for (const index of [2, 3]) refuse(index, 'That phone is no number.');
  const { run } = await here.sync();
  here.sandbox.clearFaults();
  const states = async () =>
    Object.fromEntries((await here.operations(run.id)).map(({ email, state }) => [email, state]));
  return { here, states, run: run.id, ...sessionOf(here) };
}

test('failures are tried again by what they failed of, and the others stay', async () => {
  const { here, states, run, session, told } = await failures();
  await using _ = here;

  await retry(session, [], { saying: 'NAME IS NOT', reason: 'allowed by now' });

  expect(await states()).toEqual({
    [here.person(0).mail]: 'done',
    [here.person(1).mail]: 'done',
    [here.person(2).mail]: 'failed',
    [here.person(3).mail]: 'failed',
  });
  expect(told.join('')).toContain('2 operations are tried again.');
  const retried = (await latestEntries(here.engine.store.db, { run }, 50)).filter(
    ({ action }) => action === 'operation.retried',
  );
  expect(retried.map(({ actor, reason }) => [actor, reason])).toEqual(
    Array(2).fill(['cli:anna', 'allowed by now']),
  );
});

test('one failure is discarded by its id, and the rest by source and kind', async () => {
  const { here, run, states, session } = await failures();
  await using _ = here;
  const [first] = (await here.operations(run)).map(({ id }) => id);

  await discard(session, [first ?? ''], {});
  expect(Object.values(await states()).sort()).toEqual(['discarded', 'failed', 'failed', 'failed']);
  await discard(session, [], { source: 'people', kind: 'edit' });
  expect(Object.values(await states()).sort()).toEqual(['discarded', 'failed', 'failed', 'failed']);
  await discard(session, [], { source: 'people', kind: 'create' });

  expect(new Set(Object.values(await states()))).toEqual(new Set(['discarded']));
  expect(here.effects()).toEqual([]);
});

test.each<[string, readonly string[], FailureOptions]>([
  ['nobody is named', [], {}],
  ['the id is none of a failure', ['abcdefgh.1'], {}],
  ['the run does not exist', [], { run: 'abcdefgh' }],
])('nothing is tried again where %s', async (_, ids, options) => {
  await using here = await install({ people: 1 });

  await expect(retry(sessionOf(here).session, ids, options)).rejects.toMatchObject({ name: 'UsageError' });
});
