/** Who administers the org, by what the configuration names. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { administratorRule, isAdministrator } from '../../src/reconcile/index.ts';
import { profileId } from '../builders/org.ts';

const somebody = { profileId: profileId('P-1'), emails: ['ann@example.com'], applied: { role: 'Reader' } };
const is = (
  guards: { administrators?: readonly string[]; administratorRoles?: readonly string[] },
  about: Partial<Parameters<typeof isAdministrator>[1]> = {},
) =>
  isAdministrator(administratorRule({ administrators: [], administratorRoles: [], ...guards }), {
    ...somebody,
    ...about,
  });

test('nobody is an administrator whom nothing names', () => {
  expect(is({})).toBe(false);
  expect(is({ administrators: ['P-2', 'bob@example.com'], administratorRoles: ['Admin'] })).toBe(false);
});

test.each([
  ['the profile id', { administrators: ['P-1'] }, {}],
  ['the e-mail address, in any case and with blanks', { administrators: [' Ann@Example.com '] }, {}],
  [
    'one of several addresses',
    { administrators: ['new@example.com'] },
    { emails: [null, undefined, 'new@example.com'] },
  ],
  ['the role', { administratorRoles: ['reader'] }, {}],
  ['the role, with blanks', { administratorRoles: [' READER'] }, { applied: { role: 'reader ' } }],
  [
    'the role in the organisation',
    { administratorRoles: ['Owner'] },
    { applied: { organization_role: 'owner' } },
  ],
] as const)('somebody is one by %s', (_by, guards, about) => {
  expect(is(guards, about)).toBe(true);
});

test.each([
  ['a profile that is not known', { administrators: ['undefined'] }, { profileId: undefined }],
  ['a profile id in another case, which is another id', { administrators: ['p-1'] }, {}],
  ['an attribute that is no role', { administratorRoles: ['Owner'] }, { applied: { title: 'Owner' } }],
  ['a role that is no text', { administratorRoles: ['1'] }, { applied: { role: 1 } }],
  ['a role that was taken away', { administratorRoles: ['null', ''] }, { applied: { role: null } }],
] as const)('nobody is one by %s', (_by, guards, about) => {
  expect(is(guards, about)).toBe(false);
});

test('no name of a role is one of those that every object has', () => {
  fc.assert(
    fc.property(fc.constantFrom('constructor', 'toString', '__proto__', 'function Object() {'), (role) => {
      expect(is({ administratorRoles: [role] }, { applied: {} })).toBe(false);
    }),
  );
});
