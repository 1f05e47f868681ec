/** Groups as OpenLDAP has them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normalDn } from '../../../../connectors/ldap/names/dn.ts';
import { ldifRecord } from '../../../servers/directory-people.ts';
import { type Slapd, type SlapdOptions, startSlapd } from '../../../servers/slapd.ts';
import { connectorTo, type Reading, readAll, reasonOf, withSlapd } from '../source.ts';

const base = 'ou=groups,dc=example,dc=com';
const dn = (cn: string) => `cn=${cn},${base}`;
const group = (cn: string, attributes: Record<string, string | readonly string[]>) =>
  ldifRecord(dn(cn), { cn, ...attributes });

/** People without a memberOf of their own; Ann's name needs an escape, Bob has a login and a gid. */
const ann = 'cn=Archer\\, Ann,ou=A,ou=people,dc=example,dc=com';
const bob = 'cn=Bob,ou=A,ou=people,dc=example,dc=com';
const eve = 'cn=Eve,ou=B,ou=people,dc=example,dc=com';
const person = (
  name: string,
  cn: string,
  id: number,
  more: Record<string, string | readonly string[]> = {},
) => ({
  dn: name,
  entryUuid: `0a1b2c3d-0000-4000-8000-00000000000${id}`,
  attributes: {
    ...{ objectClass: ['inetOrgPerson', 'extensibleObject'], cn, sn: cn, uid: cn.toLowerCase() },
    mail: `${cn.length}@example.com`,
    ...more,
  },
});
const people: SlapdOptions['people'] = [
  person(ann, 'Archer, Ann', 1),
  person(bob, 'Bob', 2, { gidNumber: '500' }),
  person(eve, 'Eve', 3, { title: 'Engineer' }),
];

/** By name, since servers spell names in their own way. */
const groupsOf = ({ identities }: Reading, name: string) =>
  identities.find(({ label }) => normalDn(label) === normalDn(name))?.groups.toSorted();
