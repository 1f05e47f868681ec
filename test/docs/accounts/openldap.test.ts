/** docs/connectors/openldap.md: the account reads all that is needed, and can do nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectorTo, readAll } from '../../connectors/ldap/source.ts';
import type { Slapd } from '../../servers/slapd.ts';
import { doneBy, guidePassword, passwords, seenOf } from './least-privilege.ts';
import { rollcallDn, startGuidedSlapd } from './openldap.ts';

const people = 1_500;
let slapd: Slapd;
let account: { readonly url: string; readonly dn: string; readonly password: string };

beforeAll(async () => {
  slapd = await startGuidedSlapd({ people });
  account = { url: slapd.url, dn: rollcallDn, password: guidePassword };
  await slapd.modify(slapd.people[0]?.dn ?? '', 'userPassword', ['not-to-be-seen']);
});
afterAll(async () => await slapd.stop());

test('it reads everybody, completely, though others get 500 entries at most', async () => {
  const connector = connectorTo(slapd, { bindDn: rollcallDn, password: guidePassword });
  const { identities, completeness } = await readAll(connector);

  expect(completeness).toEqual({ kind: 'complete' });
  expect(identities).toHaveLength(people);
});

test('it sees what marks a person, and no password', async () => {
  const seen = await seenOf(account, slapd.people[0]?.dn ?? '');

  expect(seen).toEqual(expect.arrayContaining(['entryUUID', 'mail', 'modifyTimestamp', 'memberOf']));
  expect(seen.filter((name) => passwords.includes(name))).toEqual([]);
});

test('it sees nothing beside people and groups, where everybody else does', async () => {
  expect(await seenOf(account, `ou=former,${slapd.baseDn}`)).toEqual([]);
  expect(await seenOf(account, rollcallDn)).toEqual([]);
  expect(await seenOf(account, `ou=groups,${slapd.baseDn}`)).toContain('ou');
  const reader = { ...account, dn: slapd.readerDn, password: slapd.readerPassword };
  expect(await seenOf(reader, `ou=former,${slapd.baseDn}`)).toContain('ou');
});

test('it can change nobody, nor its own password', async () => {
  expect(await doneBy(account, slapd.people[0]?.dn ?? '', slapd.peopleDn)).toEqual([]);
  expect(await doneBy(account, rollcallDn, slapd.baseDn)).toEqual([]);
});

test('one that may would be found out', async () => {
  const admin = { url: slapd.url, dn: slapd.adminDn, password: slapd.adminPassword };

  expect(await doneBy(admin, slapd.people[1]?.dn ?? '', slapd.peopleDn)).toHaveLength(4);
});
