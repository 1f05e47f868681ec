/** Wrong keys, passwords, addresses and certificates: of the directory, the profile API, the store and the queue. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from '../servers/certificates.ts';
import { expectPlain, expectRefused, type Scene, setScene } from './mistakes.ts';

let scene: Scene;
let stranger: Certificates;
let https: Server;
let httpsPort = 0;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-stranger-'));

beforeAll(async () => {
  scene = await setScene({ combination: 'PostgreSQL' });
  stranger = makeCertificates(folder);
  const [cert, key] = [readFileSync(stranger.certificateFile), readFileSync(stranger.keyFile)];
  https = createServer({ cert, key }, (_, response) => response.end('{}'));
  await new Promise<void>((listening) => https.listen(0, '127.0.0.1', listening));
  const address = https.address();
  httpsPort = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  https.close();
  rmSync(folder, { recursive: true });
  await scene[Symbol.asyncDispose]();
});

interface Mistake {
  readonly what: string;
  change(): readonly [string, string];
  /** The part of `check` that finds it. */
  readonly part: string;
  readonly says: readonly string[];
}

const api = (to: () => string) => (): [string, string] => [`url: ${scene.stage.sandbox.url}`, `url: ${to()}`];
const directory = (to: () => string) => (): [string, string] => [scene.slapd.ldapsUrl, to()];
const database = (to: string) => (): [string, string] => [/^database: .*$/m.exec(scene.right)?.[0] ?? '', to];

const mistakes: readonly Mistake[] = [
  {
    what: 'a wrong API key',
    change: () => ['apiKey: sandbox-key', 'apiKey: canary-key'],
    part: 'profile API',
    says: ['answered 401', 'Check profileApi.apiKey'],
  },
  {
    what: 'a port where no profile API listens',
    change: api(() => 'http://127.0.0.1:1'),
    part: 'profile API',
    says: ['http://127.0.0.1:1/', 'Nothing listens there. Check host and port in profileApi.url'],
  },
  {
    what: 'an unknown host of the profile API',
    change: api(() => 'http://no-such-host.invalid'),
    part: 'profile API',
    says: ['no-such-host.invalid', 'Check profileApi.url and the DNS'],
  },
  {
    what: 'a certificate of the profile API from another CA',
    change: api(() => `https://127.0.0.1:${httpsPort}`),
    part: 'profile API',
    says: ['CA that is not known here', 'profileApi.ca'],
  },
  {
    what: 'a certificate of the profile API for another name',
    change: api(() => `https://localhost:${httpsPort}, ca: ${stranger.caFile}`),
    part: 'profile API',
    says: ['for another name', 'profileApi.url'],
  },
  {
    what: 'something else where the profile API should be',
    change: api(() => `https://127.0.0.1:${httpsPort}, ca: ${stranger.caFile}`),
    part: 'profile API',
    says: ['the answer is no profile', 'Check profileApi.url'],
  },
  {
    what: 'a wrong password of the directory',
    change: () => ['reader-secret', 'canary-password'],
    part: 'source corp',
    says: ['as cn=reader,ou=system,dc=example,dc=com failed', 'Check bindDn and password'],
  },
  {
    what: 'a port where no directory listens',
    change: directory(() => 'ldaps://127.0.0.1:1'),
    part: 'source corp',
    says: ['ldaps://127.0.0.1:1', 'Nothing listens there: check the port'],
  },
  {
    what: 'an unknown host of the directory',
    change: directory(() => 'ldaps://no-such-host.invalid'),
    part: 'source corp',
    says: ['no-such-host.invalid', 'check the url, and DNS'],
  },
  {
    what: 'a certificate of the directory from another CA',
    change: () => [scene.slapd.caFile, stranger.caFile],
    part: 'source corp',
    says: ['not from a CA that is trusted here', 'tls.ca'],
  },
  {
    what: 'a certificate of the directory for another name',
    change: directory(() => scene.slapd.ldapsUrl.replace('127.0.0.1', 'localhost')),
    part: 'source corp',
    says: ['is not for localhost', 'tls.serverName'],
  },
  {
    what: "a CA's file that is not there",
    change: () => [scene.slapd.caFile, '/no/such/ca.pem'],
    part: 'source corp',
    says: ['/no/such/ca.pem', 'Check tls.ca'],
  },
  {
    what: 'a base that is not there',
    change: () => [`baseDn: ${scene.slapd.peopleDn}`, 'baseDn: ou=nobody,dc=example,dc=com'],
    part: 'source corp',
    says: ['ou=nobody,dc=example,dc=com', 'The base does not exist', 'Check baseDn'],
  },
  {
    what: 'a port where no PostgreSQL listens',
    change: database('database: { url: "postgres://u:canary@127.0.0.1:1/x" }'),
    part: 'store and queue',
    says: ['PostgreSQL at 127.0.0.1:1/x', 'correct host and port in database.url'],
  },
  {
    what: 'an unknown host of PostgreSQL',
    change: database('database: { url: "postgres://u:canary@no-such-host.invalid/x" }'),
    part: 'store and queue',
    says: ['no-such-host.invalid', 'Correct the host in database.url'],
  },
  {
    what: 'a folder where no store can be',
    change: database('database: { path: /dev/null/store }'),
    part: 'store and queue',
    says: ['/dev/null/store', 'database.path'],
  },
  {
    what: 'a port where no Redis listens',
    change: database('database: { path: store }\nredis: { url: "redis://:canary@127.0.0.1:1" }'),
    part: 'store and queue',
    says: ['Redis at 127.0.0.1:1', 'under redis in the configuration'],
  },
];

test.each(mistakes)('$what: one sentence from plan, one finding of check', async ({ change, part, says }) => {
  const [from, to] = change();

  const plan = await scene.mistaken(from, to, 'plan');
  expectRefused(plan, { code: 1, says });
  expect(plan.stderr).not.toContain('canary');

  const check = await scene.mistaken(from, to, 'check', '--json');
  expect(check.code).toBe(1);
  expect(check.stdout + check.stderr).not.toContain('canary');
  expectPlain(check);
  const parts: { part: string; findings: { ok: boolean; text: string; mend?: string }[] }[] = JSON.parse(
    check.stdout,
  );
  const bad = parts.flatMap((one) =>
    one.findings.filter(({ ok }) => !ok).map((finding) => ({ ...finding, in: one.part })),
  );
  expect(bad.map((finding) => finding.in)).toEqual([part]);
  for (const piece of says) expect(bad.map(({ text, mend }) => `${text}. ${mend}`).join()).toContain(piece);
});

test('nothing was done, and the mended configuration works on the same store', async () => {
  await scene.expectAllIsWellAfterwards();
});
