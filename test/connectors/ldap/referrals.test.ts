import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLdapUrl } from '../../../connectors/ldap/server/ldap-url.ts';
import { generatePeople, ldifRecord, uuidOf } from '../../servers/directory-people.ts';
import { type Samba, startSamba } from '../../servers/samba.ts';
import { personReply, type Reply, startScriptedLdap } from '../../servers/scripted-ldap.ts';
import { type Slapd, startSlapd } from '../../servers/slapd.ts';
import {
  anchor,
  connectorTo,
  connectorToSamba,
  connectorToUrl,
  readAll,
  reasonOf,
  sourceErrorOf,
} from './source.ts';

const peopleDn = 'ou=people,dc=example,dc=com';
/** Holds people 100 to 104. */
let other: Slapd;
/** Holds people 0 to 4, and refers to the other one by the name localhost. */
let slapd: Slapd;

beforeAll(async () => {
  other = await startSlapd({ people: generatePeople(105, peopleDn).slice(100) });
  const extraLdif = ldifRecord(`ou=elsewhere,${peopleDn}`, {
    objectClass: ['referral', 'extensibleObject'],
    ou: 'elsewhere',
    ref: `${other.url.replace('127.0.0.1', 'localhost')}/${peopleDn}??sub`,
  });
  slapd = await startSlapd({ people: 5, extraLdif });
});

afterAll(async () => {
  await slapd.stop();
  await other.stop();
});

const plain = () => ({ url: slapd.url, tls: { allowPlaintext: true } });
const following = { follow: true, hosts: ['LOCALHOST'] };
const anchorsOf = (identities: readonly { readonly anchor: string }[]) =>
  identities.map((one) => one.anchor).toSorted();

describe('a part of the tree on another server', () => {
  test('is read there where that is wanted, and the reading is whole', async () => {
    const { identities, skipped, completeness } = await readAll(
      connectorTo(slapd, { ...plain(), referrals: following }),
    );

    expect(completeness).toEqual({ kind: 'complete' });
    expect(skipped).toEqual([]);
    expect(anchorsOf(identities)).toEqual([0, 1, 2, 3, 4, 100, 101, 102, 103, 104].map(uuidOf).toSorted());
  });

  test('counts for a lookup too', async () => {
    const connector = connectorTo(slapd, { ...plain(), referrals: following });

    const answers = await connector.lookup(
      [3, 102, 7].map((index) => anchor(uuidOf(index))),
      new AbortController().signal,
    );

    expect([...answers.values()].map(({ kind }) => kind)).toEqual(['present', 'present', 'absent']);
  });

  test('makes the reading incomplete where it is not followed, and says what to do', async () => {
    const { identities, completeness } = await readAll(connectorTo(slapd, plain()));

    expect(identities).toHaveLength(5);
    expect(reasonOf(completeness)).toMatch(
      /were not followed: ldap:\/\/localhost:.*set referrals\.follow\.$/,
    );
  });

  test('gets no credentials where its host is not named', async () => {
    const connector = connectorTo(slapd, { ...plain(), referrals: { follow: true } });

    const { identities, completeness } = await readAll(connector);

    expect(identities).toHaveLength(5);
    expect(reasonOf(completeness)).toContain(
      'localhost is none of the servers that may be followed: name it in referrals.hosts',
    );
  });

  test('is reached by StartTLS where the source uses TLS, and its certificate is verified', async () => {
    const { identities, completeness } = await readAll(connectorTo(slapd, { referrals: following }));

    expect(identities).toHaveLength(5);
    expect(reasonOf(completeness)).toMatch(
      /A part of the tree is at .* and was not read\. No connection .*tls\.ca/,
    );
  });
});

