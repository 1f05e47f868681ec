import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WantedAttributes } from '../../../connectors/connector.ts';
import { type Slapd, type SlapdOptions, startSlapd } from '../../servers/slapd.ts';
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
    'In force: filter (objectClass=inetOrgPerson) (usual); anchor entryUUID (usual); login uid (usual); e-mail mail (usual); groups memberOf (usual); employee number employeeNumber (usual); leavers by pwdAccountLockedTime, pwdEndTime, shadowExpire, krbPrincipalExpiration (usual)',
    `The base ${slapd.peopleDn} is there`,
    'Of 10 people sampled, all have the anchor entryUUID',
    'Seen in the sample: uid, mail, employeeNumber, cn',
    'No mark of a leaver is in the sample; accounts that are in order often have none',
    'The server tells no changes by itself; with schedule.delta, or delta: timestamps, they are found by time stamps',
    'The filter (objectClass=inetOrgPerson) finds 30 people',
  ]);
});

test('an attribute that the server does not know is a failure, one that is rare is not', async () => {
  const findings = await probe({}, ['cn', 'depatment', 'departmentNumber', 'surname']);

  expect(findings.slice(-6, -3)).toMatchObject([
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

describe('how changes are read', () => {
  const textOf = async (options: SlapdOptions, settings: Record<string, unknown>, groups = false) =>
    await withSlapd({ people: 2, ...options }, async (server) => {
      const signal = new AbortController().signal;
      const findings = await connectorTo(server, settings).probe({ attributes: ['cn'], groups, signal });
      return findings.filter(({ text }) => /[Cc]hanges|delta/.test(text));
    });
  const schedule = { delta: '*/5 * * * *' };

  test.each<[string, SlapdOptions, Record<string, unknown>, string]>([
    [
      'by content synchronisation',
      { contentSync: 'with-log' },
      {},
      'Changes are read by content synchronisation',
    ],
    ['by time stamps', {}, { schedule }, 'Changes are read by the time stamps of entries (modifyTimestamp)'],
    ['not at all', {}, { delta: 'none' }, 'Changes are not read, as delta says'],
  ])('is said: %s', async (_, options, settings, text) => {
    expect(await textOf(options, settings)).toEqual([
      expect.objectContaining({ ok: true, text: expect.stringContaining(text) }),
    ]);
  });

  test('is said where rules ask for groups', async () => {
    expect(await textOf({ contentSync: 'with-log' }, {}, true)).toEqual([
      expect.objectContaining({ ok: true, text: expect.stringContaining('Each delta is read as a whole.') }),
    ]);
  });

  test('is a failure where the way that was asked for is refused', async () => {
    expect(await textOf({}, { delta: 'content-sync' })).toMatchObject([
      { ok: false, text: expect.stringContaining('so each delta is read as a whole') },
    ]);
  });
});
