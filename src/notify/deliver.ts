/** Takes the messages of a channel to it, one after the other. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { claimAlert, endAlert, postponeAlert } from '../store/incidents/alerts.ts';
import type { ClaimedAlert } from '../store/incidents/incident.ts';
import type { Database } from '../store/schema.ts';
import type { Channel, Delivery } from './channels/index.ts';
import { waitMs } from './pace.ts';

/** Longer than the slowest try. Whoever dies in the middle leaves the message to others after it, who send it again. */
const leaseMs = 60_000;
/** What could not be delivered for a day is no news any more: `rollcall status` tells how things are now. */
const giveUpAfterMs = 24 * 3_600_000;

export interface DeliveryMeans {
  readonly db: Kysely<Database>;
  /** Of this process. */
  readonly owner: string;
  readonly baseUrl: string | undefined;
  readonly log: Logger;
  readonly now: () => Date;
  /** Breaks off what is under way. */
  readonly signal: AbortSignal;
}

/** Sends what is due, until nothing is, or a message could not be delivered. */
export async function deliver(channel: Channel, means: DeliveryMeans): Promise<void> {
  const { db, owner, baseUrl, signal } = means;
  while (!signal.aborted) {
    const alert = await claimAlert(db, channel.name, owner, leaseMs);
    if (alert === undefined) return;
    const { id, madeAt, content } = alert;
    if (means.now().getTime() - madeAt.getTime() > giveUpAfterMs) {
      await giveUp(channel.name, alert, means);
      continue;
    }
    const delivery = await channel.send({ id, madeAt, content, baseUrl }, signal);
    if (!(await note(channel.name, alert, delivery, means))) return;
  }
}

async function giveUp(
  channel: string,
  { seq, content, attempts, trouble = 'No process was there to send it.' }: ClaimedAlert,
  { db, owner, log }: DeliveryMeans,
): Promise<void> {
  await endAlert(db, seq, owner, { state: 'dropped', trouble });
  log.error(
    { event: 'alert.dropped', channel, alert: content.event, phase: content.phase, attempts: attempts - 1 },
    `A message was not delivered for a day, and nobody was told by the channel ${channel}: ${trouble} \`rollcall notify test ${channel}\` tries it out.`,
  );
}

/** @returns whether the next message may follow at once */
async function note(
  channel: string,
  { seq, attempts, content }: ClaimedAlert,
  delivery: Delivery,
  { db, owner, log, signal }: DeliveryMeans,
): Promise<boolean> {
  const about = { channel, alert: content.event, phase: content.phase };
  switch (delivery.kind) {
    case 'sent':
      await endAlert(db, seq, owner, { state: 'sent', trouble: delivery.remark });
      if (delivery.remark === undefined) log.info({ event: 'alert.sent', ...about }, 'People were told.');
      else log.warn({ event: 'alert.sent', ...about }, `People were told, with a remark: ${delivery.remark}`);
      return true;
    case 'refused':
      await endAlert(db, seq, owner, { state: 'dropped', trouble: delivery.sentence });
      log.error(
        { event: 'alert.dropped', ...about },
        `The channel ${channel} does not take this message, and nobody was told by it: ${delivery.sentence} \`rollcall notify test ${channel}\` tries it out.`,
      );
      return true;
    case 'again': {
      const { sentence, afterMs } = delivery;
      if (signal.aborted) {
        await postponeAlert(db, seq, owner, { delayMs: 0, trouble: sentence, countsAsAttempt: false });
        return false;
      }
      const delayMs = waitMs(attempts, afterMs);
      await postponeAlert(db, seq, owner, { delayMs, trouble: sentence, countsAsAttempt: true });
      log.warn(
        { event: 'alert.undelivered', ...about, attempts, againInMs: delayMs },
        `The channel ${channel} did not take a message; tried again in ${Math.ceil(delayMs / 1_000)} s. ${sentence}`,
      );
      return false;
    }
    default:
      return delivery satisfies never;
  }
}
