/** Whoever waits for a run looks while workers take its operations. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { pauseCommand } from '../../src/cli/commands/pause.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { standstillOf } from '../../src/engine/progress/standstill.ts';
import { claim, postpone } from '../../src/store/operations/leases.ts';
import { sessionOf } from '../cli/session.ts';
import { sayLeft } from '../offboarding/office.ts';
import { install, people } from './installation.ts';

// The other one waits. Of two looks, this one was queued in the first, and neither released nor running in the second.
test('a leaver who is taken at this very moment is not told to stand still', async () => {
  await using here = await install({ people: 6 });
  await here.sync();
  await pauseCommand(sessionOf(here).session, { reason: 'The import is wrong.', leavers: 'go' });
  const [one, other] = [here.person(0), here.person(1)];
  await here.publish(markLeft(markLeft(here.people, one.uid), other.uid));
  await here.release();
  const { run } = await sayLeft(here, one.mail);
  const { db } = here.engine.store;
  const [operation] = run === undefined ? [] : await here.operations(run);
  if (operation === undefined) throw new Error('Nobody is to be deactivated.');
  await sql`UPDATE operations SET run_id = ${run}, seq = 99 WHERE state = 'queued' AND email = ${other.mail}`.execute(
    db,
  );
  const again = { delayMs: 0, message: '', countsAsAttempt: false, mayHaveHappened: false };
  let isOver = false;
  const takeAndGiveBack = async (): Promise<void> => {
    for (; !isOver; ) {
      if ((await claim(db, operation.id, 'a worker', 60_000)) === undefined) continue;
      await postpone(db, operation.id, 'a worker', again);
    }
  };

  const taken = takeAndGiveBack();
  const halts: unknown[] = [];
  for (let look = 0; look < 500; look += 1)
    halts.push(await standstillOf(db, [], { id: operation.run_id, source_id: people }, new Date()));
  isOver = true;
  await taken;

  expect(halts.filter((halt) => halt !== undefined)).toEqual([]);
});
