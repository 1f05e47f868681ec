/** `guards.approval: { people: 2 }`: two pairs of eyes are two people, neither of whom asked for it alone. */
import { expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { approve } from '../../src/cli/commands/approve.ts';
import { runs } from '../../src/cli/commands/runs.ts';
import { status } from '../../src/cli/commands/status.ts';
import { exitCodes } from '../../src/cli/exit.ts';
import { sessionOf } from '../cli/session.ts';
import { type Installation, install } from '../engine/installation.ts';

const reason = 'I looked at it.';
const two = () => install({ people: 3, config: { guards: '{ approval: { people: 2 } }' } });

/** What somebody says at the command line, and what they are told. */
const saying = async (here: Installation, actor: string, plan: string) => {
  const { session, told } = sessionOf(here, { actor });
  const code = await approve(session, plan, { reason });
  return { code, text: told.join('') };
};

test('the first approval releases nothing, the second by somebody else does; both are audited and shown', async () => {
  await using here = await two();
  const plan = await here.plan();

  const first = await saying(here, 'cli:anna', plan);
  expect(first).toMatchObject({ code: exitCodes.held, text: expect.stringContaining('1 of 2, cli:anna') });
  expect((await here.operations(plan)).map(({ state }) => state)).toEqual(Array(3).fill('planned'));
  const { session, told } = sessionOf(here);
  await runs(session, plan, { limit: 1 });
  await runs(session, undefined, { limit: 5 });
  await status(session);
  expect(told.join('').match(/1 of 2, (by )?cli:anna/g)).toHaveLength(3);

  const second = await saying(here, 'cli:ben', plan);

  expect(second.code).toBe(exitCodes.done);
  expect(here.effects()).toHaveLength(3);
  const entries = await latestEntries(here.engine.store.db, { run: plan }, 100);
  const words = entries.filter(({ action }) => action === 'approval.given' || action === 'plan.approved');
  expect(words.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    'cli:anna approval.given',
    'cli:ben plan.approved',
  ]);
});

test('the same person twice is one person', async () => {
  await using here = await two();
  const plan = await here.plan();
  await saying(here, 'cli:anna', plan);

  await expect(saying(here, 'cli:anna', plan)).rejects.toThrow(/has approved plan .* already/);
  expect(here.effects()).toEqual([]);
});

test('who asked for the run may be the first, and not the second', async () => {
  await using here = await two();
  const plan = await here.plan();
  await saying(here, 'cli:anna', plan);
  await expect(saying(here, 'cli:test', plan)).rejects.toThrow(/cli:test asked for the run/);

  const other = await here.plan();
  await saying(here, 'cli:test', other);
  expect((await saying(here, 'cli:anna', other)).code).toBe(exitCodes.done);
});

test('two who approve at the same moment release it once', async () => {
  await using here = await two();
  const plan = await here.plan();

  const codes = await Promise.all(['cli:anna', 'cli:ben'].map((actor) => saying(here, actor, plan)));

  expect(codes.map(({ code }) => code).toSorted()).toEqual([exitCodes.done, exitCodes.held].toSorted());
  expect(here.effects()).toHaveLength(3);
});
