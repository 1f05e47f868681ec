/** Webhooks, Slack and Teams over HTTP: what arrives, and what becomes of it where it does not. */
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChannelConfig } from '../../config/index.ts';
import { alertEvents } from '../../config/sections/notify.ts';
import type { Channel } from '../../src/notify/channels/channel.ts';
import { channelsOf } from '../../src/notify/channels/index.ts';
import { type Certificates, makeCertificates } from '../servers/certificates.ts';
import { freePort } from '../servers/free-port.ts';
import { type PostBox, secretPath, startPostBox } from '../servers/post-box.ts';
import { temporaryFolder } from '../store/stores.ts';
import { alertOf } from './letters.ts';

const folder = temporaryFolder();
const expiredFolder = temporaryFolder();
let certificates: Certificates;
let expired: Certificates;
let box: PostBox;

beforeAll(async () => {
  certificates = makeCertificates(folder.path);
  expired = makeCertificates(expiredFolder.path, { isExpired: true });
  box = await startPostBox();
});
afterAll(async () => {
  await box.stop();
  folder.remove();
  expiredFolder.remove();
});

const events = [...alertEvents];

function channelFor(config: ChannelConfig): Channel {
  const [channel] = channelsOf({ channels: { ops: config } });
  if (channel === undefined) throw new Error('There is no channel.');
  return channel;
}

const slackAt = (webhookUrl: string, ca?: string): Channel =>
  channelFor({ type: 'slack', webhookUrl, ca, events });
const send = (channel: Channel, alert = alertOf()) => channel.send(alert, AbortSignal.timeout(30_000));
const last = (from: PostBox) => {
  const posted = from.posted.at(-1);
  if (posted === undefined) throw new Error('Nothing has come.');
  return { ...posted, json: JSON.parse(posted.body) as unknown };
};

test('a generic webhook gets JSON with an id, signed for whoever knows the secret', async () => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const channel = channelFor({ type: 'webhook', webhookUrl: box.url, secret, ca: undefined, events });

  expect(await send(channel)).toEqual({ kind: 'sent' });

  const { headers, body, path } = last(box);
  expect(path).toBe(secretPath);
  const signed = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, String(value)]));
  expect(new Webhook(secret).verify(body, signed)).toMatchObject({
    type: 'alert.opened',
    timestamp: '2026-03-02T08:01:00.000Z',
    data: {
      event: 'run-failed',
      title: 'A run failed',
      means: expect.stringContaining('Nobody is removed because of it.'),
      link: 'https://rollcall.example.com/runs/k3v9m2wt',
      incidents: [
        {
          subject: 'source corp',
          sentence: 'The directory cannot be reached.',
          commands: ['rollcall runs k3v9m2wt', 'rollcall check'],
          since: '2026-03-02T08:00:00.000Z',
          until: null,
        },
      ],
      more: 0,
    },
  });
  expect(headers['webhook-id']).toBe(alertOf().id);
  expect(() => new Webhook(`whsec_${randomBytes(32).toString('base64')}`).verify(body, signed)).toThrow();
});

test('every try has the same id and is signed anew', async () => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const channel = channelFor({ type: 'webhook', webhookUrl: box.url, secret, ca: undefined, events });
  box.next({ status: 500 });

  const tries = [await send(channel), await send(channel)];

  expect(tries.map(({ kind }) => kind)).toEqual(['again', 'sent']);
  const [one, other] = box.posted.slice(-2).map(({ headers }) => headers);
  expect(one?.['webhook-id']).toBe(other?.['webhook-id']);
  expect(one?.['webhook-signature']).toMatch(/^v1,/);
});

test('Slack gets a headline, what is wrong, what it means, commands and a link', async () => {
  expect(await send(slackAt(box.url))).toEqual({ kind: 'sent' });

  expect(last(box).json).toEqual({
    text: 'Rollcall: A run failed\nsource corp (since 2026-03-02 08:00 UTC): The directory cannot be reached.',
    mrkdwn: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'Rollcall: A run failed', emoji: false } },
      {
        type: 'section',
        text: {
          type: 'plain_text',
          text: 'source corp (since 2026-03-02 08:00 UTC): The directory cannot be reached.',
          emoji: false,
        },
      },
      {
        type: 'section',
        text: { type: 'mrkdwn', verbatim: true, text: expect.stringContaining('is not seen until') },
      },
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          verbatim: true,
          text: '`rollcall runs k3v9m2wt`\n`rollcall check`\n<https://rollcall.example.com/runs/k3v9m2wt|Open the console>',
        },
      },
    ],
  });
});

test('Teams gets an Adaptive Card for a workflow', async () => {
  const channel = channelFor({ type: 'teams', webhookUrl: box.url, ca: undefined, events });
  box.next({ status: 202 });

  expect(await send(channel)).toEqual({ kind: 'sent' });

  expect(last(box).json).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'RichTextBlock', inlines: [{ text: 'Rollcall: A run failed', weight: 'Bolder' }] },
            {
              type: 'RichTextBlock',
              inlines: [{ text: 'source corp' }, { text: expect.stringContaining('reached') }],
            },
            { type: 'RichTextBlock' },
            { type: 'RichTextBlock', inlines: [{ text: 'rollcall runs k3v9m2wt', fontType: 'Monospace' }] },
            { type: 'RichTextBlock', inlines: [{ text: 'rollcall check', fontType: 'Monospace' }] },
          ],
          actions: [{ type: 'Action.OpenUrl', url: 'https://rollcall.example.com/runs/k3v9m2wt' }],
        },
      },
    ],
  });
});

