/** `rollcall notify test [channel]`: does a message get through? */
import { sendTests } from '../../notify/index.ts';
import { didYouMean } from '../../words/did-you-mean.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { renderCheck } from '../render/index.ts';
import type { Session } from '../session.ts';

export async function notifyTest(
  { terminal, isJson, signal, load }: Session,
  channel: string | undefined,
): Promise<ExitCode> {
  const { notify } = (await load()).config;
  const known = Object.keys(notify.channels);
  if (known.length === 0)
    throw new UsageError('The configuration has no channel to test. Give one in notify.channels.');
  if (channel !== undefined && !known.includes(channel))
    throw new UsageError(
      `There is no channel ${channel}.${didYouMean(channel, known)} The configuration has ${known.join(', ')}.`,
    );
  const tried = await sendTests(notify, channel, new Date(), signal);
  if (isJson) terminal.json(tried);
  else {
    const findings = tried.map(({ channel: name, ok, text }) => ({
      ...{ ok, mend: undefined },
      text: `${name}: ${text}`,
    }));
    for (const line of renderCheck({ part: 'test messages', findings }, terminal)) terminal.line(line);
  }
  return tried.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed;
}
