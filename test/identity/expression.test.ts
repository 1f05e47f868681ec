import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileExpression, ExpressionError } from '../../src/identity/expression.ts';
import { userContext } from '../../src/identity/user-context.ts';
import { identity } from '../builders/people.ts';

const evaluate = (text: string, attributes = identity().attributes) =>
  compileExpression(text, 'value').evaluate(userContext(identity({ attributes })));

const failure = (act: () => unknown): ExpressionError => {
  try {
    act();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
};

describe('what an expression gives', () => {
  test.each([
    ['user.mail', 'ann@example.com'],
    ['user["mail"]', 'ann@example.com'],
    ['user.all.mail', ['ann@example.com']],
    ['user.login + "!"', 'ann!'],
    ['user.anchor', 'ann'],
    ['user.source', 'corp'],
    ['user.active', true],
    ['user.groups', ['cn=staff,dc=example,dc=com']],
    ['has(user.mobile)', false],
    ['has(user.mail)', true],
    ['has(user.mobile) ? user.mobile : "none"', 'none'],
    ['user.?mobile.orValue("none")', 'none'],
    ['size(user.cn)', 10],
    ['1.5', 1.5],
    ['null', null],
    ['[1, "two", null]', [1, 'two', null]],
    ['{"a": [1, {"b": true}]}', { a: [1, { b: true }] }],
    ['timestamp("2026-03-02T12:00:00Z")', '2026-03-02T12:00:00.000Z'],
    ['user.mail.split("@")[0]', 'ann'],
  ])('%s', (text, value) => {
    expect(evaluate(text)).toEqual(value);
  });

  test('an empty optional is not set, on its own and null inside a list or map', () => {
    expect(evaluate('user.?mobile')).toBeUndefined();
    expect(evaluate('optional.of(optional.none())')).toBeUndefined();
    expect(evaluate('[user.?mobile]')).toEqual([null]);
    expect(evaluate('{"a": user.?mobile}')).toEqual({ a: null });
  });

  test('whole numbers are numbers as far as JSON holds them exactly', () => {
    expect(evaluate('9007199254740991')).toBe(9007199254740991);
    expect(evaluate('-9007199254740991')).toBe(-9007199254740991);
  });

  // An employee number of 9007199254740993 was sent as ...992: somebody else's.
  test.each([
    '9007199254740993',
    '-9007199254740993',
    'int(user.employeeNumber)',
  ])('the number %s, which JSON would change, is refused and not changed', (text) => {
    const error = failure(() => evaluate(text, { employeeNumber: ['9223372036854775807'] }));

    expect(error.message).toContain('string(');
  });

  // JSON makes null of these, which never equals them: an edit in every run.
  test.each([
    '0.0 / 0.0',
    '1.0 / 0.0',
    '-1.0 / 0.0',
    'double("NaN")',
    '[double("NaN")]',
  ])('%s has no form in JSON and is refused', (text) => {
    expect(failure(() => evaluate(text)).message).toContain('JSON');
  });

  // JSON drops the sign, so a list with a minus zero differed from what came back in every run.
  test('minus zero is zero', () => {
    expect(Object.is(evaluate('-0.0'), 0)).toBe(true);
    expect(evaluate('[-0.0]')).toStrictEqual([0]);
  });

  test.each(['b"bytes"', 'type(1)', '1u', 'duration("1s")'])('%s is refused, with what to do', (text) => {
    expect(failure(() => evaluate(text)).message).toContain('string(');
  });

  test('names of JavaScript objects are no attributes', () => {
    for (const name of ['toString', 'constructor', 'hasOwnProperty', 'valueOf']) {
      expect(evaluate(`has(user.${name})`)).toBe(false);
      expect(evaluate(`has(user.all.${name})`)).toBe(false);
      expect(failure(() => evaluate(`user.${name}`)).message).toContain(name);
    }
  });

  test('an attribute that is called like a part of the normal form stays reachable under all', () => {
    const attributes = { email: ['other@example.com'], anchor: ['a1', 'a2'] };

    expect(evaluate('user.email', attributes)).toBe('ann@example.com');
    expect(evaluate('user.all.email', attributes)).toEqual(['other@example.com']);
    expect(evaluate('user.all.anchor', attributes)).toEqual(['a1', 'a2']);
  });
});

describe('what an expression cannot do for somebody', () => {
  test.each([
    ['user.mobile', 'The attribute mobile is missing.'],
    ['user["mobile"]', 'The attribute mobile is missing.'],
    ['user.all.mobile', 'The attribute mobile is missing.'],
    ['int(user.cn)', 'convert'],
    ['timestamp(user.cn)', 'ISO 8601'],
    ['user.all.mail[5]', 'index'],
    ['user.cn.matches("(" + user.cn)', 'is no pattern of RE2'],
    ['size(user.cn) / 0', 'division by zero'],
    ['user.cn + size(user.cn)', 'overload'],
  ])('%s says why in one line', (text, part) => {
    const { message } = failure(() => evaluate(text));

    expect(message).toContain(part);
    expect(message).not.toContain('\n');
  });
});

describe('what is found before anybody is read', () => {
  test.each([
    ['usr.mail', 'Unknown variable: usr', 0],
    ['user.mail.size(', 'Unexpected token', 15],
    ['"a" + 1', 'no such overload', 0],
    ['"a".endsWith(1)', 'endsWith', 0],
    ['user.mail @ 2', 'Unexpected', 10],
  ])('%s', (text, part, column) => {
    const error = failure(() => compileExpression(text, 'value'));
    const [line = '', caret = ''] = error.excerpt.split('\n');

    expect(error.message).toContain(part);
    expect(error.message).not.toContain('\n');
    expect(line).toContain(text);
    expect(caret.trim()).toBe('^');
    expect(caret.indexOf('^')).toBeGreaterThanOrEqual(line.indexOf(text) + column);
  });

  test.each(['1', '"true"', 'user.?active', '[true]'])('%s is no answer to a yes or no', (text) => {
    const error = failure(() => compileExpression(text, 'bool'));

    expect(error.message).toContain('must be true or false');
    expect(error.excerpt).toContain('^');
  });
});

describe('patterns', () => {
  // With JavaScript's own patterns each more letter doubles the time: forty need hours.
  const name = `${'a'.repeat(60)}!`;
  const bad = '"^(a+)+$"';
  test.each([
    [`user.cn.matches(${bad})`, false],
    ['user.cn.matches(user.pattern)', false],
    [`(true ? user.cn : "x").matches(${bad})`, false],
    [`user.all.cn.exists(one, one.matches(${bad}))`, false],
    [`user.all.cn.all(one, one.matches(${bad}))`, false],
    [`user.all.cn.exists_one(one, one.matches(${bad}))`, false],
    [`user.all.cn.filter(one, one.matches(${bad}))`, []],
    [`user.all.cn.map(one, one.matches(${bad}))`, [false]],
    [`user.all.cn.map(one, !one.matches(${bad}), one)`, [name]],
    [`cel.bind(one, user.cn, one.matches(${bad}))`, false],
    [`{"a": [user.?cn.orValue("").matches(${bad})]}`, { a: [false] }],
    [`user.all.cn[user.cn.matches(${bad}) ? 1 : 0]`, name],
    [`dyn(user.cn).matches(${bad})`, false],
  ])('%s takes no time, whatever the name', (text, value) => {
    expect(evaluate(text, { cn: [name], pattern: ['^(a+)+$'] })).toEqual(value);
  });

  test('match anywhere, as JavaScript has it where both know the form', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      'a*',
      'b+?',
      '(a|b)',
      '(?:ab)?',
      '\\d',
      '$',
      '^',
    );
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '@'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), text, (pieces, cn) => {
        const pattern = pieces.join('');
        const written = JSON.stringify(pattern);

        expect(evaluate(`user.cn.matches(${written})`, { cn: [cn] })).toBe(new RegExp(pattern).test(cn));
      }),
    );
  });

  test('that are none are found before anybody is read, where they stand in the expression', () => {
    const { message } = failure(() => compileExpression('user.cn.matches("(?=a)")', 'bool'));

    expect(message).toContain('"(?=a)" is no pattern of RE2');
    expect(message).toContain('no look-ahead');
  });

  test('that are none are told by name', () => {
    expect(failure(() => evaluate('user.cn.matches("a" + "(")')).message).toContain('"a(" is no pattern');
    expect(failure(() => compileExpression('"a".matches(1)', 'bool')).message).toContain('matches(int)');
  });
});

