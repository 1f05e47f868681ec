/** docs/connectors/389ds.md: the account reads all that is needed, and can do nothing else. Run by `npm run test:389`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ds389, startDs389 } from '../../servers/ds389.ts';
import { doneBy, passwords, seenOf } from './least-privilege.ts';

let server: Ds389;
const ann = () => `uid=ann,${server.peopleDn}`;
const account = () => ({ url: server.url, dn: server.readerDn, password: server.readerPassword });

beforeAll(async () => {
  server = await startDs389();
  await server.add(ann(), {
    ...{ objectClass: 'inetOrgPerson', uid: 'ann', cn: 'Ann Smith', sn: 'Smith' },
    ...{ mail: 'ann@example.com', userPassword: 'not-to-be-seen' },
  });
}, 180_000);
afterAll(async () => await server.stop());

test('it sees what marks a person, and no password', async () => {
  const seen = await seenOf(account(), ann());

  expect(seen).toEqual(expect.arrayContaining(['mail', 'modifyTimestamp']));
  expect(seen.filter((name) => passwords.includes(name))).toEqual([]);
});

test('it sees nothing beside people', async () => {
  expect(await seenOf(account(), server.readerDn)).toEqual([]);
  expect(await seenOf(account(), `ou=services,${server.baseDn}`)).toEqual([]);
});

test('it can change nobody', async () => {
  expect(await doneBy(account(), ann(), server.peopleDn)).toEqual([]);
});
