/** Signing in, in every way, and what an operator is told when it fails. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cloudOf } from '../../../connectors/entra/sign-in/clouds.ts';
import { makeCertificates } from '../../servers/certificates.ts';
import { changesSince, cursorAfterReading, emulatedTenant, readAll, sourceOf } from './tenant.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function certificate(days: number, parts: 'both' | 'no-key' = 'both') {
  const folder = mkdtempSync(join(tmpdir(), 'entra-certificate-'));
  const [key, pem, file] = ['key.pem', 'certificate.pem', 'both.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const ends = ['-days', String(days)];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      pem,
      ...ends,
      '-subj',
      '/CN=Rollcall',
    ],
    { stdio: 'ignore' },
  );
  const text = readFileSync(pem, 'utf8');
  writeFileSync(file, parts === 'both' ? text + readFileSync(key, 'utf8') : text);
  return { file, text };
}

function endedCertificate(): string {
  const folder = mkdtempSync(join(tmpdir(), 'entra-certificate-'));
  const { certificateFile, keyFile } = makeCertificates(folder, { isExpired: true });
  const file = join(folder, 'both.pem');
  writeFileSync(file, readFileSync(certificateFile, 'utf8') + readFileSync(keyFile, 'utf8'));
  return file;
}

describe('an application signs in', () => {
  test('by a certificate', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser();
    const { file, text } = certificate(100);
    tenant.registration.certificate = text;

    const { identities } = await readAll(tenant.connect({ auth: { certificate: { file } } }));

    expect(identities).toHaveLength(1);
  });

  test('by a federated token, read anew when it is needed', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser();
    const tokenFile = join(mkdtempSync(join(tmpdir(), 'entra-token-')), 'token');
    writeFileSync(tokenFile, 'eyJ.federated.token');
    tenant.registration.federatedToken = 'eyJ.federated.token';

    const { identities } = await readAll(tenant.connect({ auth: { workloadIdentity: { tokenFile } } }));

    expect(identities).toHaveLength(1);
  });

  test('by the identity of its machine', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser();
    vi.stubEnv('IDENTITY_ENDPOINT', tenant.managedIdentity.endpoint);
    vi.stubEnv('IDENTITY_HEADER', tenant.managedIdentity.header);

    const { identities } = await readAll(
      tenant.connect({ auth: { managedIdentity: true }, clientId: undefined }),
    );

    expect(identities).toHaveLength(1);
  });
});

describe('a token', () => {
  test('is asked for once, however much is read', async () => {
    await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 2 } });
    for (let index = 0; index < 20; index += 1) tenant.directory.addUser();
    const connector = tenant.connect();

    await Promise.all([readAll(connector), readAll(connector), readAll(connector)]);

    expect(tenant.tokens.given).toBe(1);
  });

  test('that ends while a reading goes on is renewed', async () => {
    await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 2 } });
    for (let index = 0; index < 20; index += 1) tenant.directory.addUser();
    tenant.registration.tokenLifetime = 1;
    const connector = tenant.connect();
    let pages = 0;

    for await (const part of connector.read({ attributes: [], signal: AbortSignal.timeout(20_000) })) {
      if (part.kind === 'end') expect(part.completeness.kind).toBe('complete');
      else if (pages++ < 4) await new Promise((done) => setTimeout(done, 600));
    }

    expect(tenant.tokens.given).toBeGreaterThan(1);
  });

  test('that was revoked is replaced by a new one', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser();
    const connector = tenant.connect();
    const cursor = await cursorAfterReading(connector);
    tenant.tokens.revokeAll();

    expect((await changesSince(connector, cursor)).end.kind).toBe('end');
  });

  test('that Graph goes on refusing is told so, and not asked for without end', async () => {
    await using tenant = await emulatedTenant();
    const body = {
      error: { code: 'InvalidAuthenticationToken', message: 'Access token validation failure.' },
    };
    tenant.faults.add({ on: /GET \/users/, misfortune: { kind: 'answer', status: 401, body }, times: 99 });

    await expect(readAll(tenant.connect())).rejects.toMatchObject({ kind: 'credentials' });
    expect(tenant.tokens.given).toBe(2);
  });

  test('that never comes is waited for no longer than the timeout', async () => {
    await using tenant = await emulatedTenant();
    tenant.faults.add({ on: /oauth2/, misfortune: { kind: 'hang' }, times: 99 });

    await expect(readAll(tenant.connect({ timeout: '300ms' }))).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('gave no token within 0.3 s'),
    });
  });

  test('is waited for no longer than the reading is wanted', async () => {
    await using tenant = await emulatedTenant();
    tenant.faults.add({ on: /oauth2/, misfortune: { kind: 'hang' }, times: 99 });
    const stopping = new AbortController();
    const reading = tenant.connect().read({ attributes: [], signal: stopping.signal });
    setTimeout(() => stopping.abort(new Error('Stopped by hand.')), 100);

    await expect(reading[Symbol.asyncIterator]().next()).rejects.toThrow('Stopped by hand.');
  });

  test('is asked for again after the sign-in host was in trouble', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser();
    tenant.faults.add({
      on: /oauth2/,
      misfortune: {
        kind: 'answer',
        status: 503,
        body: { error: 'temporarily_unavailable', error_description: 'Later.' },
      },
      times: 2,
    });

    expect((await readAll(tenant.connect())).identities).toHaveLength(1);
  });
});

describe('a sign-in that is refused says why, and what to do', () => {
  const cases = [
    [90002, "Tenant 'x' not found.", 'credentials', 'no such tenant', 'tenantId'],
    [700016, 'Application was not found.', 'credentials', 'no application with this client id', 'clientId'],
    [7000215, 'Invalid client secret provided.', 'credentials', 'the client secret is wrong', 'not its id'],
    [
      7000222,
      'The provided client secret keys are expired since 2026-03-01.',
      'credentials',
      'expired on 2026-03-01',
      'Make a new one',
    ],
    [
      53003,
      'Access has been blocked by Conditional Access policies.',
      'permission',
      'conditional access',
      'sign-in log',
    ],
    [65001, 'The user or administrator has not consented.', 'permission', 'consented', 'User.Read.All'],
    [700024, 'Client assertion is not within its valid time range.', 'credentials', 'clock', 'NTP'],
    [
      900382,
      'Confidential Client is not supported in Cross Cloud request.',
      'credentials',
      'another cloud',
      'cloud',
    ],
    [
      99999,
      'Something that nobody here has heard of.',
      'credentials',
      'nobody here has heard of',
      'AADSTS99999',
    ],
  ] as const;

  test.each(cases)('AADSTS%i', async (code, sentence, kind, meaning, mend) => {
    await using tenant = await emulatedTenant();
    tenant.registration.refusal = { code, sentence };

    const reading = readAll(tenant.connect());

    await expect(reading).rejects.toMatchObject({ kind });
    const { message } = await reading.then(
      () => ({ message: '' }),
      (error: Error) => error,
    );
    expect(message).toContain(meaning);
    expect(message).toContain(mend);
    expect(message).toMatch(/AADSTS\d+ \(correlation id [0-9a-f-]+\)\. /);
    expect(message).not.toContain('Trace ID');
  });

  test('of a certificate that has ended, by its date, before anything is sent', async () => {
    await using tenant = await emulatedTenant();
    const file = endedCertificate();

    await expect(readAll(tenant.connect({ auth: { certificate: { file } } }))).rejects.toThrow(
      /ended on \d{4}-/,
    );
    expect(tenant.requests).toEqual([]);
  });

  test.each([
    [
      'a certificate without its key',
      () => ({ certificate: { file: certificate(10, 'no-key').file } }),
      'private key',
    ],
    [
      'a certificate that is not there',
      () => ({ certificate: { file: '/nowhere/x.pem' } }),
      '/nowhere/x.pem',
    ],
    [
      'a federated token that is not there',
      () => ({ workloadIdentity: { tokenFile: '/nowhere/token' } }),
      '/nowhere/token',
    ],
    ['a token file that is not named', () => ({ workloadIdentity: {} }), 'no token file is named'],
  ])('of %s', async (_, auth, word) => {
    await using tenant = await emulatedTenant();

    await expect(readAll(tenant.connect({ auth: auth() }))).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining(word),
    });
  });

  test('of a tenant that is not there, which the library itself keeps for itself', async () => {
    await using tenant = await emulatedTenant();

    await expect(readAll(tenant.connect({ tenantId: 'contosso.example' }))).rejects.toMatchObject({
      kind: 'credentials',
      message: expect.stringContaining('no such tenant in this cloud, AADSTS90002'),
    });
  });

  test('of a sign-in host that is not there', async () => {
    await using tenant = await emulatedTenant();
    const cloud = { login: 'https://localhost:9', graph: tenant.url };

    await expect(readAll(tenant.connect({ cloud }))).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('https://localhost:9'),
    });
  });
});

test('the clouds have hosts of their own', async () => {
  await using tenant = await emulatedTenant();
  const hostsOf = (cloud: unknown) => cloudOf(sourceOf(tenant, { cloud }));

  expect(['public', 'gccHigh', 'dod', 'china'].map((cloud) => hostsOf(cloud).graph)).toEqual([
    'https://graph.microsoft.com',
    'https://graph.microsoft.us',
    'https://dod-graph.microsoft.us',
    'https://microsoftgraph.chinacloudapi.cn',
  ]);
  expect(hostsOf('china').login).toBe('https://login.chinacloudapi.cn');
});

test('exactly one way to sign in is configured', async () => {
  await using tenant = await emulatedTenant();

  expect(() => sourceOf(tenant, { auth: {} })).toThrow(/exactly one of secret, certificate/);
  expect(() => sourceOf(tenant, { auth: { secret: 'a', managedIdentity: true } })).toThrow(/exactly one/);
});
