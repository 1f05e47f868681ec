import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connector } from '../../../connectors/connector.ts';
import { createLdapConnector } from '../../../connectors/ldap/index.ts';
import type { Dns, SrvRecord } from '../../../connectors/ldap/server/srv.ts';
import { makeClientCertificate } from '../../servers/certificates.ts';
import { generatePeople, uuidOf } from '../../servers/directory-people.ts';
import { freePort } from '../../servers/free-port.ts';
import { personReply, type Reply, startScriptedLdap } from '../../servers/scripted-ldap.ts';
import { type Slapd, startSlapd } from '../../servers/slapd.ts';
import {
  anchor,
  connectorTo,
  connectorToUrl,
  ldapSource,
  readAll,
  reasonOf,
  sourceErrorOf,
  withSlapd,
} from './source.ts';

let first: Slapd;
let second: Slapd;
let nobodyThere: string;

beforeAll(async () => {
  first = await startSlapd();
  second = await startSlapd();
  nobodyThere = `ldap://127.0.0.1:${await freePort()}`;
});

afterAll(async () => {
  await first.stop();
  await second.stop();
});

const plain = { tls: { allowPlaintext: true } };
const kinds = async (connector: Connector, indexes: readonly number[]) => {
  const answers = await connector.lookup(
    indexes.map((index) => anchor(uuidOf(index))),
    new AbortController().signal,
  );
  return indexes.map((index) => answers.get(anchor(uuidOf(index))));
};

describe('several servers', () => {
  test('are asked in order: where nobody listens on the first, the second is read', async () => {
    const said: string[] = [];
    const { readerDn: bindDn, readerPassword: password, peopleDn: baseDn, url } = second;
    const settings = { url: nobodyThere, failover: [url], bindDn, password, baseDn, ...plain };
    const connector = createLdapConnector(ldapSource(settings), { warn: (_, message) => said.push(message) });

    const { identities, completeness } = await readAll(connector);

    expect(identities).toHaveLength(20);
    expect(completeness).toEqual({ kind: 'complete' });
    expect(said.join('\n')).toContain(`The source corp passes over ${nobodyThere}: No connection`);
  });

  test('stand in for one whose certificate is wrong', async () => {
    const connector = connectorTo(second, { url: first.ldapsUrl, failover: [second.ldapsUrl] });

    expect((await readAll(connector)).completeness).toEqual({ kind: 'complete' });
  });

  test('are not asked after a wrong password, which would lock the account on each of them', async () => {
    const server = await startScriptedLdap({});
    const settings = { url: first.url, failover: [server.url], password: 'wrong', ...plain };

    const error = await sourceErrorOf(readAll(connectorTo(first, settings)));
    await server.stop();

    expect(error.kind).toBe('credentials');
    expect(server.connections()).toBe(0);
  });

  test('that all fail give one error that tells of each', async () => {
    const settings = { url: nobodyThere, failover: ['ldap://no-such-host.invalid'], baseDn: 'ou=people' };

    const error = await sourceErrorOf(readAll(createLdapConnector(ldapSource(settings))));

    expect(error.kind).toBe('unreachable');
    expect(error.message).toMatch(/^None of the 2 servers of the source corp can be used\./);
    expect(error.message).toContain('Nothing listens there');
    expect(error.message).toContain("The host's name is unknown here");
  });

  test('one of which accepts and never answers cost its time-out and no more', async () => {
    const silent = await startScriptedLdap({ bind: 'never' });
    const settings = { url: silent.url, failover: [second.url], timeout: '400ms', ...plain };

    const { completeness } = await readAll(connectorTo(second, settings));
    await silent.stop();

    expect(completeness).toEqual({ kind: 'complete' });
  });
});

