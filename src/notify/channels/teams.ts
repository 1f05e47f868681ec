/**
 * Microsoft Teams, by a workflow that posts an Adaptive Card ("When a Teams webhook request is received"). Text from
 * outside goes into rich text blocks: unlike text blocks they know no Markdown, so nothing in it acts.
 */
import { compose, type Entry } from '../compose.ts';
import type { Channel, OutgoingAlert } from './channel.ts';
import { type PostAddress, post, probeAddress } from './post.ts';

export function teamsChannel(address: PostAddress): Channel {
  return {
    name: address.channel,
    send: (alert, signal) => post(address, JSON.stringify(teamsMessage(alert)), {}, signal),
    probe: (signal) => probeAddress(address, signal),
  };
}

type Run = { readonly text: string; readonly weight?: 'Bolder'; readonly fontType?: 'Monospace' };

const richText = (runs: readonly Run[], more: { readonly spacing?: 'Medium' } = {}) => ({
  type: 'RichTextBlock',
  ...more,
  inlines: runs.map((run) => ({ type: 'TextRun', ...run })),
});

export function teamsMessage({ content, baseUrl }: OutgoingAlert) {
  const { title, entries, more, means, commands, link } = compose(content, baseUrl);
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    // What a notification shows of it.
    fallbackText: `Rollcall: ${title}`,
    body: [
      richText([{ text: `Rollcall: ${title}`, weight: 'Bolder' }]),
      ...entries.map((entry) => richText(runsOf(entry))),
      ...(more === '' ? [] : [richText([{ text: more }])]),
      richText([{ text: means }], { spacing: 'Medium' }),
      ...commands.map((command) => richText([{ text: command, fontType: 'Monospace' }])),
    ],
    ...(link === undefined
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: 'Open the console', url: link }] }),
  };
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card },
    ],
  };
}

const runsOf = ({ subject, sentence, when }: Entry): readonly Run[] => [
  { text: subject, weight: 'Bolder' },
  { text: ` (${when})${sentence === '' ? '' : `: ${sentence}`}` },
];
