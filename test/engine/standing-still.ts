/** What tests of pauses and maintenance windows share. */
import type { PauseWish } from '../../src/acts/index.ts';
import { latestEntries } from '../../src/audit/index.ts';
import { pauseCommand, resumeCommand } from '../../src/cli/commands/pause.ts';
import { sessionOf } from '../cli/session.ts';
import { until } from '../e2e/stage.ts';
import type { Installation } from './installation.ts';

export const hour = 3_600_000;

export const pauseFor = (here: Installation, options: Partial<PauseWish> = {}) =>
  pauseCommand(sessionOf(here).session, { reason: 'The import is wrong.', leavers: 'go', ...options });
export const resumeFor = (here: Installation, source?: string) =>
  resumeCommand(sessionOf(here).session, {
    reason: 'It is mended.',
    ...(source === undefined ? {} : { source }),
  });

export const audited = async ({ engine }: Installation) =>
  (await latestEntries(engine.store.db, {}, 500))
    .filter(({ action }) => /^(execution|source|maintenance)[.]/.test(action))
    .map(({ actor, action, reason }) => [actor, action, reason]);

/** Long enough for whatever may be taken to be taken: nothing is left in the queue. */
export async function settled({ engine }: Installation): Promise<void> {
  await until(
    () => engine.dispatcher.depths(),
    (all) => all.every(({ count }) => count === 0),
  );
  await new Promise((next) => setTimeout(next, 200));
}