describe('a server that is lost in the middle of a reading', () => {
  const firstPage: readonly Reply[] = [
    ...[0, 1, 2].map((index) => personReply(uuidOf(index), { cn: ['old'] })),
    { kind: 'done', cookie: 'next' },
  ];
  const breaking = (after: readonly Reply[]) =>
    startScriptedLdap({ onSearch: ({ page }) => (page?.cookie === '' ? firstPage : after) });

  test('is followed by the whole reading on the next one; nobody comes twice', async () => {
    const broken = await breaking([personReply(uuidOf(3)), { kind: 'cut' }]);
    const connector = connectorTo(second, { url: broken.url, failover: [second.url], ...plain });

    const { identities, completeness } = await readAll(connector);
    await broken.stop();

    expect(completeness).toEqual({ kind: 'complete' });
    expect(identities.map((one) => one.anchor).toSorted()).toEqual(
      Array.from({ length: 20 }, (_, index) => uuidOf(index)),
    );
  });

  test('is tried once: where the next one breaks too, or nobody is there, the reading is incomplete', async () => {
    const [one, other] = [await breaking([{ kind: 'cut' }]), await breaking([{ kind: 'cut' }])];

    const afterAnother = await readAll(connectorToUrl(one.url, { failover: [other.url] }));
    const afterNobody = await readAll(connectorToUrl(one.url, { failover: [nobodyThere] }));
    const connections = [one.connections(), other.connections()];
    await Promise.all([one.stop(), other.stop()]);

    expect(afterAnother.identities).toHaveLength(3);
    expect(reasonOf(afterAnother.completeness)).toContain('The connection was lost while reading');
    expect(reasonOf(afterNobody.completeness)).toMatch(/The connection was lost .* Nothing listens there/);
    expect(connections).toEqual([2, 1]);
  });

  test('is not left for a limit that it met: another server has the same', async () => {
    const limited = await breaking([{ kind: 'done', code: 4 }]);
    const connector = connectorTo(second, { url: limited.url, failover: [second.url], ...plain });

    const { completeness } = await readAll(connector);
    await limited.stop();

    expect(reasonOf(completeness)).toContain('sizeLimitExceeded (4)');
  });
});

describe('an absence', () => {
  test('is confirmed on the second server: who is still there is present', async () => {
    await withSlapd({ people: generatePeople(5, first.peopleDn) }, async (behind) => {
      const settings = { url: behind.url, failover: [second.url], ...plain };

      // 7 is on the second server alone, 50 on neither.
      const answers = await kinds(connectorTo(behind, settings), [1, 7, 50]);

      expect(answers).toEqual([{ kind: 'present' }, { kind: 'present' }, { kind: 'absent' }]);
    });
  });

  test('is unknown where no second server answers, and says so', async () => {
    const settings = { url: first.url, failover: [nobodyThere], ...plain };

    const answers = await kinds(connectorTo(first, settings), [1, 50]);

    expect(answers).toMatchObject([
      { kind: 'present' },
      {
        kind: 'unknown',
        reason: expect.stringMatching(/could not be confirmed on a second server\. .*Nothing listens there/),
      },
    ]);
  });
});

test('check looks at every server, and tells of the one that would not stand in', async () => {
  const probe = (failover: readonly string[]) =>
    connectorTo(first, { url: first.url, failover, ...plain }).probe({
      attributes: ['cn'],
      signal: new AbortController().signal,
    });

  const good = await probe([second.url]);
  const bad = await probe([nobodyThere]);

  expect(good.filter(({ ok }) => !ok)).toEqual([]);
  expect(good.at(-1)?.text).toBe(`${second.url} would stand in for the servers before it`);
  expect(bad.at(-1)).toMatchObject({
    ok: false,
    text: expect.stringContaining(`No connection to ${nobodyThere}`),
  });
});

