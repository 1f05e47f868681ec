import type { ChannelConfig, Config } from '../schema.ts';
import { type AlertEvent, alertEvents } from '../sections/notify.ts';
import { type Chapter, lengthInWords, listInWords, say } from './chapter.ts';

const names: Readonly<Record<AlertEvent, string>> = {
  'run-failed': 'a run that failed',
  'plan-held': 'a plan that waits for approval',
  'source-quarantined': 'a source in quarantine',
  'key-refused': 'a refused API key',
  'licence-full': 'a full licence',
  'leaver-late': 'a leaver who is still active',
  'audit-broken': 'a broken audit log',
  'api-down': 'a profile API that is down',
};

export function notifyInWords({ notify }: Config): Chapter {
  const { channels, repeat, groupFor, leaverLateAfter, apiDownAfter, baseUrl } = notify;
  const all = Object.entries(channels);
  return {
    title: 'Who is told when something goes wrong',
    sentences: [
      ...(all.length === 0
        ? [
            say(
              'notify.channels',
              'Nobody is told; the log, the metrics and `rollcall status` are there for who looks.',
            ),
          ]
        : all.map(([name, channel]) =>
            say(`notify.channels.${name}`, `Told of ${told(channel.events)}: ${receiver(channel)}.`),
          )),
      say(
        'notify.groupFor',
        `What begins within ${lengthInWords(groupFor)} is told in one message, and so is what ends; what is over by then is not told.`,
      ),
      say(
        'notify.repeat',
        repeat === 'never'
          ? 'What lasts is told once.'
          : `What lasts is told again every ${lengthInWords(repeat)}.`,
      ),
      say(
        'notify.leaverLateAfter',
        `Somebody who left is late when they are not known to be inactive ${lengthInWords(leaverLateAfter)} after their time.`,
      ),
      say(
        'notify.apiDownAfter',
        `The profile API may be down for ${lengthInWords(apiDownAfter)} before it is told.`,
      ),
      say(
        'notify.baseUrl',
        baseUrl === undefined ? 'Messages have no links.' : `Messages link to the console at ${baseUrl}.`,
      ),
    ],
  };
}

function receiver(channel: ChannelConfig): string {
  switch (channel.type) {
    case 'mail':
      return `${listInWords(channel.to)}, by mail through ${channel.host}`;
    case 'slack':
      return `Slack at ${channel.webhookUrl}`;
    case 'teams':
      return `Microsoft Teams at ${channel.webhookUrl}`;
    case 'webhook':
      return `a webhook at ${channel.webhookUrl}, ${channel.secret === undefined ? 'unsigned' : 'signed'}`;
    default:
      return channel satisfies never;
  }
}

const told = (events: readonly AlertEvent[]): string =>
  alertEvents.every((event) => events.includes(event))
    ? 'everything'
    : listInWords(events.map((event) => names[event]));
