import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOnlyAttributes } from '../../src/profile-api/profile.ts';
import { differences, isSameValue, sameEmail } from '../../src/reconcile/index.ts';
import { link, profile } from '../builders/org.ts';

describe('what counts as a difference', () => {
  test('exactly the changed attributes, as they are and as they should be', () => {
    const there = profile({ attributes: { first_name: 'Ann', title: 'Clerk', phone: '1' } });

    expect(
      differences({ email: 'ann@example.com', first_name: 'Anna', title: 'Head', phone: '1' }, there, link()),
    ).toEqual({
      before: { first_name: 'Ann', title: 'Clerk' },
      after: { first_name: 'Anna', title: 'Head' },
    });
  });

  test('an attribute that nobody may change never does', () => {
    const there = profile({ username: 'ann', attributes: { name: 'Ann' } });
    const desired = Object.fromEntries([...readOnlyAttributes].map((name) => [name, 'other']));

    expect(differences(desired, there, link())).toBeUndefined();
  });

  test('what the mapping does not set is left alone, drifted or not', () => {
    const there = profile({ attributes: { title: 'Clerk' } });

    expect(differences({}, there, link({ applied: { title: 'Head', pin: 1 } }))).toBeUndefined();
  });

  test('drift of an attribute that the API returns is repaired, whatever was last applied', () => {
    const there = profile({ attributes: { title: 'Drifted' } });

    expect(differences({ title: 'Head' }, there, link({ applied: { title: 'Head' } }))).toEqual({
      before: { title: 'Drifted' },
      after: { title: 'Head' },
    });
  });

  test('an attribute that the API never returns is compared with what was last applied', () => {
    const applied = link({ applied: { username: 'ann' } });

    expect(differences({ username: 'ann' }, profile(), applied)).toBeUndefined();
    expect(differences({ username: 'anna' }, profile(), applied)).toEqual({
      before: { username: 'ann' },
      after: { username: 'anna' },
    });
  });

  test('what nobody can know has no before', () => {
    expect(differences({ username: 'ann' }, profile(), link())).toEqual({
      before: {},
      after: { username: 'ann' },
    });
  });

  test('a value that the server did not keep is left alone until the wanted value changes', () => {
    const there = profile({ attributes: { title: 'Hea' } });
    const known = link({ applied: { title: 'Head' }, unkept: { title: 'Head' } });

    expect(differences({ title: 'Head' }, there, known)).toBeUndefined();
    expect(differences({ title: 'Chief' }, there, known)).toEqual({
      before: { title: 'Hea' },
      after: { title: 'Chief' },
    });
  });

  test('absent, null and empty are three things', () => {
    const there = profile({ attributes: { a: null, b: '', c: 'x' } });

    expect(differences({ a: '', b: null, c: null }, there, link())?.after).toEqual({
      a: '',
      b: null,
      c: null,
    });
    expect(differences({ a: null, b: '' }, there, link())).toBeUndefined();
  });

  test('names that every JavaScript object has are attributes as any other', () => {
    expect(differences({ constructor: 'x', toString: 'y' }, profile(), link())).toEqual({
      before: {},
      after: { constructor: 'x', toString: 'y' },
    });
  });
});

describe('whether the server would call two values the same', () => {
  test.each([
    ['email', 'Ann@Example.com', 'ann@example.COM', true],
    ['title', 'Head', 'head', false],
    ['phone', 801212121, '801212121', true],
    ['flag', true, 'true', true],
    ['flag', true, 1, false],
    ['a', null, '', false],
    ['a', null, 'null', false],
    ['a', 0, '', false],
    ['a', [1, 2], [1, 2], true],
    ['a', [1, 2], [2, 1], false],
    ['a', { x: 1, y: 2 }, { y: 2, x: 1 }, true],
    ['a', [], {}, false],
    ['a', ['x'], 'x', false],
  ])('%s: %j and %j: %s', (attribute, one, other, same) => {
    expect(isSameValue(attribute, one, other)).toBe(same);
    expect(isSameValue(attribute, other, one)).toBe(same);
  });

  const value = fc.jsonValue().map((json) => JSON.parse(JSON.stringify(json)));
  const attribute = fc.constantFrom('email', 'title');

  test('it is so of every value and itself, also after a way through JSON', () => {
    fc.assert(
      fc.property(attribute, value, (name, one) => {
        expect(isSameValue(name, one, JSON.parse(JSON.stringify(one)))).toBe(true);
      }),
    );
  });

  test('what was applied and is shown as it was sent leaves no difference', () => {
    const attributes = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), value);
    fc.assert(
      fc.property(attributes, attributes, fc.boolean(), (desired, other, isShown) => {
        const there = profile({ attributes: isShown ? { ...other, ...desired } : {} });
        const settled = isShown ? link({ applied: other }) : link({ applied: { ...other, ...desired } });
        const { profile_id: _id, user: _user, email: _email, is_active: _state, ...wanted } = desired;

        expect(differences(wanted, there, settled)).toBeUndefined();
      }),
    );
  });

  test('addresses are the same in any case of letters, and never the same as another', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        expect(sameEmail(email.toUpperCase(), ` ${email} `)).toBe(true);
        expect(sameEmail(email, `x${email}`)).toBe(false);
      }),
    );
  });
});

test('what was there is told only where it is known', () => {
  const changes = differences(
    { pin: '1', title: 'Head' },
    profile({ attributes: { title: 'Clerk' } }),
    link(),
  );

  expect(changes).toStrictEqual({ before: { title: 'Clerk' }, after: { pin: '1', title: 'Head' } });
});
