/** Tries channels out: with a test message, or without sending anything. */
import { randomUUID } from 'node:crypto';
import type { NotifyConfig } from '../../config/index.ts';
import { type Channel, channelsOf } from './channels/index.ts';

/** What came of one channel. */
export interface Tried {
  readonly channel: string;
  readonly ok: boolean;
  readonly text: string;
}

/** Sends a test message through each, or through the one that is named; all at the same time, told in their order. */
export async function sendTests(
  config: NotifyConfig,
  only: string | undefined,
  now: Date,
  signal: AbortSignal,
): Promise<readonly Tried[]> {
  const alert = {
    id: randomUUID(),
    madeAt: now,
    // About no event; the phase says so.
    content: { event: 'run-failed', phase: 'test', incidents: [], more: 0 },
    baseUrl: config.baseUrl,
  } as const;
  return await each(config, only, async (channel) => {
    const delivery = await channel.send(alert, signal);
    return delivery.kind === 'sent'
      ? { ok: true, text: delivery.remark ?? 'The test message was taken. Look whether it has arrived.' }
      : { ok: false, text: delivery.sentence };
  });
}

/** Finds out of each what can be found out without sending anything. */
export const probeChannels = (config: NotifyConfig, signal: AbortSignal): Promise<readonly Tried[]> =>
  each(config, undefined, (channel) => channel.probe(signal));

const each = (
  config: NotifyConfig,
  only: string | undefined,
  attempt: (channel: Channel) => Promise<Omit<Tried, 'channel'>>,
): Promise<readonly Tried[]> =>
  Promise.all(
    channelsOf(config)
      .filter(({ name }) => only === undefined || name === only)
      .map(async (channel) => ({ channel: channel.name, ...(await attempt(channel)) })),
  );
