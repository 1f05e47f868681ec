/** Groups as Active Directory has them, on Samba's domain controller. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLdapConnector } from '../../../../connectors/ldap/index.ts';
import { normalDn } from '../../../../connectors/ldap/names/dn.ts';
import { type Samba, startSamba } from '../../../servers/samba.ts';
import { ldapSource, type Reading, readAll } from '../source.ts';

let samba: Samba;
let ann: string;
let bob: string;
let eve: string;
const dn = (cn: string) => `CN=${cn},OU=groups,${samba.baseDn}`;

beforeAll(async () => {
  samba = await startSamba();
  ann = await samba.addPerson('Archer, Ann', { sAMAccountName: 'ann' });
  bob = await samba.addPerson('Bob', { sAMAccountName: 'bob' });
  eve = await samba.addPerson('Eve', { sAMAccountName: 'eve' });
  const group = (cn: string, member: readonly string[]) =>
    samba.add(dn(cn), { objectClass: 'group', sAMAccountName: cn, ...(member.length > 0 && { member }) });
  await group('Empty', []);
  await group('Inner', [eve]);
  await group('Team', [bob, dn('Inner')]);
  await group('Staff', [ann, dn('Team')]);
  await samba.modify(dn('Inner'), 'member', [eve, dn('Staff')]);
}, 60_000);

afterAll(async () => {
  await samba?.stop();
});

const read = (groups: Record<string, unknown> = {}): Promise<Reading> =>
  readAll(
    createLdapConnector(
      ldapSource({
        ...{ url: samba.ldapsUrl, bindDn: samba.readerName, password: samba.readerPassword },
        ...{ tls: { ca: samba.caFile }, baseDn: samba.peopleDn, filter: '(objectClass=user)', groups },
        attributes: { anchor: 'objectGUID', login: 'sAMAccountName' },
      }),
    ),
    ['cn'],
    new AbortController().signal,
    true,
  );

const groupsOf = ({ identities }: Reading, name: string) =>
  identities.find(({ label }) => normalDn(label) === normalDn(name))?.groups.toSorted();

describe('everybody’s groups', () => {
  test('are those of their entry and around them, with cycles, and the primary group with those around it', async () => {
    const reading = await read();

    const primary = [`CN=Domain Users,CN=Users,${samba.baseDn}`, `CN=Users,CN=Builtin,${samba.baseDn}`];
    for (const person of [ann, bob, eve])
      expect(groupsOf(reading, person)).toEqual(
        [...primary, dn('Inner'), dn('Staff'), dn('Team')].toSorted(),
      );
    expect(reading.completeness).toEqual({ kind: 'complete' });
  });

  test('are the same when the groups are walked', async () => {
    const [byEntry, walked] = [await read({ by: 'member-of' }), await read({ by: 'walk' })];

    for (const person of [ann, bob, eve]) expect(groupsOf(walked, person)).toEqual(groupsOf(byEntry, person));
    expect(walked.completeness).toEqual({ kind: 'complete' });
  });

  test('are the direct ones and the primary one, where nested ones don’t count', async () => {
    expect(groupsOf(await read({ nested: false }), bob)).toEqual(
      [dn('Team'), `CN=Domain Users,CN=Users,${samba.baseDn}`].toSorted(),
    );
  });
});

test('a few groups that count are asked for in chain, and everybody is in them who is in them at any depth', async () => {
  const usersBuiltin = `CN=Users,CN=Builtin,${samba.baseDn}`;
  const reading = await read({ only: [dn('Staff').toLowerCase(), usersBuiltin] });

  expect(groupsOf(reading, eve)).toEqual([usersBuiltin, dn('Staff').toLowerCase()].toSorted());
  expect(reading.completeness).toEqual({ kind: 'complete' });
});
