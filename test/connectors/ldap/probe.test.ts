import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WantedAttributes } from '../../../connectors/connector.ts';
import { type Slapd, startSlapd } from '../../servers/slapd.ts';
import { connectorTo, withSlapd } from './source.ts';

let slapd: Slapd;

beforeAll(async () => {
  slapd = await startSlapd({ people: 30 });
});

afterAll(async () => {
  await slapd.stop();
});

const probe = (settings: Record<string, unknown> = {}, attributes: WantedAttributes = ['cn']) =>
  connectorTo(slapd, settings).probe({ attributes, signal: new AbortController().signal });

test('a source in order gives findings that are all right', async () => {
  const findings = await probe({ pageSize: 10 });

  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  expect(findings.map(({ text }) => text)).toEqual([
    `Connected to ${slapd.ldapsUrl} with TLSv1.3`,
    `Signed in as ${slapd.readerDn}`,
    'It is read as OpenLDAP',
    'Its naming contexts: dc=example,dc=com',
    'The server supports paged results',
    'In force: filter (objectClass=inetOrgPerson) (usual); anchor entryUUID (usual); login uid (usual); e-mail mail (usual); groups memberOf (usual); leavers by pwdAccountLockedTime, pwdEndTime, shadowExpire, krbPrincipalExpiration (usual)',
    `The base ${slapd.peopleDn} is there`,
    'Of 10 people sampled, all have the anchor entryUUID',
    'Seen in the sample: uid, mail, cn',
    'No mark of a leaver is in the sample; accounts that are in order often have none',
    'The filter (objectClass=inetOrgPerson) finds 30 people',
  ]);
});

test('an attribute that the server does not know is a failure, one that is rare is not', async () => {
  const findings = await probe({}, ['cn', 'depatment', 'departmentNumber', 'surname']);

  expect(findings.slice(-5, -2)).toMatchObject([
    { ok: false, text: 'The server knows no attribute named depatment' },
    {
      ok: false,
      text: 'The server answers surname under its other name sn',
      mend: 'Write sn in place of surname.',
    },
    { ok: true, text: expect.stringMatching(/^Never seen in the sample: departmentNumber\. /) },
  ]);
});

test('a login, e-mail or anchor that nobody has is a failure', async () => {
  const findings = await probe({ attributes: { login: 'pager', anchor: 'nsUniqueId' } });

  expect(findings.filter(({ ok }) => !ok)).toMatchObject([
    { text: 'Of 30 people sampled, 30 lack the anchor nsUniqueId' },
    { text: 'Of 30 people sampled, nobody has pager', mend: expect.stringContaining('attributes.login') },
  ]);
});

test.each([
  ['a wrong password', { password: 'wrong' }, /^Signing in to .* \(49\)/, /^Check bindDn and password/, 2],
  ['a wrong base', { baseDn: 'ou=no,dc=example,dc=com' }, /noSuchObject/, /Check baseDn/, 7],
  ['a wrong filter', { filter: '(uid=' }, /closing bracket is missing/, /RFC 4515/, 1],
  ['a filter that finds nobody', { filter: '(uid=nobody)' }, /finds nobody/, /Check the filter/, 8],
  ['a CA that is not known', { tls: {} }, /^No connection to ldaps:/, /tls\.ca/, 1],
  ['a host that is not known', { url: 'ldaps://no-such-host.invalid' }, /No connection/, /check the url/, 1],
])('%s is a finding with its mend, after those that are right', async (_, settings, text, mend, count) => {
  const findings = await probe(settings);

  expect(findings).toHaveLength(count);
  expect(findings.slice(0, -1).every(({ ok }) => ok)).toBe(true);
  expect(findings.at(-1)).toMatchObject({ ok: false });
  expect(findings.at(-1)?.text).toMatch(text);
  expect(findings.at(-1)?.mend).toMatch(mend);
});

test('a connection without TLS says so', async () => {
  const [first] = await probe({ url: slapd.url, bindDn: '', password: '', tls: {} });

  expect(first?.text).toBe(`Connected to ${slapd.url} without TLS: everything is readable on the way`);
});

test('a root DSE that the account may not read is a finding, and the rest goes on', async () => {
  const acl = `access to attrs=userPassword by anonymous auth by * none
access to dn.base="" by * none
access to dn.subtree="dc=example,dc=com" by * read`;
  await withSlapd({ people: 3, acl }, async (server) => {
    const findings = await connectorTo(server).probe({
      attributes: ['cn'],
      signal: new AbortController().signal,
    });

    expect(findings.filter(({ ok }) => !ok)).toMatchObject([
      {
        text: `What kind of server ${server.ldapsUrl} is can't be seen, so it is read as any LDAP directory`,
        mend: 'Let the account read the root DSE (the entry without a name), or set vendor.',
      },
    ]);
    expect(findings.at(-1)?.text).toMatch(/finds 3 people$/);
  });
});

test('everybody is counted, beyond the first page, and one who is hidden is none', async () => {
  await withSlapd({ people: 1_203 }, async (server) => {
    const findings = await connectorTo(server, { pageSize: 500, filter: '(cn=*)' }).probe({
      attributes: ['cn'],
      signal: new AbortController().signal,
    });

    expect(findings.at(-1)?.text).toBe('The filter (cn=*) finds 1203 people');
  });
});

test('a limit that ends the counting is a finding', async () => {
  const sizeLimits = 'size.soft=500 size.hard=500 size.pr=unlimited size.prtotal=700';
  await withSlapd({ people: 1_203, sizeLimits }, async (server) => {
    const findings = await connectorTo(server).probe({
      attributes: ['cn'],
      signal: new AbortController().signal,
    });

    expect(findings.at(-1)).toMatchObject({ ok: false, mend: expect.stringContaining('limit') });
  });
});