describe('keys of maps', () => {
  test.each([
    ['{user.cn: 1}', { 'Ann Archer': 1 }],
    ['{"a" + "b": 1, size(user.mail): 2, user.active: 3}', { ab: 1, 15: 2, true: 3 }],
    ['{1: "a", 2u: "b", false: "c"}', { 1: 'a', 2: 'b', false: 'c' }],
    ['user.all.mail.map(m, {m: {m: 1}})', [{ 'ann@example.com': { 'ann@example.com': 1 } }]],
    ['cel.bind(key, user.login, {key: key}[key])', 'ann'],
    ['user.login in {user.login: 1}', true],
    ['{"a": 1}[?user.login].orValue(2)', 2],
  ])('%s', (text, value) => {
    expect(evaluate(text)).toEqual(value);
  });

  // The library made text of them, "cn=staff,dc=example,dc=com" or "[object Object]".
  test.each([
    '{user.groups: 1}',
    '{user: 1}',
    '{user.all: 1}',
    '{[user]: 1}',
    '{user.?mail: 1}',
    '{timestamp("2026-03-02T12:00:00Z"): 1}',
    'user.groups.map(group, {[group]: 1})',
    'has(user.mail) ? {double("1"): 1} : {}',
    'user[user]',
    'user[?user]',
    'user.all[user]',
    '{"a": 1}[user]',
    'user in user',
    '[user] in user',
  ])('%s asks for what is none', (text) => {
    expect(failure(() => evaluate(text)).message).toContain('A key of a map is text');
  });

  test.each([
    ['{null: 1}', 'A key of a map is text'],
    ['{1.5: 1}', 'A key of a map is text'],
    ['[{"a": {b"a": 1}}]', 'A key of a map is text'],
    ['{"__proto__": 1}', `can't have the key "__proto__"`],
    ['{"constructor": 1}', `can't have the key "constructor"`],
    ['{"a": 1, "b": 2, "a": 3}', 'The key "a" stands in a map twice'],
    ['{"1": 1, 1: 2}', 'The key "1" stands in a map twice'],
  ])('%s is a mistake before anybody is read', (text, part) => {
    expect(failure(() => compileExpression(text, 'value')).message).toContain(part);
  });

  test('that nobody can have here are no way out for somebody, whatever their attributes', () => {
    expect(failure(() => evaluate('{user.cn: 1}', { cn: ['__proto__'] })).message).toContain('"__proto__"');
  });

  test('leave known which attributes are asked for', () => {
    expect(compileExpression('{user.cn + "x": user.mail}', 'value').attributes).toEqual(
      new Set(['cn', 'mail']),
    );
  });
});

