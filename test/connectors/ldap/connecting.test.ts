import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLdapConnector } from '../../../connectors/ldap/index.ts';
import { makeCertificates } from '../../servers/certificates.ts';
import { freePort } from '../../servers/free-port.ts';
import { type ScriptedLdapOptions, startScriptedLdap } from '../../servers/scripted-ldap.ts';
import { type Slapd, startSlapd } from '../../servers/slapd.ts';
import { connectorTo, connectorToUrl, ldapSource, readAll, sourceErrorOf, withSlapd } from './source.ts';

let slapd: Slapd;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-ldap-test-'));
  slapd = await startSlapd();
});

afterAll(async () => {
  await slapd.stop();
  rmSync(folder, { recursive: true, force: true });
});

const failure = (settings: Record<string, unknown>) => sourceErrorOf(readAll(connectorTo(slapd, settings)));

describe('an encrypted connection', () => {
  test('is made over ldaps:// with a private CA', async () => {
    const reading = await readAll(connectorTo(slapd));

    expect(reading.identities).toHaveLength(20);
  });

  test('is made by StartTLS', async () => {
    const reading = await readAll(
      connectorTo(slapd, { url: slapd.url, tls: { ca: slapd.caFile, startTls: true } }),
    );

    expect(reading.identities).toHaveLength(20);
  });

  test.each(['ldaps', 'StartTLS'] as const)('is refused over %s when the CA is another one', async (way) => {
    const { caFile } = makeCertificates(folder);
    const startTls = way === 'StartTLS';

    const error = await failure({
      url: startTls ? slapd.url : slapd.ldapsUrl,
      tls: { ca: caFile, startTls },
    });

    expect(error.kind).toBe('certificate');
    expect(error.message).toMatch(/not from a CA that is trusted here: .* tls\.ca\.$/);
  });

  test('is refused when no CA is given for a private one', async () => {
    expect((await failure({ tls: {} })).kind).toBe('certificate');
  });

  test.each([
    'ldaps',
    'StartTLS',
  ] as const)('is refused over %s when the certificate is for another name, also where the URL has an IP address', async (way) => {
    const startTls = way === 'StartTLS';
    const certificates = { subjectAltName: 'DNS:other.example.com' };

    const [error, expected] = await withSlapd({ people: 1, certificates }, async (other) => {
      const { caFile: ca } = other;
      const url = startTls ? other.url : other.ldapsUrl;
      return [
        await sourceErrorOf(readAll(connectorTo(other, { url, tls: { ca, startTls } }))),
        await readAll(connectorTo(other, { url, tls: { ca, startTls, serverName: 'other.example.com' } })),
      ] as const;
    });

    expect(error.kind).toBe('certificate');
    expect(error.message).toMatch(/not for 127\.0\.0\.1: .* tls\.serverName/);
    expect(expected.identities).toHaveLength(1);
  });

  test('is refused when the certificate has expired', async () => {
    const certificates = { isExpired: true };

    const [error, unverified] = await withSlapd(
      { people: 1, certificates },
      async (old) =>
        [
          await sourceErrorOf(readAll(connectorTo(old))),
          await readAll(connectorTo(old, { tls: { insecureSkipVerify: true } })),
        ] as const,
    );

    expect(error.kind).toBe('certificate');
    expect(error.message).toContain('has expired');
    expect(unverified.identities).toHaveLength(1);
  });

  test('to the plain port fails with a hint to StartTLS', async () => {
    const error = await failure({ url: slapd.url.replace('ldap:', 'ldaps:') });

    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('if this is the plain port, use ldap:// with tls.startTls');
  });

  test('says which file the CA could not be read from', async () => {
    const missing = await failure({ tls: { ca: '/nowhere/ca.pem' } });
    const wrong = await failure({ tls: { ca: import.meta.filename } });
    const broken = join(folder, 'broken.pem');
    writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n');

    expect(missing.kind).toBe('file');
    expect(missing.message).toContain('/nowhere/ca.pem');
    expect(wrong.message).toContain('no readable certificate in PEM form');
    expect((await failure({ tls: { ca: broken } })).kind).toBe('file');
  });
});

