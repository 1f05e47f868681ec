import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidOf } from '../../servers/directory-people.ts';
import { type Slapd, startSlapd } from '../../servers/slapd.ts';
import { anchor, connectorTo, sourceErrorOf, withSlapd } from './source.ts';

let slapd: Slapd;

beforeAll(async () => {
  slapd = await startSlapd({ people: 300 });
});

afterAll(async () => {
  await slapd.stop();
});

async function lookUp(texts: readonly string[], settings: Record<string, unknown> = {}) {
  const connector = connectorTo(slapd, settings);
  return connector.lookup(texts.map(anchor), new AbortController().signal);
}

const kindOf = async (text: string, settings: Record<string, unknown> = {}) =>
  (await lookUp([text], settings)).get(anchor(text))?.kind;

const dnOf = (index: number) => slapd.people[index]?.dn ?? '';

test('everybody who is there is present, over many searches', async () => {
  const texts = slapd.people.map(({ entryUuid }) => entryUuid);

  const answers = await lookUp(texts);

  expect(answers.size).toBe(300);
  expect(new Set([...answers.values()].map(({ kind }) => kind))).toEqual(new Set(['present']));
});

test('an anchor that nobody has is absent, alone or among others', async () => {
  const nobody = uuidOf(9_999);

  const answers = await lookUp([uuidOf(0), nobody, uuidOf(1)]);

  expect([...answers.values()].map(({ kind }) => kind)).toEqual(['present', 'absent', 'present']);
  expect(await kindOf(nobody)).toBe('absent');
});

test('an anchor in upper case is the same person', async () => {
  expect(await kindOf(uuidOf(3).toUpperCase())).toBe('present');
});

test('somebody who moved to another unit or was renamed is present; who left the base is absent', async () => {
  await slapd.rename(dnOf(10), 'cn=Moved', `ou=B,${slapd.peopleDn}`);
  await slapd.rename(dnOf(11), 'cn=Former', `ou=former,${slapd.baseDn}`);

  expect(await kindOf(uuidOf(10))).toBe('present');
  expect(await kindOf(uuidOf(11))).toBe('absent');
  expect(await kindOf(uuidOf(11), { baseDn: slapd.baseDn })).toBe('present');
});

test('somebody who was deleted is absent', async () => {
  await slapd.remove(dnOf(12));

  expect(await kindOf(uuidOf(12))).toBe('absent');
});

test('somebody whom the filter does not find any more is absent', async () => {
  await slapd.modify(dnOf(13), 'title', ['Guest']);
  const filter = '(&(objectClass=inetOrgPerson)(!(title=Guest)))';

  expect(await kindOf(uuidOf(13), { filter })).toBe('absent');
  expect(await kindOf(uuidOf(13))).toBe('present');
});

test('an anchor that can be none is unknown, since the anchor attribute may have been changed', async () => {
  const answers = await lookUp(['100013', uuidOf(0)]);

  expect(answers.get(anchor('100013'))).toMatchObject({ kind: 'unknown' });
  expect(answers.get(anchor(uuidOf(0)))).toEqual({ kind: 'present' });
});

test('anchors with every odd character are looked up as they are', async () => {
  const odd = ['a)(uid=*', '*', 'back\\slash', 'ü,"\'', 'nul\0'];
  await slapd.modify(dnOf(20), 'employeeNumber', ['a)(uid=*']);
  await slapd.modify(dnOf(21), 'employeeNumber', ['*']);

  const answers = await lookUp(odd, { attributes: { anchor: 'employeeNumber' } });

  expect([...answers.values()].map(({ kind }) => kind)).toEqual([
    ...['present', 'present'],
    ...['absent', 'absent', 'absent'],
  ]);
});

test('a filter that finds nobody any more makes nobody absent', async () => {
  expect(await kindOf(uuidOf(0), { filter: '(objectClass=inetOrgPersn)' })).toBe('unknown');
});

test('an account that may not search by anchor makes nobody absent', async () => {
  const acl = `access to attrs=userPassword by anonymous auth by * none
access to attrs=entryUUID by * none
access to * by * read`;

  const answers = await withSlapd({ people: 3, acl }, (blind) =>
    connectorTo(blind).lookup([anchor(uuidOf(0))], new AbortController().signal),
  );

  expect(answers.get(anchor(uuidOf(0)))?.kind).toBe('unknown');
});

test('fails as a reading does where nothing can be asked', async () => {
  const base = await sourceErrorOf(lookUp([uuidOf(0)], { baseDn: 'ou=nowhere,dc=example,dc=com' }));
  const password = await sourceErrorOf(lookUp([uuidOf(0)], { password: 'wrong' }));

  expect(base.kind).toBe('base');
  expect(password.kind).toBe('credentials');
});

test('of nobody asks nobody', async () => {
  expect((await lookUp([], { url: 'ldaps://no-such-host.invalid' })).size).toBe(0);
});