test.each([
  [`${'!'.repeat(100_000)}true`],
  [`true${' && true'.repeat(40_000)}`],
  [`${'('.repeat(100_000)}true${')'.repeat(100_000)}`],
  [`${'['.repeat(100_000)}1${']'.repeat(100_000)}`],
  [`"a"${' + "a"'.repeat(30_000)}`],
])('what is nested too deeply is a mistake in the expression, and no crash (%#)', (text) => {
  const message = (() => {
    try {
      return typeof compileExpression(text, 'value').evaluate({});
    } catch (error) {
      return error;
    }
  })();

  if (message instanceof Error) expect(message).toBeInstanceOf(ExpressionError);
});

describe('the directory attributes that an expression needs', () => {
  test.each([
    ['user.mail', ['mail']],
    ['user["x"]', ['x']],
    ["user['employee-type']", ['employee-type']],
    ['user.all.mail', ['mail']],
    ['user["all"]["mail"]', ['mail']],
    ['user.?x', ['x']],
    ['user[?"x"]', ['x']],
    ['user.all.?x', ['x']],
    ['user.?all.?x', ['x']],
    ['has(user.x)', ['x']],
    ['has(user.all.x)', ['x']],
    ['user.all.mail.exists(m, m.endsWith(user.suffix))', ['mail', 'suffix']],
    ['user.groups.exists(g, g == user.department)', ['department']],
    ['user.a == "1" || (user.b == "2" && !(user.c == "3"))', ['a', 'b', 'c']],
    ['{"k": [user.a, {"l": user.b}]}', ['a', 'b']],
    ['user.a[size(user.b)]', ['a', 'b']],
    ['user.all.a[size(user.b)]', ['a', 'b']],
    ['user.anchor + user.source + user.login + user.email', []],
    ['user.active && size(user.groups) > 0', []],
    ['user.all.email', ['email']],
    ['true', []],
    ['cel.bind(m, user.mail, m + m)', ['mail']],
    ['"user.mail"', []],
  ])('%s', (text, names) => {
    expect([...compileExpression(text, 'value').attributes].sort()).toEqual(names);
  });

  test.each([
    'user[user.which]',
    'user["a" + "b"]',
    'user.all[user.which]',
    'user',
    'user.all',
    'user.exists(key, key == "mail")',
    '"mail" in user',
    'size(user)',
    'dyn(user).mail',
    'cel.bind(who, user, who.mail)',
    'user.groups.exists(group, has(user.all.x) && group in user.all)',
  ])('%s may touch any of them', (text) => {
    expect(compileExpression(text, 'value').attributes).toBe('all');
  });

  test('nothing is needed that is not asked for, whatever the name', () => {
    const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,12}$/);
    fc.assert(
      fc.property(name, (attribute) => {
        const { attributes } = compileExpression(`user.all["${attribute}"][0]`, 'value');

        expect(attributes).toEqual(new Set([attribute]));
      }),
    );
  });
});

test('an expression fails for one person only ever as an ExpressionError', () => {
  const texts = [
    'user.x.matches(user.y)',
    'timestamp(user.x)',
    'duration(user.x)',
    'int(user.x) / int(user.y)',
    'double(user.x)',
    'bytes(user.x)',
    'user.x.split(user.y)[1]',
    'user.x.substring(size(user.y))',
    'user.all.x[size(user.y)]',
    '{user.x: user.y}',
    'bool(user.x) ? user.y : user.z',
    'user.x.y.z',
    'user[user.x]',
    'uint(user.x)',
    'timestamp(user.x).getFullYear()',
  ].map((text) => compileExpression(text, 'value'));
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      '0',
      '-1',
      '1e999',
      'true',
      '((',
      '2026-02-30T00:00:00Z',
      '99999999999999999999',
      '1h',
    ),
  );

  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.array(value)),
      (one, attributes) => {
        try {
          const given = one.evaluate(userContext(identity({ attributes })));
          if (given !== undefined) expect(JSON.parse(JSON.stringify(given))).toEqual(given);
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
        }
      },
    ),
    { numRuns: 500 },
  );
});
