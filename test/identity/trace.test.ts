/** The rules step by step: what each saw and gave, and never anything else than what `judge` makes of it. */
import { expect, test } from 'vitest';
import { identity } from '../builders/people.ts';
import { rules } from '../builders/rules.ts';

const now = new Date('2026-03-01T12:00:00Z');

const mapping = {
  email: 'mail',
  username: 'login',
  role: '"User"',
  name: 'user.cn + " (" + user.givenName + ")"',
  phone: 'user.?mobile',
  title: 'user.title',
  dashboard: 'user.all.mail.size()',
};

test('every step tells the values that its rule saw, and what came of it', () => {
  const compiled = rules({
    active: 'user.active',
    scope: 'has(user.mail) && user.groups.exists(g, g.startsWith("cn=staff"))',
    mapping,
  });

  const { active, scope, mapping: steps } = compiled.trace(identity());

  expect(active).toEqual({
    rule: 'user.active',
    saw: { active: true },
    outcome: { kind: 'value', value: true },
  });
  expect(scope).toMatchObject({
    saw: { mail: 'ann@example.com', groups: ['cn=staff,dc=example,dc=com'] },
    outcome: { kind: 'value', value: true },
  });
  expect(steps.map(({ attribute, saw, outcome }) => [attribute, saw, outcome])).toEqual([
    ['email', { mail: 'ann@example.com' }, { kind: 'value', value: 'ann@example.com' }],
    ['username', { login: 'ann' }, { kind: 'value', value: 'ann' }],
    ['role', {}, { kind: 'value', value: 'User' }],
    ['name', { cn: 'Ann Archer', givenName: 'Ann' }, { kind: 'value', value: 'Ann Archer (Ann)' }],
    ['phone', {}, { kind: 'unset' }],
    ['title', {}, { kind: 'failure', reason: 'The attribute title is missing.' }],
    ['dashboard', { mail: 'ann@example.com' }, { kind: 'value', value: 1 }],
  ]);
});

test('what it tells of a member is what they are judged to be', () => {
  const { title: _, ...sound } = mapping;
  const compiled = rules({ scope: 'has(user.mail)', mapping: sound });

  const person = compiled.judge(identity(), now);
  const told = compiled
    .trace(identity())
    .mapping.flatMap(({ attribute, outcome }) =>
      outcome.kind === 'value' ? [[attribute, outcome.value] as const] : [],
    );

  expect(person).toMatchObject({ kind: 'member', desired: Object.fromEntries(told) });
});

test('somebody who is out of scope is told the mapping all the same, and the values that put them out', () => {
  const compiled = rules({ scope: 'user.cn == "Bob"', mapping: { email: 'mail' } });

  const { scope, mapping: steps } = compiled.trace(identity());

  expect(scope).toMatchObject({ saw: { cn: 'Ann Archer' }, outcome: { kind: 'value', value: false } });
  expect(steps).toHaveLength(1);
});