describe('servers by DNS', () => {
  const portOf = (url: string) => Number(new URL(url).port);
  const dnsOf = (records: readonly SrvRecord[], asked: string[] = []): Dns => ({
    random: () => 0,
    resolveSrv: async (name) => {
      asked.push(name);
      if (records.length === 0)
        throw Object.assign(new Error(`queryEsrv ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
      return records;
    },
  });
  const connector = (dns: Dns, settings: Record<string, unknown> = {}) => {
    const { readerDn: bindDn, readerPassword: password, peopleDn: baseDn } = first;
    return createLdapConnector(
      ldapSource({ url: 'ldap+srv://localhost', bindDn, password, baseDn, ...plain, ...settings }),
      undefined,
      dns,
    );
  };

  test('are found under the service name, and asked by priority', async () => {
    const asked: string[] = [];
    const dns = dnsOf(
      [
        { name: 'localhost.', port: portOf(second.url), priority: 20, weight: 0 },
        { name: 'localhost.', port: portOf(nobodyThere), priority: 10, weight: 0 },
      ],
      asked,
    );

    const { completeness } = await readAll(connector(dns));

    expect(completeness).toEqual({ kind: 'complete' });
    expect(asked).toEqual(['_ldap._tcp.localhost']);
  });

  test('outside of the domain are not believed, unless the name in their certificate is given', async () => {
    const dns = dnsOf([{ name: 'ldap.attacker.example', port: 389, priority: 0, weight: 0 }]);

    const error = await sourceErrorOf(readAll(connector(dns)));

    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain(
      'names only servers outside of localhost under _ldap._tcp.localhost, such as ldap.attacker.example',
    );
  });

  test('without a record are a clear error, for ldaps with a word on Active Directory', async () => {
    const error = await sourceErrorOf(readAll(connector(dnsOf([]), { url: 'ldaps+srv://example.com' })));

    expect(error.message).toMatch(
      /DNS has no answer for _ldaps\._tcp\.example\.com \(ENOTFOUND\).*ldap\+srv:\/\/example\.com with tls\.startTls/,
    );
  });

  test('without a record leave those with addresses of their own', async () => {
    const { completeness } = await readAll(connector(dnsOf([]), { failover: [second.url] }));

    expect(completeness).toEqual({ kind: 'complete' });
  });
});

describe('a client certificate', () => {
  const authz = 'authz-regexp "^cn=rollcall,o=example$" "cn=reader,ou=system,dc=example,dc=com"';
  const settingsOf = (server: Slapd, subject: string, more: Record<string, unknown> = {}) => {
    const { certificateFile: cert, keyFile: key } = makeClientCertificate(dirname(server.caFile), subject);
    const tls = { ca: server.caFile, cert, key, ...more };
    return { bindDn: '', password: '', saslMechanism: 'EXTERNAL', tls };
  };

  test.each(['ldaps', 'StartTLS'] as const)('signs in by itself, over %s', async (way) => {
    await withSlapd({ demandsClientCertificate: true, extraConf: authz }, async (server) => {
      const settings = settingsOf(server, '/O=Example/CN=rollcall', { startTls: way === 'StartTLS' });
      const url = way === 'StartTLS' ? server.url : server.ldapsUrl;

      const { identities, completeness } = await readAll(connectorTo(server, { ...settings, url }));
      const [, signedIn] = await connectorTo(server, { ...settings, url }).probe({
        attributes: ['cn'],
        signal: new AbortController().signal,
      });

      expect(identities).toHaveLength(20);
      expect(completeness).toEqual({ kind: 'complete' });
      expect(signedIn?.text).toMatch(/^Signed in as the name in the client certificate .*client\.pem$/);
    });
  });

  test('that the server does not know by name sees nobody, and so removes nobody', async () => {
    await withSlapd({ demandsClientCertificate: true, extraConf: authz }, async (server) => {
      const settings = settingsOf(server, '/O=Example/CN=somebody else');

      const outcome = await readAll(connectorTo(server, settings)).then(
        ({ completeness }) => reasonOf(completeness),
        (error: Error) => error.message,
      );

      expect(outcome).toMatch(/rights|may not see it/);
    });
  });

  test('of another CA, or none where one is demanded, is an error that says so', async () => {
    await withSlapd({ demandsClientCertificate: true, extraConf: authz }, async (server) => {
      const { tls, ...rest } = settingsOf(first, '/O=Example/CN=rollcall');

      const strange = await sourceErrorOf(
        readAll(connectorTo(server, { ...rest, tls: { ...tls, ca: server.caFile } })),
      );
      const none = await sourceErrorOf(readAll(connectorTo(server)));

      // How the server refuses depends on the version of TLS and on the library behind it.
      for (const { message } of [strange, none]) {
        expect(message).toMatch(/client certificate, .*: check tls\.cert and tls\.key/);
      }
    });
  });

  test('is checked before anything is connected', async () => {
    const { certificateFile: cert, keyFile: key } = makeClientCertificate(dirname(first.caFile), '/CN=a');
    const { keyFile: otherKey } = makeClientCertificate(dirname(second.caFile), '/CN=b');
    const external = { url: first.ldapsUrl, bindDn: '', password: '', saslMechanism: 'EXTERNAL' };
    const failure = async (tls: Record<string, unknown>, settings: Record<string, unknown> = {}) =>
      sourceErrorOf(
        readAll(connectorTo(first, { ...external, ...settings, tls: { ca: first.caFile, ...tls } })),
      );

    expect((await failure({ cert, key: otherKey })).message).toContain('does not belong to the certificate');
    expect((await failure({ cert, key: cert })).message).toContain('holds no private key');
    expect((await failure({ cert: key, key })).message).toContain(
      'tls.cert must name the client certificate',
    );
    expect((await failure({ cert, key: '/nowhere' })).message).toContain(
      "client key of the source corp can't be read",
    );
    expect((await failure({ cert })).message).toContain('has a client certificate and no key');
    expect((await failure({})).message).toContain('show no certificate');
    expect((await failure({ cert, key }, { url: first.url })).message).toContain('show no certificate');
    expect((await failure({ cert, key }, { bindDn: 'cn=a', password: 'b' })).message).toContain(
      'both saslMechanism: EXTERNAL',
    );
  });
});
