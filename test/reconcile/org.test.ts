import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttributeValue, Profile } from '../../src/profile-api/profile.ts';
import { growingOrg, indexOrg } from '../../src/reconcile/index.ts';
import { profile, profileId, userId } from '../builders/org.ts';

describe('the org, indexed', () => {
  test('finds by id, user id, e-mail and username, in any case of letters', () => {
    const ann = profile({ id: 'P1', userId: 7, email: 'Ann@Example.com', username: 'Ann' });
    const org = indexOrg([ann, profile({ id: 'P2', email: 'bob@example.com' })]);

    expect(org.size).toBe(2);
    expect(org.byId(profileId('P1'))).toEqual(ann);
    expect(org.byUserId(7)).toEqual(ann);
    expect(org.find('email', ' ann@example.COM')).toEqual([ann]);
    expect(org.find('username', 'ANN')).toEqual([ann]);
  });

  test('finds nobody where nobody is', () => {
    const org = indexOrg([profile({ username: '' })]);

    expect(org.byId(profileId('P9'))).toBeUndefined();
    expect(org.byUserId(9)).toBeUndefined();
    expect(org.find('email', 'x@example.com')).toEqual([]);
    expect(org.find('username', '')).toEqual([]);
    expect(org.find('username', 'constructor')).toEqual([]);
  });

  test('finds every profile with an address', () => {
    const org = indexOrg([profile({ id: 'P1' }), profile({ id: 'P2', email: 'ANN@example.com' })]);

    expect(org.find('email', 'ann@example.com').map((one) => one.profileId)).toEqual(['P1', 'P2']);
  });

  // A page that shifts while it is read shows a user twice: their own profile was called a conflict with itself.
  test('a profile that is listed twice is one profile, as it was listed last', () => {
    const org = indexOrg([
      profile({ id: 'P1', email: 'old@example.com' }),
      profile({ id: 'P1', email: 'ann@example.com' }),
      profile({ id: 'P1', email: 'ann@example.com' }),
    ]);

    expect(org.size).toBe(1);
    expect(org.find('email', 'ann@example.com')).toHaveLength(1);
    expect(org.find('email', 'old@example.com')).toEqual([]);
    expect([...org.profiles()]).toHaveLength(1);
  });

  test('however often profiles are listed again, and whenever somebody is looked for, each is as it was last', () => {
    const listed = fc.record({ id: fc.nat({ max: 5 }), name: fc.nat({ max: 3 }), isLookedFor: fc.boolean() });
    fc.assert(
      fc.property(fc.array(listed, { maxLength: 30 }), (listings) => {
        const org = growingOrg();
        const last = new Map<string, Profile>();
        for (const { id, name, isLookedFor } of listings) {
          const one = profile({
            id: `P${id}`,
            userId: id * 10 + name,
            email: `${name}@example.com`,
            username: `u${name}`,
          });
          org.add(one);
          last.delete(one.profileId);
          last.set(one.profileId, one);
          if (!isLookedFor) continue;
          expect(org.byId(one.profileId)).toEqual(one);
          expect(org.size).toBe(last.size);
        }

        expect([...org.profiles()]).toEqual([...last.values()]);
        for (const name of [0, 1, 2, 3]) {
          const found = [...last.values()].filter(({ email }) => email === `${name}@example.com`);
          expect(org.find('email', `${name}@example.com`)).toEqual(found);
          expect(org.find('username', `u${name}`)).toEqual(found);
        }
        for (const one of last.values()) expect(org.byUserId(one.userId ?? -1)).toEqual(one);
      }),
    );
  });

  test('a user id that a profile had when it was listed first is nobody’s', () => {
    const org = indexOrg([
      profile({ id: 'P1', userId: 7 }),
      profile({ id: 'P1', userId: 8 }),
      profile({ id: 'P2' }),
    ]);

    expect(org.byUserId(7)).toBeUndefined();
    expect(org.byUserId(8)?.profileId).toBe('P1');
  });

  test('spaces are part of a username, and not of an address', () => {
    const org = indexOrg([profile({ email: ' ann@example.com', username: ' Ann' })]);

    expect(org.find('username', ' ANN')).toHaveLength(1);
    expect(org.find('username', 'ann')).toEqual([]);
    expect(org.find('email', 'ann@example.com ')).toHaveLength(1);
  });

  test('gives every profile back as it was listed, whatever its attributes are', () => {
    const value = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<AttributeValue>;
    const listed = fc.record({
      profileId: fc.string({ minLength: 1 }).map(profileId),
      userId: fc.option(fc.nat().map(userId), { nil: undefined }),
      email: fc.option(fc.emailAddress(), { nil: undefined }),
      isActive: fc.boolean(),
      attributes: fc.dictionary(
        fc.oneof(fc.constantFrom('profile_id', 'user', 'email', 'is_active', '__proto__', '7'), fc.string()),
        value,
      ),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(listed, { selector: (one) => one.profileId, maxLength: 20 }),
        fc.boolean(),
        (profiles, isAsOnTheWire) => {
          const all = profiles.map((one): Profile => {
            const { profileId: id, userId: user, email, isActive } = one;
            const wire = { profile_id: id, user: user ?? null, email: email ?? null, is_active: isActive };
            return isAsOnTheWire ? { ...one, attributes: { ...one.attributes, ...wire } } : one;
          });
          const org = indexOrg(all);
          // What JSON can't tell apart, such as 0 and -0, comes from no server.
          const asJson = (some: Iterable<Profile>) => JSON.stringify([...some]);

          expect(asJson(org.profiles())).toBe(asJson(all));
          for (const one of all) expect(org.byId(one.profileId)?.email).toBe(one.email);
        },
      ),
    );
  });
});
