import { describe, expect, test } from 'vitest';
import { indexOrg } from '../../src/reconcile/index.ts';
import { profile, profileId } from '../builders/org.ts';

describe('the org, indexed', () => {
  test('finds by id, user id, e-mail and username, in any case of letters', () => {
    const ann = profile({ id: 'P1', userId: 7, email: 'Ann@Example.com', username: 'Ann' });
    const org = indexOrg([ann, profile({ id: 'P2', email: 'bob@example.com' })]);

    expect(org.size).toBe(2);
    expect(org.byId(profileId('P1'))).toBe(ann);
    expect(org.byUserId(7)).toBe(ann);
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
  });
});
