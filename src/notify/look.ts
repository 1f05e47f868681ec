/** Looks whether something is wrong, and stores what people are to be told. By one process at a time. */
import { randomUUID } from 'node:crypto';
import type { NotifyConfig } from '../../config/index.ts';
import { type NewAlert, queueAlerts } from '../store/incidents/alerts.ts';
import { incidents, keepIncidents } from '../store/incidents/incidents.ts';
import { claimChore, holdsChore, releaseChore } from '../store/service/chores.ts';
import { contentOf } from './compose.ts';
import { type Observed, observe } from './conditions.ts';
import { advance, type Telling } from './incidents.ts';

/** A process that has hung is not waited for any longer. */
const leaseMs = 60_000;

export interface LookMeans extends Observed {
  readonly config: NotifyConfig;
  /** Of this process. */
  readonly owner: string;
  /** The clock. */
  readonly now: () => Date;
}

/**
 * @param everyMs - whichever process looked, none looks again before this time has passed
 * @returns whether this process looked
 */
export async function look(means: LookMeans, everyMs: number): Promise<boolean> {
  const { db, owner, config, now } = means;
  if (!(await claimChore(db, 'alerts', owner, leaseMs, everyMs))) return false;
  let isDone = false;
  try {
    const at = now();
    const outlook = await observe(means, at);
    const rules = {
      groupMs: config.groupFor,
      repeatMs: config.repeat === 'never' ? undefined : config.repeat,
    };
    // Incidents and messages in one: nobody is told twice, and nothing is taken for told that was not stored.
    await db.transaction().execute(async (tx) => {
      if (!(await holdsChore(tx, 'alerts', owner))) return;
      const before = await incidents(tx);
      const { incidents: after, tellings } = advance(before, outlook, at, rules);
      await keepIncidents(tx, before, after);
      await queueAlerts(
        tx,
        tellings.flatMap((telling) => alertsOf(telling, config)),
      );
    });
    isDone = true;
    return true;
  } finally {
    await releaseChore(db, 'alerts', owner, isDone);
  }
}

/** One message for each channel that wants to hear of it, under one id. */
function alertsOf(telling: Telling, { channels }: NotifyConfig): readonly NewAlert[] {
  const id = randomUUID();
  const content = contentOf(telling);
  return Object.entries(channels)
    .filter(([, { events }]) => events.includes(telling.event))
    .map(([channel]) => ({ id, channel, content }));
}