describe('references', () => {
  test('that lead round in a circle are followed once', async () => {
    const urls: string[] = [];
    const one = await startScriptedLdap({
      onSearch: () => [
        personReply(uuidOf(1)),
        { kind: 'reference', uris: [`${urls[1]}/ou=people`] },
        { kind: 'done', cookie: '' },
      ],
    });
    const two = await startScriptedLdap({
      onSearch: () => [
        personReply(uuidOf(2)),
        { kind: 'reference', uris: [`${urls[0]}/OU=people`] },
        { kind: 'done', cookie: '' },
      ],
    });
    urls.push(one.url, two.url);

    const { identities, completeness } = await readAll(
      connectorToUrl(one.url, { referrals: { follow: true } }),
    );
    const searches = [one.searches.length, two.searches.length];
    await Promise.all([one.stop(), two.stop()]);

    expect(completeness).toEqual({ kind: 'complete' });
    expect(identities).toHaveLength(2);
    expect(searches).toEqual([1, 1]);
  });

  test('that lead on without end are given up, and the reading is incomplete', async () => {
    const server = await startScriptedLdap({
      onSearch: ({ base, number }) => [
        personReply(uuidOf(number)),
        { kind: 'reference', uris: [`${server.url}/ou=further,${base}`] },
        { kind: 'done', cookie: '' },
      ],
    });

    const { completeness } = await readAll(connectorToUrl(server.url, { referrals: { follow: true } }));
    await server.stop();

    expect(reasonOf(completeness)).toContain('References lead on over more than 5 servers');
    expect(server.searches).toHaveLength(6);
  });

  test('with several addresses are followed at the first that answers', async () => {
    const uris = ['http://no/ldap', 'ldap://unknown.example/ou=x', `${other.url}/${peopleDn}`];
    const server = await startScriptedLdap({
      onSearch: () => [personReply(uuidOf(1)), { kind: 'reference', uris }, { kind: 'done', cookie: '' }],
    });
    const { readerDn: bindDn, readerPassword: password } = other;
    const settings = { bindDn, password, tls: { allowPlaintext: true }, referrals: { follow: true } };

    const { identities, completeness } = await readAll(connectorToUrl(server.url, settings));
    await server.stop();

    expect(completeness).toEqual({ kind: 'complete' });
    expect(identities).toHaveLength(6);
  });

  test('whose server breaks off make the reading incomplete', async () => {
    const breaking = await startScriptedLdap({
      onSearch: () => [personReply(uuidOf(2)), { kind: 'done', code: 4 }],
    });
    const server = await startScriptedLdap({
      onSearch: () => [
        personReply(uuidOf(1)),
        { kind: 'reference', uris: [`${breaking.url}/ou=b`] },
        { kind: 'done', cookie: '' },
      ],
    });

    const { identities, completeness } = await readAll(
      connectorToUrl(server.url, { referrals: { follow: true } }),
    );
    await Promise.all([server.stop(), breaking.stop()]);

    expect(identities).toHaveLength(2);
    expect(reasonOf(completeness)).toMatch(
      /^At ldap:.*\/ou=b, where a part of the tree is: The server ended the search with sizeLimitExceeded/,
    );
  });

  test('in place of an answer are followed too, and are an error where they are not', async () => {
    const referral: readonly Reply[] = [{ kind: 'done', code: 10, referrals: [`${other.url}/${peopleDn}`] }];
    const server = await startScriptedLdap({ onSearch: () => referral });
    const { readerDn: bindDn, readerPassword: password } = other;
    const settings = { bindDn, password, tls: { allowPlaintext: true } };

    const followed = await readAll(connectorToUrl(server.url, { ...settings, referrals: { follow: true } }));
    const error = await sourceErrorOf(readAll(connectorToUrl(server.url, settings)));
    await server.stop();

    expect(followed.completeness).toEqual({ kind: 'complete' });
    expect(followed.identities).toHaveLength(5);
    expect(error.message).toContain('Another server holds this base');
  });

  test("to Active Directory's partitions without people are no part that is missing, another domain is", async () => {
    const guid = { objectGUID: [Buffer.from('ABCDEFGHIJKLMNOP')] };
    const reading = async (...dns: readonly string[]) => {
      const references = dns.map(
        (dn): Reply => ({ kind: 'reference', uris: [`ldap://corp.example.com/${dn}`] }),
      );
      const server = await startScriptedLdap({
        onSearch: () => [
          { kind: 'entry', dn: 'CN=a', attributes: guid },
          ...references,
          { kind: 'done', cookie: '' },
        ],
      });
      const { completeness } = await readAll(connectorToUrl(server.url, { vendor: 'active-directory' }));
      await server.stop();
      return completeness;
    };
    const root = 'DC=corp,DC=example,DC=com';

    const usual = await reading(
      `DC=DomainDnsZones,${root}`,
      `DC=ForestDnsZones,${root}`,
      `CN=Configuration,${root}`,
    );
    const child = await reading(`DC=ForestDnsZones,${root}`, `DC=child,${root}`);

    expect(usual).toEqual({ kind: 'complete' });
    expect(reasonOf(child)).toContain(`DC=child,${root}`);
  });
});

describe('Active Directory', () => {
  let samba: Samba;

  beforeAll(async () => {
    samba = await startSamba();
  });

  afterAll(async () => {
    await samba.stop();
  });

  test('read from the root of the domain is complete', async () => {
    const { completeness } = await readAll(connectorToSamba(samba, { baseDn: samba.baseDn }));

    expect(completeness).toEqual({ kind: 'complete' });
  });
});

describe('the address of a reference', () => {
  test.each([
    [
      'ldap://Other.example.com',
      { server: 'ldap://Other.example.com:389', host: 'other.example.com', base: undefined },
    ],
    [
      'ldaps://h/ou=a%2Cb,dc=x??one?(cn=M%C3%BCller)',
      { server: 'ldaps://h:636', base: 'ou=a,b,dc=x', scope: 'one' },
    ],
    ['ldap://[::1]:3389/dc=x??base', { server: 'ldap://[::1]:3389', host: '[::1]', scope: 'base' }],
  ])('is understood: %s', (text, expected) => {
    expect(parseLdapUrl(text)).toMatchObject(expected);
  });

  test.each([
    '',
    'http://h/',
    'ldap:///dc=x',
    'ldap://h/%zz',
    'ldap://h/dc=x??some',
    'ldap://h/dc=x???(cn',
    'ldap://me:secret@h/',
  ])('is refused: %j', (text) => {
    expect(parseLdapUrl(text)).toBeUndefined();
  });

  test('is understood or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        expect(() => parseLdapUrl(`ldap://h/${rest}`)).not.toThrow();
        expect(() => parseLdapUrl(`ldap://${rest}`)).not.toThrow();
      }),
    );
  });
});
