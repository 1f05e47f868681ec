/** Mail by a real SMTP server: what arrives, and what becomes of it where it does not. */
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChannelConfig } from '../../config/index.ts';
import { alertEvents } from '../../config/sections/notify.ts';
import type { Delivery } from '../../src/notify/channels/channel.ts';
import { channelsOf } from '../../src/notify/channels/index.ts';
import { type Certificates, makeCertificates } from '../servers/certificates.ts';
import { freePort } from '../servers/free-port.ts';
import { type MailBox, startMailBox } from '../servers/mail-box.ts';
import { temporaryFolder } from '../store/stores.ts';
import { alertOf } from './letters.ts';

const user = { name: 'rollcall', password: 'canary-of-a-password' };
const folder = temporaryFolder();
let certificates: Certificates;
let box: MailBox;

beforeAll(async () => {
  certificates = makeCertificates(folder.path);
  box = await startMailBox({ certificates, user });
});
afterAll(async () => {
  await box.stop();
  folder.remove();
});

type MailConfig = Extract<ChannelConfig, { type: 'mail' }>;

function mailTo(port: number, more: Partial<MailConfig> = {}) {
  const [channel] = channelsOf({
    channels: {
      office: {
        ...{ type: 'mail', host: '127.0.0.1', port, security: 'starttls', ca: certificates.caFile },
        ...{ user: user.name, password: user.password },
        ...{
          from: 'rollcall@example.com',
          to: ['ada@example.com', 'it@example.com'],
          events: [...alertEvents],
        },
        ...more,
      },
    },
  });
  if (channel === undefined) throw new Error('There is no channel.');
  return channel;
}

const send = (port: number, more: Partial<MailConfig> = {}, alert = alertOf()): Promise<Delivery> =>
  mailTo(port, more).send(alert, AbortSignal.timeout(60_000));
const probe = (port: number, more: Partial<MailConfig> = {}) =>
  mailTo(port, more).probe(AbortSignal.timeout(60_000));
const lastOf = (from: MailBox) => {
  const mail = from.mailed.at(-1);
  if (mail === undefined) throw new Error('Nothing has come.');
  return mail;
};

test('a mail has a headline, what is wrong, what it means, commands and a link, and says that a machine wrote it', async () => {
  expect(await send(box.port)).toEqual({ kind: 'sent' });

  const { from, to, text, isSecure } = lastOf(box);
  expect({ from, to, isSecure }).toEqual({
    ...{ from: 'rollcall@example.com', to: ['ada@example.com', 'it@example.com'], isSecure: true },
  });
  for (const line of [
    'From: Rollcall <rollcall@example.com>',
    'Subject: Rollcall: A run failed',
    'Auto-Submitted: auto-generated',
    `Message-ID: <${alertOf().id}@example.com>`,
    'Date: Mon, 02 Mar 2026 08:01:00 +0000',
  ])
    expect(text.split('\r\n')).toContain(line);
  for (const part of [
    '* source corp (since 2026-03-02 08:00 UTC)',
    'rollcall runs k3v9m2wt',
    '/runs/k3v9m2wt',
  ])
    expect(text).toContain(part);
});

test('each try is the same mail, by its id', async () => {
  const { length } = box.mailed;
  box.refuse(451);

  const tries = [await send(box.port), await send(box.port), await send(box.port)];

  expect(tries.map(({ kind }) => kind)).toEqual(['again', 'sent', 'sent']);
  const ids = box.mailed.slice(length).map(({ text }) => /^Message-ID: .*$/m.exec(text)?.[0]);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('whom the server does not know is named, and the others get it', async () => {
  box.unknown.add('it@example.com');
  const some = await send(box.port);
  box.unknown.add('ada@example.com');
  const nobody = await send(box.port);
  box.unknown.clear();

  expect(some).toEqual({ kind: 'sent', remark: expect.stringContaining('not for it@example.com') });
  expect(nobody).toMatchObject({ kind: 'again', sentence: expect.stringContaining('Look at from and to.') });
});

describe('TLS and sign-in', () => {
  test('from the start, by STARTTLS, and readable only where somebody says so', async () => {
    const tls = await startMailBox({ certificates, secure: true });
    const plain = await startMailBox({ certificates, disabledCommands: ['STARTTLS'] });
    const nobody = { user: undefined, password: undefined };

    const results = {
      tls: await send(tls.port, { security: 'tls', ...nobody }),
      stripped: await send(plain.port, nobody),
      plaintext: await send(plain.port, { security: 'plaintext', ...nobody }),
    };
    const counts = [tls.mailed.length, plain.mailed.length];
    await tls.stop();
    await plain.stop();

    expect(results.tls).toEqual({ kind: 'sent' });
    expect(results.stripped).toMatchObject({ kind: 'again', sentence: expect.stringContaining('STARTTLS') });
    expect(results.plaintext).toEqual({ kind: 'sent' });
    expect(counts).toEqual([1, 1]);
  });

  test('a certificate that nobody vouches for is not trusted, and no password is given to it', async () => {
    const misnamed = temporaryFolder();
    const others = makeCertificates(misnamed.path, { subjectAltName: 'DNS:other.example.com' });
    const impostor = await startMailBox({ certificates: others, user });

    const results = [
      await send(box.port, { ca: undefined }),
      await send(impostor.port, { ca: others.caFile }),
      await send(box.port, { ca: `${folder.path}/nothing.pem` }),
    ];
    await impostor.stop();
    misnamed.remove();

    for (const result of results.slice(0, 2))
      expect(result).toMatchObject({ kind: 'again', sentence: expect.stringContaining('cannot be trusted') });
    expect(results[2]).toMatchObject({ kind: 'again', sentence: expect.stringContaining('office.ca names') });
    expect(impostor.mailed).toEqual([]);
  });

  test('a wrong password is told without it', async () => {
    const result = await send(box.port, { password: 'another-canary' });

    expect(result).toMatchObject({ kind: 'again', sentence: expect.stringContaining('(535)') });
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  test('check tries all but the sending', async () => {
    const { length } = box.mailed;

    const results = [
      await probe(box.port),
      await probe(box.port, { password: 'another-canary' }),
      await probe(box.port, { ca: undefined }),
      await probe(await freePort()),
    ];

    expect(results.map(({ ok }) => ok)).toEqual([true, false, false, false]);
    expect(results[0]?.text).toContain('lets rollcall in. Nothing was sent.');
    expect(JSON.stringify(results)).not.toContain('canary');
    expect(box.mailed).toHaveLength(length);
  });
});

describe('what does not arrive', () => {
  test.each([
    [451, 'again'],
    [554, 'refused'],
  ])('a text that is answered with %i is %s', async (code, kind) => {
    box.refuse(code);

    expect(await send(box.port)).toMatchObject({ kind, sentence: expect.stringContaining(`(${code})`) });
  });

  test('nobody listens', async () => {
    expect(await send(await freePort())).toMatchObject({
      kind: 'again',
      sentence: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('a server that never greets is not waited for for long', async () => {
    const silent: Server = createServer();
    const port = await freePort();
    await new Promise<void>((done) => silent.listen(port, '127.0.0.1', done));
    const begun = performance.now();

    const result = await send(port);
    await new Promise((done) => silent.close(done));

    expect(result).toMatchObject({
      kind: 'again',
      sentence: expect.stringContaining('did not answer within 10 s'),
    });
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});
