/** Names and sentences come from outside: in no channel does anything in them act. */
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { mailOf } from '../../src/notify/channels/mail.ts';
import { slackMessage } from '../../src/notify/channels/slack.ts';
import { teamsMessage } from '../../src/notify/channels/teams.ts';
import { oneLine } from '../../src/notify/plain-text.ts';
import { alertOf, alertSaying } from './letters.ts';

const tricks = [
  '<!channel> <@U123> <https://evil.example|the console>',
  '*bold* _it_ ~no~ `code` &lt;!here&gt;',
  '[the console](https://evil.example) ![x](https://evil.example/p.png) **x** # y',
  '{{DATE(2017-02-14T06:08:39Z, SHORT)}} ${x} <at>all</at>',
  'Subject\r\nBcc: victim@example.com\r\n\r\nHello',
  'a\n.\nQUIT\r\n',
  '\u202egnp.exe \u0000 \u2028 \ud800',
];
const outside = fc.oneof(
  fc.constantFrom(...tricks),
  fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
  fc
    .array(
      fc.constantFrom('<', '>', '&', '|', '!', '@', '*', '`', '\r', '\n', '[', ']', '(', ')', 'x', ' '),
      {
        maxLength: 2_000,
        size: 'max',
      },
    )
    .map((characters) => characters.join('')),
);

test('in Slack it is plain text, and calls nobody', () => {
  fc.assert(
    fc.property(outside, (text) => {
      const { text: fallback, blocks } = slackMessage(alertSaying(text));

      expect(fallback).not.toMatch(/[<>]/);
      expect(fallback.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
      for (const { type, text: part } of blocks) {
        // What is marked up is ours alone, whatever is outside.
        if (part.type === 'mrkdwn') continue;
        expect(part.text).not.toMatch(/[<>\n]/);
        expect(part.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
      }
      const marked = (one: ReturnType<typeof slackMessage>) =>
        one.blocks.filter((block) => block.text.type === 'mrkdwn');
      expect(marked(slackMessage(alertSaying(text)))).toEqual(marked(slackMessage(alertOf())));
    }),
  );
});

test('in Teams it stands in blocks that know no Markdown', () => {
  fc.assert(
    fc.property(outside, (text) => {
      const { attachments } = teamsMessage(alertSaying(text));
      const body = attachments[0]?.content.body ?? [];

      expect(body.every(({ type }) => type === 'RichTextBlock')).toBe(true);
      expect(JSON.stringify(attachments[0]?.content.actions)).toBe(
        JSON.stringify(teamsMessage(alertOf()).attachments[0]?.content.actions),
      );
    }),
  );
});

test('however long and odd it is, Teams’s 28 KB are kept', () => {
  for (const text of ['李'.repeat(2_000), '"\\'.repeat(1_000), '👩'.repeat(2_000)]) {
    const [incident] = alertSaying(text).content.incidents;
    const ten = Array.from({ length: 10 }, () => incident).filter((one) => one !== undefined);

    expect(
      Buffer.byteLength(JSON.stringify(teamsMessage(alertOf({ incidents: ten, more: 90 })))),
    ).toBeLessThan(28_000);
  }
});

test('in a mail it adds no header and ends nothing', async () => {
  const addresses = { from: 'rollcall@example.com', to: ['ada@example.com'] };
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const headersOf = async (text: string): Promise<readonly string[]> => {
    const { message } = await composer.sendMail(mailOf(alertSaying(text), addresses));
    const [head = ''] = String(message).split('\r\n\r\n');
    // The body's own ways of being encoded differ.
    return head.split('\r\n').filter((line) => !/^Content-|^ /.test(line));
  };
  const harmless = await headersOf('source corp');

  await fc.assert(
    fc.asyncProperty(outside, async (text) => {
      expect(await headersOf(text)).toEqual(harmless);
      const lines = mailOf(alertSaying(text), addresses).text.split('\n');
      expect(lines.filter((line) => line.startsWith('* '))).toHaveLength(1);
      expect(lines).not.toContain('.');
    }),
  );
});

test('a line is one line, of so many characters, and keeps what people can read', () => {
  fc.assert(
    fc.property(outside, fc.integer({ min: 1, max: 700 }), (text, atMost) => {
      const line = oneLine(text, atMost);

      expect(line.length).toBeLessThanOrEqual(atMost);
      expect(line.isWellFormed()).toBe(true);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
  expect(oneLine('Zoë Müller, 李雷 👩‍💻', 100)).toBe('Zoë Müller, 李雷 👩‍💻');
  expect(oneLine('one\r\n two', 100)).toBe('one two');
  expect(oneLine('abcdef', 4)).toBe('abc…');
});