test('what lasts, what is over, and a test are told as such', async () => {
  const channel = channelFor({ type: 'webhook', webhookUrl: box.url, ca: undefined, events });
  const until = '2026-03-02T09:30:00.000Z';
  const [incident] = alertOf().content.incidents;
  const over = incident === undefined ? [] : [{ ...incident, until }];
  const told: unknown[] = [];
  for (const more of [
    { phase: 'lasting', more: 3 },
    { phase: 'resolved', incidents: over },
    { phase: 'test', incidents: [] },
  ] as const) {
    await send(channel, alertOf(more));
    told.push(last(box).json);
  }

  expect(told).toMatchObject([
    { type: 'alert.lasting', data: { title: 'Still: The runs of 4 sources failed', more: 3 } },
    { type: 'alert.resolved', data: { title: 'Resolved: a source is read again', incidents: [{ until }] } },
    { type: 'alert.test', data: { event: 'test', means: expect.stringContaining('Nothing is wrong.') } },
  ]);
});

describe('what does not arrive', () => {
  test.each([
    [500, 'again', /answered 500/],
    [503, 'again', /answered 503/],
    [429, 'again', /answered 429/],
    [404, 'again', /not valid any more: make a new one/],
    [400, 'refused', /answered 400/],
    [413, 'refused', /answered 413/],
    [302, 'again', /redirect, which is not followed/],
  ])('%i is %s', async (status, kind, sentence) => {
    const elsewhere = await startPostBox();
    box.next({
      status,
      headers: { location: elsewhere.url, 'retry-after': '7' },
      body: `Cannot POST ${secretPath}`,
    });

    const delivery = await send(slackAt(box.url));
    await elsewhere.stop();

    expect(delivery).toMatchObject({ kind, sentence: expect.stringMatching(sentence) });
    expect(JSON.stringify(delivery)).not.toContain('canary');
    expect(elsewhere.posted).toEqual([]);
    if (status === 429) expect(delivery).toMatchObject({ afterMs: 7_000 });
  });

  test('Slack’s own word for it is told', async () => {
    box.next({ status: 404, body: 'no_service' });

    expect(await send(slackAt(box.url))).toMatchObject({
      sentence: expect.stringContaining('404 (no_service)'),
    });
  });

  test('nobody listens, or the connection ends', async () => {
    const nowhere = await send(slackAt(`http://127.0.0.1:${await freePort()}${secretPath}`));
    box.next('cut');
    const cut = await send(slackAt(box.url));

    expect(nowhere).toMatchObject({ kind: 'again', sentence: expect.stringContaining('ECONNREFUSED') });
    expect(cut).toMatchObject({ kind: 'again', sentence: expect.stringContaining('cannot be reached') });
    expect(JSON.stringify([nowhere, cut])).not.toContain('canary');
  });

  test('a name that nobody knows', async () => {
    const delivery = await send(slackAt(`http://nowhere.invalid${secretPath}`));

    expect(delivery).toMatchObject({
      kind: 'again',
      sentence: expect.stringMatching(/nowhere\.invalid is not known/),
    });
    expect(JSON.stringify(delivery)).not.toContain('canary');
  });

  test('a receiver that takes it and says nothing is not waited for for long', async () => {
    box.next('hang');
    const begun = performance.now();

    const delivery = await send(slackAt(box.url));

    expect(delivery).toMatchObject({
      kind: 'again',
      sentence: expect.stringContaining('did not answer within 10 s'),
    });
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  test('a receiver that never ends its answer is cut off', async () => {
    box.next({ status: 500, body: 'x'.repeat(5_000_000) });

    expect(await send(slackAt(box.url))).toMatchObject({
      kind: 'again',
      sentence: expect.stringContaining('answered 500.'),
    });
  });
});

describe('TLS', () => {
  test('a private CA is trusted where it is named, and nothing else is', async () => {
    const tls = await startPostBox(certificates);
    const other = await startPostBox(expired);
    const misnamed = await startPostBox(certificates, 'localhost');

    const named = await send(slackAt(tls.url, certificates.caFile));
    const unknown = await send(slackAt(tls.url));
    const old = await send(slackAt(other.url, expired.caFile));
    const wrong = await send(slackAt(misnamed.url, certificates.caFile));
    const noCa = await send(slackAt(tls.url, certificates.keyFile));
    const probes = await Promise.all([
      slackAt(tls.url, certificates.caFile).probe(AbortSignal.timeout(30_000)),
      slackAt(tls.url).probe(AbortSignal.timeout(30_000)),
      slackAt(box.url).probe(AbortSignal.timeout(30_000)),
      slackAt(`http://127.0.0.1:${await freePort()}/`).probe(AbortSignal.timeout(30_000)),
      slackAt(tls.url, certificates.keyFile).probe(AbortSignal.timeout(30_000)),
    ]);
    for (const one of [tls, other, misnamed]) await one.stop();

    expect(named).toEqual({ kind: 'sent' });
    for (const distrusted of [unknown, old, wrong])
      expect(distrusted).toMatchObject({
        kind: 'again',
        sentence: expect.stringContaining('cannot be trusted'),
      });
    expect(noCa).toMatchObject({
      kind: 'again',
      sentence: expect.stringContaining('notify.channels.ops.ca names'),
    });
    expect(probes.map(({ ok }) => ok)).toEqual([true, false, true, false, false]);
    expect(probes[0]?.text).toContain('its certificate is good. Nothing was sent.');
    expect(probes[1]?.text).toContain('cannot be trusted');
    expect(probes[4]?.text).toContain('notify.channels.ops.ca names');
    expect(JSON.stringify([named, unknown, old, wrong, noCa, probes])).not.toContain('canary');
    expect([tls.posted, other.posted, misnamed.posted].map(({ length }) => length)).toEqual([1, 0, 0]);
  });
});
