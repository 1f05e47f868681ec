import { describe, expect, test } from 'vitest';
import { compileRules } from '../../src/identity/index.ts';
import { identity } from '../builders/people.ts';
import { ruleProblems, rules } from '../builders/rules.ts';
import { noon } from '../builders/run.ts';

describe('problems in the rules', () => {
  test.each([
    'is_active',
    'password',
    'confirm_password',
    'profile_id',
    'user',
  ])('a mapping of %s is refused, with the reason', (attribute) => {
    const [problem] = ruleProblems({ mapping: { email: 'mail', [attribute]: 'x' } });

    expect(problem?.path).toEqual(['mapping', attribute]);
    expect(problem?.message).toMatch(/can't be mapped: .+\.$/);
  });

  test('only the reserved names are reserved, not those that every JavaScript object has', () => {
    const compiled = rules({ mapping: { email: 'mail', constructor: 'cn', toString: 'cn' } });

    expect(compiled.mapped).toEqual(['email', 'constructor', 'toString']);
  });

  test('a mistake is told by its place, with the expression and a caret under the place', () => {
    const problems = ruleProblems({
      active: 'user.enabled ==',
      scope: 'usr.department == "x"',
      mapping: { email: 'mail', phone: 'user.phone +', title: '"a" + 1' },
    });

    expect(problems.map((problem) => problem.path)).toEqual([
      ['sources', 3, 'active'],
      ['scope'],
      ['mapping', 'phone'],
      ['mapping', 'title'],
    ]);
    for (const { message } of problems) expect(message).toMatch(/^.+\.\n> +1 \| .+\n +\^$/);
  });

  test.each([{ active: '"yes"' }, { scope: '1' }])('%o can be no yes or no', (given) => {
    const [problem] = ruleProblems({ mapping: { email: 'mail' }, ...given });

    expect(problem?.message).toContain('must be true or false');
  });

  test('a mapping without an e-mail address is refused', () => {
    const [problem] = ruleProblems({ mapping: { name: 'cn' } });

    expect(problem?.path).toEqual(['mapping']);
    expect(problem?.message).toContain('email: mail');
  });

  test.each([
    { mapping: { email: 'mail', other: 'Mail' } },
    { mapping: { email: 'mail', other: 'user.MAIL' } },
    { mapping: { email: 'mail' }, scope: 'has(user.Mail)' },
    { mapping: { email: 'mail' }, active: 'user.all.mAil == []' },
  ])('an attribute in two spellings is refused: %o', (given) => {
    const [problem, ...others] = ruleProblems(given);

    expect(others).toEqual([]);
    expect(problem?.message).toMatch(/says both \w+ and \w+/);
  });

  // `all` was taken for a part of the normal form that is never set: the mapping did nothing, in silence.
  test('a mapping to all on its own is refused, since it is no attribute', () => {
    const [problem] = ruleProblems({ mapping: { email: 'mail', other: 'all' } });

    expect(problem?.path).toEqual(['mapping', 'other']);
    expect(problem?.message).toContain('user.all');
  });

  test('every problem is told at once', () => {
    expect(ruleProblems({ mapping: { password: 'x', a: '(', b: '(', email: '(' } })).toHaveLength(4);
  });
});

describe('what compiled rules say of themselves', () => {
  test('the attributes are those of scope, active rule and mapping, each once', () => {
    const compiled = rules({
      active: 'user.state != "left"',
      scope: 'user.type == "staff"',
      mapping: {
        email: 'mail',
        copy: 'mail',
        first_name: 'user.givenName',
        role: 7,
        login: 'login',
        me: 'user.email',
      },
    });

    expect([...compiled.attributes].sort()).toEqual(['givenName', 'mail', 'state', 'type']);
    expect(compiled.mapped).toEqual(['email', 'copy', 'first_name', 'role', 'login', 'me']);
    expect(compiled.constants).toEqual({ role: 7 });
  });

  test('a literal in CEL is a constant as well, so that it can be checked before a run', () => {
    const compiled = rules({
      mapping: { email: 'mail', role: '"User"', dashboard: '1 + 1', title: 'user.title' },
    });

    expect(compiled.constants).toEqual({ role: 'User' });
  });

  test('one rule that may touch any attribute asks for all', () => {
    expect(rules({ mapping: { email: 'mail', any: 'user[user.which]' } }).attributes).toBe('all');
    expect(rules({ mapping: { email: 'mail' }, scope: 'size(user) > 5' }).attributes).toBe('all');
  });

  test('options of an attribute belong to its name (RFC 4512)', () => {
    expect(rules({ mapping: { email: 'mail', title: 'title;lang-de' } }).attributes).toEqual([
      'mail',
      'title;lang-de',
    ]);
  });
});

test('rules are compiled once for a source, and judge many', () => {
  const compiled = compileRules(
    { scope: 'true', mapping: { email: 'mail' }, lifecycle: { exempt: [] } },
    { active: 'true' },
    0,
  );
  if (compiled.kind === 'problems') throw new Error('It has no problems.');

  expect(compiled.rules.judge(identity(), noon).kind).toBe('member');
  expect(compiled.rules.judge(identity({ active: false }), noon).kind).toBe('leaver');
});
