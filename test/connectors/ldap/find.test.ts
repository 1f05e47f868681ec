/** Reading single people by name: each comes as a whole reading shows them, and nobody else does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ldifRecord, uuidOf } from '../../servers/directory-people.ts';
import { type Slapd, startSlapd } from '../../servers/slapd.ts';
import { connectorTo, readAll, sourceErrorOf } from './source.ts';

const never = new AbortController().signal;
let slapd: Slapd;

beforeAll(async () => {
  slapd = await startSlapd({
    people: 300,
    extraLdif: ldifRecord('cn=team,ou=groups,dc=example,dc=com', {
      ...{ objectClass: 'groupOfNames', cn: 'team', member: ['cn=inner,ou=groups,dc=example,dc=com'] },
    }),
  });
});

afterAll(async () => {
  await slapd.stop();
});

const find = (names: readonly string[], settings: Record<string, unknown> = {}, groups = false) =>
  connectorTo(slapd, settings).find(names, { attributes: ['cn', 'title'], groups, signal: never });

const textOf = (index: number, name: string): string => {
  const value = slapd.people[index]?.attributes[name];
  return String(Array.isArray(value) ? value[0] : value);
};

describe('a person', () => {
  test.each([
    ['e-mail address', () => textOf(7, 'mail')],
    ['login', () => textOf(7, 'uid')],
    ['anchor', () => uuidOf(7)],
    ['e-mail address in capitals', () => textOf(7, 'mail').toUpperCase()],
  ])('is found by their %s, as a whole reading shows them', async (_, name) => {
    const found = await find([name()]);
    const whole = await readAll(connectorTo(slapd), ['cn', 'title']);

    expect(found).toMatchObject({ skipped: [], incomplete: undefined });
    expect(found.identities).toEqual(whole.identities.filter(({ anchor }) => anchor === uuidOf(7)));
    expect(found.identities).toHaveLength(1);
  });

  test('is found once by two of their names, beside somebody else', async () => {
    const { identities } = await find([uuidOf(7), textOf(7, 'mail'), textOf(8, 'uid')]);

    expect(identities.map(({ anchor }) => anchor).sort()).toEqual([uuidOf(7), uuidOf(8)]);
  });

  test('who is outside of base or filter is not found', async () => {
    await slapd.modify(slapd.people[9]?.dn ?? '', 'title', ['Guest']);

    const filter = '(&(objectClass=inetOrgPerson)(!(title=Guest)))';

    expect((await find([uuidOf(9)], { filter })).identities).toEqual([]);
    expect((await find([uuidOf(9)])).identities).toHaveLength(1);
  });

  test('comes with their groups; that one person is in none is no doubt', async () => {
    await slapd.modify('cn=team,ou=groups,dc=example,dc=com', 'member', [slapd.people[7]?.dn ?? '']);

    const [inGroup, inNone] = [await find([uuidOf(7)], {}, true), await find([uuidOf(8)], {}, true)];

    expect(inGroup.identities[0]?.groups).toEqual(['cn=team,ou=groups,dc=example,dc=com']);
    expect(inNone.identities[0]?.groups).toEqual([]);
    expect(inNone.groupsUnknown).toBeUndefined();
  });
});

test('a name with every odd character finds nobody, and breaks nothing', async () => {
  const { identities, incomplete } = await find(['*', 'a)(uid=*', '', 'ü\0,"', 'nobody@example.com']);

  expect({ identities, incomplete }).toEqual({ identities: [], incomplete: undefined });
});

test('fails as a reading does where nothing can be asked', async () => {
  const base = await sourceErrorOf(find([uuidOf(0)], { baseDn: 'ou=nowhere,dc=example,dc=com' }));
  const password = await sourceErrorOf(find([uuidOf(0)], { password: 'wrong' }));

  expect([base.kind, password.kind]).toEqual(['base', 'credentials']);
});
