/** What pauses and maintenance windows need from time to time, done by whichever scheduler comes first. */
import { audit } from '../../audit/index.ts';
import { resumeOverdue } from '../../plan/index.ts';
import { maintenanceAt } from '../../schedule/index.ts';
import { beginMaintenance, endMaintenance } from '../../store/service/maintenance.ts';
import type { Engine } from '../engine.ts';

/** Ends pauses whose time is over, and notes once, over all processes, when a maintenance window begins and ends. */
export async function watchStandstills({ store: { db }, config, log }: Engine): Promise<void> {
  const now = new Date();
  await resumeOverdue(db, log, now);
  const { current } = maintenanceAt(config.maintenance, now);
  if (current === undefined) {
    const since = await endMaintenance(db);
    if (since === undefined) return;
    log.info({ event: 'maintenance.ended', since }, 'The maintenance window is over: operations go on.');
    const details = { since: since.toISOString() };
    await audit(db, [{ actor: 'schedule', action: 'maintenance.ended', details }], now);
  } else if (await beginMaintenance(db, current.from)) {
    const { until, leavers, reason } = current;
    const details = { until: until?.toISOString(), leavers };
    log.info(
      { event: 'maintenance.began', until, leavers, reason },
      `A maintenance window is in force: nothing is written to the org${leavers === 'go' ? ' but deactivations' : ''}. What is under way ends.`,
    );
    await audit(db, [{ actor: 'schedule', action: 'maintenance.began', reason, details }], now);
  }
}
