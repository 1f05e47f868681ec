/** `--raise GUARD=PEOPLE --reason TEXT`, by its older names too: an operator's word that a guard gives way in one run. */
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { plan } from '../../src/cli/commands/plan.ts';
import { resync } from '../../src/cli/commands/resync.ts';
import { exitCodes } from '../../src/cli/exit.ts';
import { addRaise } from '../../src/cli/raise.ts';
import { install } from '../engine/installation.ts';
import { sessionOf } from './session.ts';

/** 60 linked people, of whose profiles 30 were deleted in the org. */
async function clearedAway() {
  const here = await install({ people: 60 });
  await here.sync();
  for (const { mail } of here.people.slice(0, 30)) here.sandbox.removeUser(mail);
  return { here, ...sessionOf(here) };
}
const reason = 'They were test accounts.';

test('a run without it fails and says how to say so, and with it believes the org', async () => {
  const { here, session, told } = await clearedAway();
  await using _ = here;

  const refused = await resync(session, { mode: 'full' });
  const advice = told.splice(0).join('');
  const accepted = await resync(session, { mode: 'full', source: 'people', acceptMissing: 30, reason });
  const after = await resync(session, { mode: 'full' });

  expect(refused).toBe(exitCodes.failed);
  expect(advice).toContain('--raise maxMissing=30');
  expect([accepted, after]).toEqual([exitCodes.done, exitCodes.done]);
  const entries = await latestEntries(here.engine.store.db, {}, 500);
  expect(entries.filter(({ action }) => action === 'guard.raised')).toMatchObject([
    { actor: 'cli:anna', reason, details: { guard: 'maxMissing', people: 30 } },
  ]);
});

test('a dry run takes it too, and its word counts for that plan alone', async () => {
  const { here, session, told } = await clearedAway();
  await using _ = here;

  const shown = await plan(session, { mode: 'full', source: 'people', acceptMissing: 30, reason });
  const text = told.splice(0).join('');
  const next = await resync(session, { mode: 'full' });

  expect(shown).toBe(exitCodes.done);
  expect(text).toContain('30 conflicts');
  expect(next).toBe(exitCodes.failed);
});

test('deactivations beyond the limit go out in that run alone, and the plan says on whose word', async () => {
  await using here = await install({
    people: 8,
    config: { guards: '{ maxDeactivations: { count: 1, percent: 0 }, maxShrink: { count: 100 } }' },
  });
  const { session, told } = sessionOf(here);
  await here.sync();
  await here.publish(here.people.slice(4));

  const raise = addRaise('maxDeactivations=4');
  const raised = await resync(session, { mode: 'full', source: 'people', raise, reason });
  const text = told.splice(0).join('');
  await here.publish(here.people.slice(2));
  const usual = await resync(session, { mode: 'full' });

  expect(raised).toBe(exitCodes.done);
  expect(text).toContain(
    `Raised for this run alone by cli:anna: maxDeactivations to 4 people. Their reason: ${reason}`,
  );
  expect(here.effects().filter((effect) => effect.startsWith('deactivated'))).toHaveLength(4);
  expect(usual).toBe(exitCodes.held);
  const entries = await latestEntries(here.engine.store.db, {}, 500);
  expect(entries.filter(({ action }) => action === 'guard.raised')).toMatchObject([
    { actor: 'cli:anna', reason, details: { guard: 'maxDeactivations', people: 4 } },
  ]);
});

describe('it is refused', () => {
  test.each([
    ['without a source, by its own name', { raise: { maxEdits: 3 }, reason }, /--raise, name the source/],
    ['without a source', { acceptMissing: 3, reason }, /--source ID/],
    ['without a reason', { acceptMissing: 3, source: 'people' }, /wants a --reason/],
    ['with an empty reason', { acceptMissing: 3, source: 'people', reason: ' ' }, /wants a --reason/],
  ])('%s, before anything is read', async (_what, options, sentence) => {
    await using here = await install({ people: 1 });
    const { session } = sessionOf(here);

    for (const command of [plan, resync])
      await expect(command(session, { mode: 'full', ...options })).rejects.toThrow(sentence);
    expect(here.sandbox.requests.list).toBe(0);
  });
});
