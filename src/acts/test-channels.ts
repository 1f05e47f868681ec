import type { Config } from '../../config/index.ts';
import { sendTests, type Tried } from '../notify/index.ts';
import { didYouMean } from '../words/did-you-mean.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Sends a test message through each channel, or the one that is named. */
export async function testChannels(
  { notify }: Pick<Config, 'notify'>,
  channel: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly kind: 'tried'; readonly tried: readonly Tried[] } | Refusal> {
  const known = Object.keys(notify.channels);
  if (known.length === 0)
    return refuse('not-now', 'The configuration has no channel to test. Give one in notify.channels.');
  if (channel !== undefined && !known.includes(channel))
    return refuse(
      'unknown',
      `There is no channel ${channel}.${didYouMean(channel, known)} The configuration has ${known.join(', ')}.`,
    );
  return { kind: 'tried', tried: await sendTests(notify, channel, new Date(), signal) };
}
