/** Tries sources in quarantine again when their time has come, in place of their schedule. */
import { audit } from '../../audit/index.ts';
import { isRunPending, requestRun } from '../../store/runs/runs.ts';
import { pausedSources } from '../../store/service/pauses.ts';
import { takeDueTries } from '../../store/sources/quarantines.ts';
import type { Engine } from '../engine.ts';

/** Requests a whole reading of each source that is due. One without a schedule, or that is paused, is left to people. */
export async function tryQuarantined({ store: { db }, sources }: Engine): Promise<void> {
  const paused = await pausedSources(db);
  const scheduled = sources.filter(
    ({ id, config: { schedule } }) =>
      !paused.has(id) && (schedule.full !== undefined || schedule.delta !== undefined),
  );
  const due = await takeDueTries(
    db,
    scheduled.map(({ id }) => id),
  );
  for (const source of due) {
    if (await isRunPending(db, source, 'full')) continue;
    const run = await requestRun(db, {
      source,
      mode: 'apply',
      reading: 'full',
      trigger: 'schedule',
      actor: 'quarantine',
      onlyWho: undefined,
    });
    const entry = { actor: 'quarantine', action: 'run.requested', run, source } as const;
    await audit(db, [{ ...entry, details: { reading: 'full' } }], new Date());
  }
}
