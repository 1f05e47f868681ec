/** Slack's incoming webhooks. Text from outside goes in as plain text, in which Slack finds no links, mentions or marks. */
import { compose, type Entry } from '../compose.ts';
import { oneLine } from '../plain-text.ts';
import type { Channel, OutgoingAlert } from './channel.ts';
import { type PostAddress, post, probeAddress } from './post.ts';

export function slackChannel(address: PostAddress): Channel {
  return {
    name: address.channel,
    send: (alert, signal) => post(address, JSON.stringify(slackMessage(alert)), {}, signal),
    probe: (signal) => probeAddress(address, signal),
  };
}

/** The three characters that Slack gives a meaning everywhere: `<!channel>` would call everybody. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A longer one makes Slack refuse the whole message. */
const blockAtMost = 3_000;

/** As much of it as a block takes once it is escaped. */
function fitting(text: string): string {
  const whole = escaped(text);
  return whole.length <= blockAtMost ? whole : fitting(oneLine(text, Math.floor(text.length * 0.9)));
}

const plain = (text: string) => ({ type: 'plain_text', text: fitting(text), emoji: false });
const marked = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });

export function slackMessage({ content, baseUrl }: OutgoingAlert) {
  const { title, entries, more, means, commands, link } = compose(content, baseUrl);
  const headline = `Rollcall: ${title}`;
  const toDo = [
    ...commands.map((command) => `\`${escaped(command)}\``),
    ...(link === undefined
      ? []
      : [`<${escaped(new URL(link).href).replaceAll('|', '%7C')}|Open the console>`]),
  ];
  return {
    // What a notification on a phone shows, and servers that take Slack's form without its blocks.
    text: escaped([headline, ...entries.map(inLine), more].filter(Boolean).join('\n')),
    mrkdwn: false,
    blocks: [
      { type: 'header', text: plain(headline.slice(0, 150)) },
      ...entries.map((entry) => ({ type: 'section', text: plain(inLine(entry)) })),
      ...(more === '' ? [] : [{ type: 'section', text: plain(more) }]),
      { type: 'section', text: marked(escaped(means)) },
      ...(toDo.length === 0 ? [] : [{ type: 'section', text: marked(toDo.join('\n')) }]),
    ],
  };
}

const inLine = ({ subject, sentence, when }: Entry): string =>
  `${subject} (${when})${sentence === '' ? '' : `: ${sentence}`}`;
