/** Tells people what is wrong, beside everything else and in nobody's way. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Channel, channelsOf } from './channels/index.ts';
import { deliver } from './deliver.ts';
import { type LookMeans, look } from './look.ts';

/** Messages under way get this long when the service stops. */
const graceMs = 3_000;

/** Alerts at work. */
export interface Notifier {
  /** Looks where it is due, and starts to deliver. It waits for no channel. */
  tick(): Promise<void>;
  /** Lets what is under way end, or gives it back. */
  stop(): Promise<void>;
}

/**
 * A notifier that looks when it is told to.
 *
 * @param everyMs - so often it is looked whether something is wrong, over all processes together
 */
export function createNotifier(means: LookMeans & { readonly log: Logger }, everyMs = 5_000): Notifier {
  const { db, owner, log, now, config } = means;
  const stopping = new AbortController();
  const channels = channelsOf(config);
  const atWork = new Map<string, Promise<void>>();
  const { baseUrl } = config;

  const start = (channel: Channel): void => {
    if (atWork.has(channel.name)) return;
    const work = deliver(channel, { db, owner, baseUrl, log, now, signal: stopping.signal })
      // The store is away: the lease ends by itself.
      .catch((error: unknown) =>
        log.error(
          { event: 'alert.unnoted', channel: channel.name, err: error },
          'What became of a message could not be stored; it may be sent again.',
        ),
      )
      .finally(() => atWork.delete(channel.name));
    atWork.set(channel.name, work);
  };

  return {
    async tick() {
      await look(means, everyMs);
      if (!stopping.signal.aborted) channels.forEach(start);
    },
    async stop() {
      const ended = Promise.allSettled(atWork.values());
      await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
      stopping.abort(new Error('Rollcall is stopping.'));
      await ended;
    },
  };
}