const never = () => new AbortController().signal;
const read = (server: Slapd, groups: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  readAll(connectorTo(server, { groups, ...more }), ['cn'], never(), true);

describe('groups that tell their members', () => {
  let slapd: Slapd;
  beforeAll(async () => {
    slapd = await startSlapd({
      people,
      extraLdif: [
        group('staff', { objectClass: 'groupOfNames', member: [ann.toUpperCase(), dn('team')] }),
        group('team', { objectClass: 'groupOfNames', member: [bob, dn('inner')] }),
        // Back to the outermost, and itself.
        group('inner', { objectClass: 'groupOfNames', member: [eve, dn('staff'), dn('inner')] }),
        group('unique', { objectClass: 'groupOfUniqueNames', uniqueMember: [`${ann}#'0101'B`, eve] }),
        group('posix', { objectClass: 'posixGroup', gidNumber: '600', memberUid: ['bob', 'nobody'] }),
        group('primary', { objectClass: 'posixGroup', gidNumber: '500' }),
        group('dynamic', {
          objectClass: 'groupOfURLs',
          memberURL: 'ldap:///ou=people,dc=example,dc=com??sub?(title=Engineer)',
        }),
      ].join(''),
    });
  });
  afterAll(async () => {
    await slapd.stop();
  });

  test('are found by walking: nested ones with cycles, by DN, by DN with a bit string, by login, by number, by search', async () => {
    const reading = await read(slapd);

    const nested = [dn('inner'), dn('staff'), dn('team')];
    expect(groupsOf(reading, ann)).toEqual([dn('inner'), dn('staff'), dn('team'), dn('unique')]);
    expect(groupsOf(reading, bob)).toEqual([
      dn('inner'),
      dn('posix'),
      dn('primary'),
      dn('staff'),
      dn('team'),
    ]);
    expect(groupsOf(reading, eve)).toEqual([dn('dynamic'), ...nested, dn('unique')]);
    expect(reading.completeness).toEqual({ kind: 'complete' });
  });

  test('are the direct ones alone, where that is asked for', async () => {
    expect(groupsOf(await read(slapd, { nested: false }), bob)).toEqual([
      dn('posix'),
      dn('primary'),
      dn('team'),
    ]);
  });

  test('are named by their first part, where that is asked for', async () => {
    expect(groupsOf(await read(slapd, { names: 'cn' }), ann)).toEqual(['inner', 'staff', 'team', 'unique']);
  });

  test('of which only some count are named as the configuration spells them', async () => {
    const spelled = 'CN=Staff, OU=groups, DC=example,DC=com';
    const reading = await read(slapd, { only: [spelled] });

    expect(groupsOf(reading, eve)).toEqual([spelled]);
    expect(reading.completeness).toEqual({ kind: 'complete' });
  });

  test('of which one that counts is not there make the reading incomplete', async () => {
    const reading = await read(slapd, { only: [dn('staff'), dn('stuff')] });

    expect(reading.identities).toHaveLength(3);
    expect(reasonOf(reading.completeness)).toContain(`The group ${dn('stuff')} of groups.only can't be read`);
  });

  test('under a base that is not there make the reading incomplete, and people are read all the same', async () => {
    const reading = await read(slapd, { baseDn: 'ou=nowhere,dc=example,dc=com', by: 'walk' });

    expect(reading.identities).toHaveLength(3);
    expect(reasonOf(reading.completeness)).toContain('noSuchObject (32)');
  });

  test('that lie outside of the base are followed', async () => {
    const reading = await read(slapd, { baseDn: dn('staff') });

    expect(groupsOf(reading, eve)).toEqual([dn('inner'), dn('staff'), dn('team')]);
    expect(reading.completeness).toEqual({ kind: 'complete' });
  });

  test('are told by `check`, with how they are read', async () => {
    const findings = await connectorTo(slapd).probe({ attributes: ['cn'], groups: true, signal: never() });

    expect(findings.find(({ text }) => text.startsWith('Groups'))).toMatchObject({
      ok: true,
      text: expect.stringContaining(
        'Groups are read by the members of 7 groups under dc=example,dc=com, nested ones included: of 3 people sampled, 3 are in some',
      ),
    });
  });

  test('are not read where nobody asks for them', async () => {
    const reading = await readAll(connectorTo(slapd));

    expect(reading.identities.map(({ groups }) => groups)).toEqual([[], [], []]);
    expect(reading.completeness).toEqual({ kind: 'complete' });
  });
});

describe('groups that an account sees in part', () => {
  const reader = 'cn=reader,ou=system,dc=example,dc=com';
  const groups = [
    group('staff', { objectClass: 'groupOfNames', member: [ann, bob] }),
    group('team', { objectClass: 'groupOfNames', member: eve }),
  ].join('');
  const usual = `access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${reader}" read by * none`;

  test.each([
    ['without the right to members', 'access to attrs=member by * none', 'None of the 2 groups under'],
    [
      'without the right to the members of one',
      `access to dn.exact="${dn('team')}" attrs=member by * none`,
      '1 groups show no member, although their object class demands one',
    ],
    [
      'without the right to any group',
      `access to dn.children="${base}" by * none`,
      'None of the 3 people is in any group',
    ],
  ])('%s make the reading incomplete', async (_, acl, reason) => {
    const reading = await withSlapd({ people, extraLdif: groups, acl: `${acl}\n${usual}` }, (server) =>
      read(server),
    );

    expect(reading.identities).toHaveLength(3);
    expect(reasonOf(reading.completeness)).toContain('nobody is removed for being in none');
    expect(reading.completeness).toMatchObject({ groupsUnknown: expect.stringContaining(reason) });
    expect(reasonOf(reading.completeness)).toContain(reason);
  });

  test('since a limit ended the search for them make the reading incomplete', async () => {
    const many = Array.from({ length: 8 }, (_, index) =>
      group(`g${index}`, { objectClass: 'groupOfNames', member: ann }),
    );
    const sizeLimits = 'size.soft=5 size.hard=5 size.pr=5 size.prtotal=5';

    const reading = await withSlapd({ people, extraLdif: many.join(''), sizeLimits }, (server) =>
      read(server, {}, { pageSize: 4 }),
    );

    expect(reading.identities).toHaveLength(3);
    expect(reasonOf(reading.completeness)).toContain(
      'were not read wholly: The server ended the search with sizeLimitExceeded',
    );
  });
});

describe('people who tell their groups', () => {
  test('are believed, and their groups asked for those around them', async () => {
    const overlays = 'overlay memberof\nmemberof-group-oc groupOfNames\n';
    const reading = await withSlapd({ people, overlays }, async (server) => {
      // The overlay works on changes alone, not on what is loaded.
      await server.add(dn('inner'), { objectClass: 'groupOfNames', member: eve });
      await server.add(dn('team'), { objectClass: 'groupOfNames', member: [bob, dn('inner')] });
      await server.add(dn('staff'), { objectClass: 'groupOfNames', member: [ann, dn('team')] });
      await server.modify(dn('inner'), 'member', [eve, dn('staff')]);
      return await read(server, { by: 'member-of' });
    });

    expect(groupsOf(reading, ann)).toEqual([dn('inner'), dn('staff'), dn('team')]);
    expect(groupsOf(reading, eve)).toEqual([dn('inner'), dn('staff'), dn('team')]);
    expect(reading.completeness).toEqual({ kind: 'complete' });
  });

  test('of a group that can’t be read make the reading incomplete: it may be in others', async () => {
    const told = [person(ann, 'Archer, Ann', 1, { memberOf: dn('hidden') })];

    const reading = await withSlapd({ people: told }, (server) => read(server, { by: 'auto' }));

    expect(groupsOf(reading, ann)).toEqual([dn('hidden')]);
    expect(reasonOf(reading.completeness)).toContain(`The group ${dn('hidden')} can't be read`);
  });

  test('without any group make the reading incomplete', async () => {
    const reading = await withSlapd({ people }, (server) => read(server, { by: 'member-of', nested: false }));

    expect(reasonOf(reading.completeness)).toContain('None of the 3 people is in any group');
  });
});
