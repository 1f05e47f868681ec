/** `--accept-missing N --reason TEXT`: an operator's word that many linked profiles were deleted in the org on purpose. */
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { plan } from '../../src/cli/commands/plan.ts';
import { resync } from '../../src/cli/commands/resync.ts';
import { exitCodes } from '../../src/cli/exit.ts';
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
  expect(advice).toContain('--accept-missing 30');
  expect([accepted, after]).toEqual([exitCodes.done, exitCodes.done]);
  const entries = await latestEntries(here.engine.store.db, {}, 500);
  expect(entries.filter(({ action }) => action === 'guard.raised')).toMatchObject([
    { actor: 'cli:anna', reason, details: { guard: 'missing profiles', people: 30 } },
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

describe('it is refused', () => {
  test.each([
    ['without a source', { acceptMissing: 3, reason }, /--source ID/],
    ['without a reason', { acceptMissing: 3, source: 'people' }, /say why they were deleted/],
    [
      'with an empty reason',
      { acceptMissing: 3, source: 'people', reason: ' ' },
      /say why they were deleted/,
    ],
  ])('%s, before anything is read', async (_what, options, sentence) => {
    await using here = await install({ people: 1 });
    const { session } = sessionOf(here);

    for (const command of [plan, resync])
      await expect(command(session, { mode: 'full', ...options })).rejects.toThrow(sentence);
    expect(here.sandbox.requests.list).toBe(0);
  });
});
