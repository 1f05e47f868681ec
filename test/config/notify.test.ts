/** Who is told: what may be written, what is said of it, and what is shown of it. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configInWords, redactConfig } from '../../config/index.ts';
import { alertEvents } from '../../config/sections/notify.ts';
import { createConfigFolder, sound } from './config-folder.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const channels = `
notify:
  channels:
    ops: { type: slack, webhookUrl: "https://hooks.slack.com/services/T0/B0/canary" }
    it: { type: teams, webhookUrl: "https://prod.logic.azure.com:443/workflows/1/paths/invoke?sig=canary", events: [key-refused, audit-broken] }
    siem: { type: webhook, webhookUrl: "https://siem.example.com/canary", secret: "${secret}", ca: siem.pem }
    office: { type: mail, host: mail.example.com, user: rollcall, password: canary, from: rollcall@example.com, to: [ada@example.com, it@example.com], events: [leaver-late] }
`;

it('every channel tells of everything unless told otherwise, after the usual times', async () => {
  await using folder = await createConfigFolder();

  const { config, warnings } = await folder.load(sound(channels));

  const { notify } = config;
  expect(notify).toMatchObject({
    ...{ repeat: 86_400_000, groupFor: 60_000, leaverLateAfter: 900_000, apiDownAfter: 600_000 },
    channels: {
      ops: { events: [...alertEvents] },
      office: { security: 'starttls', events: ['leaver-late'] },
    },
  });
  expect(notify.channels.siem).toMatchObject({ ca: join(folder.folder, 'siem.pem') });
  expect(warnings).toEqual([]);
});

it('messages link to where the console is reached, by its own key or the server’s', async () => {
  await using folder = await createConfigFolder();
  const publicUrl = 'server: { publicUrl: https://rollcall.example.com }';

  expect((await folder.load(sound(publicUrl))).config.notify.baseUrl).toBe('https://rollcall.example.com');
  expect(
    (await folder.load(sound(`${publicUrl}\nnotify: { baseUrl: https://other.example.com }`))).config.notify
      .baseUrl,
  ).toBe('https://other.example.com');
  expect((await folder.load(sound())).config.notify.baseUrl).toBeUndefined();
});

it('no address and no secret of a channel is shown; its host is', async () => {
  await using folder = await createConfigFolder();
  const { config } = await folder.load(sound(channels));

  const shown = JSON.stringify([redactConfig(config), configInWords(config)]);

  expect(shown).not.toContain('canary');
  expect(shown).not.toContain(secret);
  expect(redactConfig(config).notify).toMatchObject({
    channels: { ops: { webhookUrl: 'https://hooks.slack.com/***' }, office: { password: '***' } },
  });
});

it('an address comes from the environment as other secrets do', async () => {
  await using folder = await createConfigFolder();
  const webhookUrl = 'https://hooks.slack.com/services/T0/B0/from-the-environment';

  const { config } = await folder.load(sound('notify: { channels: { ops: { type: slack } } }'), {
    ROLLCALL__NOTIFY__CHANNELS__OPS__WEBHOOKURL: webhookUrl,
  });

  expect(config.notify.channels.ops).toMatchObject({ webhookUrl });
});

it('is explained in words, channel by channel', async () => {
  await using folder = await createConfigFolder();
  const { config } = await folder.load(sound(channels));

  const said = configInWords(config)
    .flatMap(({ sentences }) => sentences)
    .filter(({ key }) => key.startsWith('notify.'))
    .map(({ text }) => text);

  expect(said).toEqual([
    'Told of everything: Slack at https://hooks.slack.com/***.',
    'Told of a refused API key and a broken audit log: Microsoft Teams at https://prod.logic.azure.com/***.',
    'Told of everything: a webhook at https://siem.example.com/***, signed.',
    'Told of a leaver who is still active: ada@example.com and it@example.com, by mail through mail.example.com.',
    'What begins within 1 minute is told in one message, and so is what ends; what is over by then is not told.',
    'What lasts is told again every 1 day.',
    'Somebody who left is late when they are not known to be inactive 15 minutes after their time.',
    'The profile API may be down for 10 minutes before it is told.',
    'Messages have no links.',
  ]);
});

it('what crosses the network readable is said at every start', async () => {
  await using folder = await createConfigFolder();

  const { warnings } = await folder.load(
    sound(`
notify:
  channels:
    chat: { type: slack, webhookUrl: "http://chat.internal/hooks/canary" }
    office: { type: mail, host: relay, security: plaintext, from: a@example.com, to: [b@example.com] }
`),
  );

  expect(warnings).toEqual([
    expect.stringMatching(/^notify\.channels\.chat: webhookUrl is http/),
    expect.stringMatching(/^notify\.channels\.office: security is plaintext/),
  ]);
  expect(warnings.join()).not.toContain('canary');
});

it.each([
  ['Ops Team: { type: slack, webhookUrl: "https://x.example.com" }', 'name a channel with up to 32'],
  ['ops: { type: slak, webhookUrl: "https://x.example.com" }', 'Did you mean slack?'],
  ['ops: { type: slack, url: "https://x.example.com" }', 'is no key here'],
  ['ops: { type: slack, webhookUrl: "ftp://x.example.com" }', 'is no URL of the right kind'],
  [
    'ops: { type: slack, webhookUrl: "https://x.example.com", events: [run-faild] }',
    'Did you mean run-failed?',
  ],
  ['ops: { type: webhook, webhookUrl: "https://x.example.com", secret: short }', 'whsec_'],
  [
    'ops: { type: mail, host: h, user: u, from: a@example.com, to: [b@example.com] }',
    'user and password go together',
  ],
  [
    'ops: { type: mail, host: h, from: "A <a@example.com>", to: [b@example.com] }',
    'is no text of the right form',
  ],
])('%s: %s', async (channel, message) => {
  await using folder = await createConfigFolder();

  const problems = await folder.problemsOf(sound(`notify:\n  channels:\n    ${channel}\n`));

  expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
});
