import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { branchFinder } from '../../../../connectors/ldap/names/branches.ts';
import { normalDn, ownName, parentDn, rdnsOf } from '../../../../connectors/ldap/names/dn.ts';

describe('one name', () => {
  test.each([
    ['letter case', 'CN=Ann,OU=People,DC=example', 'cn=ann,ou=people,dc=example'],
    ['blanks around separators', 'cn = Ann , ou=People', 'cn=ann,ou=people'],
    ['the number of blanks within', 'cn=Ann   Archer', 'cn=ann archer'],
    ['blanks around the value', 'cn=\\20Ann\\20,dc=x', 'cn=ann,dc=x'],
    ['an escaped comma', 'cn=Dvo\\C5\\99\\C3\\A1k\\2C Jr.,dc=x', 'cn=Dvořák\\, Jr.,dc=x'],
    ['quotes', 'cn="Archer, Ann",dc=x', 'cn=Archer\\, Ann,dc=x'],
    ['needless escapes', 'cn=\\41nn,dc=x', 'cn=ann,dc=x'],
    ['semicolons as separators', 'cn=ann;dc=x', 'cn=ann,dc=x'],
    ['the order within an RDN', 'uid=1+cn=ann,dc=x', 'CN=Ann+UID=1,dc=x'],
    ['umlauts in other letter case', 'cn=MÜLLER', 'cn=müller'],
    ['composed and decomposed letters', 'cn=Mu\u0308ller', 'cn=m\u00fcller'],
    ['hexadecimal values in other letter case', 'cn=#0403414E4E', 'cn=#0403414e4e'],
  ])('is the same with another spelling of %s', (_, one, other) => {
    expect(normalDn(one)).toBe(normalDn(other));
  });
});

describe('two names', () => {
  test.each([
    ['an escaped comma and a separator', 'cn=a\\,ou=b,dc=x', 'cn=a,ou=b,dc=x'],
    ['an escaped plus and two values', 'cn=a\\+ou=b', 'cn=a+ou=b'],
    ['an escaped number sign and hexadecimal', 'cn=\\#0403', 'cn=#0403'],
    ['a backslash and an escape', 'cn=a\\\\2C', 'cn=a\\2C'],
    ['one blank and none', 'cn=a b', 'cn=ab'],
  ])('stay apart: %s', (_, one, other) => {
    expect(normalDn(one)).not.toBe(normalDn(other));
  });
});

test('what is no name is compared without case alone', () => {
  expect(normalDn('Just Text')).toBe('just text');
  expect(rdnsOf('cn=a\\')).toBeUndefined();
  expect(rdnsOf('cn="open')).toBeUndefined();
  expect(rdnsOf('')).toEqual([]);
});

/** RFC 4514 section 2.4, written plainly. */
const escaped = (value: string): string =>
  value
    .replace(/[\\",+;<>=]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
/** Every octet as hexadecimal. */
const spelledOut = (value: string): string =>
  [...Buffer.from(value)].map((octet) => `\\${octet.toString(16).padStart(2, '0')}`).join('');

const values = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((value) => value.trim() !== '');

test('any value has one normal form, escaped in whatever way, and a normal form is its own', () => {
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (names) => {
      const one = names.map((name) => `cn=${escaped(name)}`).join(',');
      const other = names.map((name) => `CN=${spelledOut(name)}`).join(' , ');

      expect(normalDn(other)).toBe(normalDn(one));
      expect(rdnsOf(one)).toHaveLength(names.length);
      expect(normalDn(normalDn(one))).toBe(normalDn(one));
    }),
    { numRuns: 500 },
  );
});

test('an own name is what stands there, without escapes', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(ownName(`cn=${escaped(value)},ou=groups`)).toBe(value);
    }),
  );
});

test('a blank of another script is part of the name', () => {
  expect(ownName('cn=$\u3000,ou=groups')).toBe('$\u3000');
});

test('a parent is the rest of the name, as it is spelled', () => {
  expect(parentDn('cn=Archer\\, Ann,OU=A,dc=x')).toBe('OU=A,dc=x');
  expect(parentDn('cn="Archer, Ann",OU=A')).toBe('OU=A');
  expect(parentDn('dc=x')).toBeUndefined();
});

describe('the branches of somebody', () => {
  const branchesOf = branchFinder('ou=People,dc=x');

  test('are the containers around them, the nearest first, without the base', () => {
    expect(branchesOf('uid=a,OU=Vienna, ou=AT,ou=people,DC=x')).toEqual([
      'ou=vienna,ou=at,ou=people,dc=x',
      'ou=at,ou=people,dc=x',
    ]);
  });

  test('are none at the base, above it, and elsewhere', () => {
    for (const dn of ['uid=a,ou=people,dc=x', 'dc=x', 'uid=a,ou=vienna,ou=others,dc=x'])
      expect(branchesOf(dn)).toEqual([]);
  });

  test('are one list for all of a container', () => {
    expect(branchesOf('uid=a,ou=A,ou=people,dc=x')).toBe(branchesOf('uid=b,ou=A,ou=people,dc=x'));
  });
});
