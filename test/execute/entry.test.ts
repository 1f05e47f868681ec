/** What an operation's audit entry tells: from what to what, on whose word, after how many tries, with which answer. */
import { expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { type Installation, install } from '../engine/installation.ts';

const told = async (here: Installation, run: RunId) =>
  (await latestEntries(here.engine.store.db, { run }, 100)).filter(
    ({ operation_id }) => operation_id !== null,
  );

test('an operation that waited for a word names who gave it, and why; the others of its run name nobody', async () => {
  await using here = await install({
    people: 3,
    config: { guards: '{ maxDeactivations: { count: 0, percent: 0 } }' },
  });
  const first = await here.sync();
  const [mover, leaver] = here.people;
  await here.publish(
    markLeft(here.people, leaver?.uid ?? '').map((person) =>
      person.mail === mover?.mail ? { ...person, title: 'Captain' } : person,
    ),
  );
  const { run } = await here.sync();
  await here.approve(run.id);
  await here.carryOut(run.id);

  const approval = { by: 'cli:anna', reason: 'I looked at it.' };
  const entries = await told(here, run.id);
  expect(entries.find(({ details }) => details.kind === 'edit')?.details).not.toHaveProperty('approval');
  expect(entries.find(({ details }) => details.kind === 'deactivate')?.details).toMatchObject({
    approval,
    attempts: 1,
    before: { is_active: true },
    after: { is_active: false },
  });
  for (const { details } of await told(here, first.run.id)) expect(details).not.toHaveProperty('approval');
});

test('every operation of an approved dry run names the approver', async () => {
  await using here = await install({ people: 3 });
  const plan = await here.plan();
  await here.approve(plan);
  await here.carryOut(plan);

  const entries = await told(here, plan);

  expect(entries.map(({ details }) => details.approval)).toEqual(
    Array(3).fill({ by: 'cli:anna', reason: 'I looked at it.' }),
  );
});

test("a refused record has the server's status and its own sentence", async () => {
  await using here = await install({ people: 1 });
  here.sandbox.fault({
    operation: 'create',
    effect: { kind: 'status', status: 400, body: { error: 'No such department.' } },
  });
  const { run } = await here.sync();

  const [entry] = await told(here, run.id);

  expect(entry).toMatchObject({ action: 'operation.failed' });
  expect(entry?.details).toMatchObject({
    attempts: 1,
    answer: { status: 400, sentence: 'No such department.' },
  });
});

test('tries used up are counted, with the last answer', async () => {
  await using here = await install({ people: 1 });
  here.sandbox.fault({ operation: 'create', effect: { kind: 'status', status: 503 } });
  const { run } = await here.sync();

  const [entry] = await told(here, run.id);

  expect(entry?.details).toMatchObject({ attempts: 4, answer: { status: 503 } });
});