describe('StartTLS', () => {
  const withStartTls = async (startTls: ScriptedLdapOptions['startTls'], timeout = '10s') => {
    const server = await startScriptedLdap(startTls === undefined ? {} : { startTls });
    const settings = { bindDn: 'cn=reader', password: 'secret', tls: { startTls: true }, timeout };
    const error = await sourceErrorOf(readAll(connectorToUrl(server.url, settings)));
    await server.stop();
    return error;
  };

  test('that the server refuses ends the reading; the password is not sent', async () => {
    const error = await withStartTls('refuse');

    expect(error.kind).toBe('protocol');
    expect(error.message).toMatch(/refuses StartTLS: unavailable \(52\), "no TLS"/);
  });

  test('whose handshake hangs is cut by the time-out', async () => {
    const error = await withStartTls('hang', '300ms');

    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('the TLS handshake took longer than 0.3 s');
  });

  test('with plaintext slipped in behind the answer is refused', async () => {
    const error = await withStartTls('inject');

    expect(error.kind).toBe('protocol');
    expect(error.message).toContain('unencrypted data after its answer to StartTLS');
  });
});

describe('signing in', () => {
  test('with a wrong password fails, without the password in the message', async () => {
    const error = await failure({ password: 'wrong-password' });

    expect(error.kind).toBe('credentials');
    expect(error.message).toContain(`as ${slapd.readerDn} failed: invalidCredentials (49)`);
    expect(error.message).not.toContain('wrong-password');
  });

  test("explains Active Directory's sub codes", async () => {
    const diagnostic =
      '80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 533, v4563\0';
    const server = await startScriptedLdap({ bind: { code: 49, diagnostic } });

    const error = await sourceErrorOf(readAll(connectorToUrl(server.url)));
    await server.stop();

    expect(error.kind).toBe('credentials');
    expect(error.message).toContain('the account is disabled');
    expect(error.message).not.toContain('\0');
  });

  test('over ldap:// without TLS is refused before anything is sent', async () => {
    const server = await startScriptedLdap({});
    const settings = { bindDn: 'cn=reader', password: 'secret' };

    const error = await sourceErrorOf(readAll(connectorToUrl(server.url, settings)));

    expect(error.kind).toBe('credentials');
    expect(error.message).toMatch(/readable over the network .* tls\.allowPlaintext permits it\.$/);
    expect(server.connections()).toBe(0);
    await server.stop();
  });

  test('over ldap:// is possible where plaintext is allowed by name, and then it is said aloud', async () => {
    const settings = { url: slapd.url, tls: { allowPlaintext: true } };
    const said: string[] = [];
    const { readerDn: bindDn, readerPassword: password, peopleDn: baseDn } = slapd;

    const reading = await readAll(
      createLdapConnector(ldapSource({ bindDn, password, baseDn, ...settings }), {
        warn: (_, message) => said.push(message),
      }),
    );

    expect(reading.identities).toHaveLength(20);
    expect(said.join()).toContain('tls.allowPlaintext');
  });

  test('with a name and no password is refused: servers take that for anonymous', async () => {
    const error = await failure({ password: '' });

    expect(error.kind).toBe('credentials');
    expect(error.message).toContain('has a bindDn and no password');
  });
});

test('a url with a password in it is refused, without showing it', async () => {
  const error = await failure({ url: 'ldaps://reader:hush@127.0.0.1' });

  expect(error.kind).toBe('credentials');
  expect(error.message).not.toContain('hush');
});

describe('a server that is not there', () => {
  test('is unreachable when nothing listens', async () => {
    const error = await failure({ url: `ldaps://127.0.0.1:${await freePort()}` });

    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('Nothing listens there');
  });

  test('is unreachable when its name is unknown', async () => {
    const error = await failure({ url: 'ldaps://no-such-host.invalid' });

    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain("The host's name is unknown here");
  });

  test('is of another kind when something else listens', async () => {
    const server = await startScriptedLdap({
      onSearch: () => [{ kind: 'bytes', bytes: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }],
    });

    const error = await sourceErrorOf(readAll(connectorToUrl(server.url)));
    await server.stop();

    expect(error.kind).toBe('protocol');
    expect(error.message).toContain('not an LDAP message');
  });
});

test('only one file knows ldapts', () => {
  const root = join(import.meta.dirname, '../../..');
  const files = globSync('{connectors,src,config}/**/*.ts', { cwd: root });

  const knowing = files.filter((file) => readFileSync(join(root, file), 'utf8').includes("from 'ldapts'"));

  expect(knowing).toEqual(['connectors/ldap/wire/requests.ts']);
});
