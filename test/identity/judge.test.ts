import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Identity, Person } from '../../src/identity/index.ts';
import { anchor, identity } from '../builders/people.ts';
import { rules as compiledRules, ruleProblems } from '../builders/rules.ts';
import { after, hours, noon } from '../builders/run.ts';

/** Judges at noon, where a test says nothing else. */
const rules = (lines: Parameters<typeof compiledRules>[0]) => {
  const { judge } = compiledRules(lines);
  return { judge: (given: Identity, now = noon) => judge(given, now) };
};

const withAttributes = (attributes: Identity['attributes']): Identity =>
  identity({ attributes: { mail: ['ann@example.com'], ...attributes } });

const desiredOf = (person: Person) => {
  if (person.kind !== 'member') throw new Error(`They are ${person.kind}.`);
  return person.desired;
};

const reasonOf = (person: Person) => {
  if (person.kind === 'member') throw new Error('They are a member.');
  return person.reason;
};

describe('the employee number', () => {
  test('goes with whoever has one, whatever the rules make of them', () => {
    const numbered = identity({ employeeNumber: ' 4711 ' });
    const judged = (lines: Parameters<typeof compiledRules>[0]) => rules(lines).judge(numbered);

    expect(judged({})).toMatchObject({ kind: 'member', employeeNumber: '4711' });
    expect(judged({ scope: 'false' })).toMatchObject({ kind: 'leaver', employeeNumber: '4711' });
    expect(judged({ mapping: { email: 'nothing' } })).toMatchObject({
      kind: 'skipped',
      employeeNumber: '4711',
    });
  });

  test('is none where it is blank', () => {
    expect(rules({}).judge(identity({ employeeNumber: '  ' }))).not.toHaveProperty('employeeNumber');
  });
});

describe('whom no rule deactivates', () => {
  const lines = { exempt: ['user.cn == "Nobody"', 'user.givenName == "Ann"'] };

  test('is told by the first rule that is true of them, members and leavers alike', () => {
    const exemptBy = 'user.givenName == "Ann"';

    expect(rules(lines).judge(identity())).toMatchObject({ kind: 'member', exemptBy });
    expect(rules({ ...lines, scope: 'false' }).judge(identity())).toMatchObject({ kind: 'leaver', exemptBy });
    expect(rules({ exempt: ['false'] }).judge(identity())).not.toHaveProperty('exemptBy');
  });

  test('has no leave date to be acted on', () => {
    const leaves = identity({ leaveAt: new Date('2099-01-01T00:00:00Z') });

    expect(rules(lines).judge(leaves)).not.toHaveProperty('leavesAt');
    expect(rules({}).judge(leaves)).toHaveProperty('leavesAt');
  });

  test('is not known where the rule fails: the person is skipped, leaver or not', () => {
    const broken = rules({ exempt: ['user.board == "yes"'] });

    for (const active of [true, false])
      expect(broken.judge(identity({ active }))).toMatchObject({
        kind: 'skipped',
        reason: expect.stringContaining('lifecycle.exempt'),
      });
  });

  test('the attributes that it names are asked for, and groups where it does', () => {
    expect(compiledRules({ exempt: ['user.board == "yes"'] }).attributes).toContain('board');
    expect(compiledRules({ exempt: ['"cn=board" in user.groups'] }).usesGroups).toBe(true);
    expect(ruleProblems({ exempt: ['user.board =='] })).toMatchObject([{ path: ['lifecycle', 'exempt', 0] }]);
  });
});

describe('a member gets what the mapping gives', () => {
  test('from attributes, expressions, constants and the normal form', () => {
    const { judge } = rules({
      mapping: {
        email: 'mail',
        name: 'cn',
        upper: 'user.cn + "!"',
        role: 7,
        is_staff: false,
        login: 'login',
        who: 'anchor',
      },
    });

    expect(judge(identity())).toEqual({
      kind: 'member',
      anchor: 'ann',
      label: 'uid=ann,ou=people,dc=example,dc=com',
      email: 'ann@example.com',
      desired: {
        email: 'ann@example.com',
        name: 'Ann Archer',
        upper: 'Ann Archer!',
        role: 7,
        is_staff: false,
        login: 'ann',
        who: 'ann',
      },
    });
  });

  test('the leave date as text in a plain name, as a time in an expression', () => {
    const { judge } = rules({
      scope: '!has(user.leaveAt) || user.leaveAt > timestamp("2026-03-03T00:00:00Z")',
      mapping: { email: 'mail', until: 'leaveAt', year: 'user.leaveAt.getFullYear()' },
    });

    expect(desiredOf(judge(identity({ leaveAt: after(noon, hours(24)) })))).toEqual({
      email: 'ann@example.com',
      until: '2026-03-03T12:00:00.000Z',
      year: 2026,
    });
    expect(judge(identity({ leaveAt: after(noon, hours(2)) }))).toMatchObject({ why: 'out-of-scope' });
  });

  test('a missing attribute in a plain name is simply not set', () => {
    const { judge } = rules({
      mapping: { email: 'mail', mobile: 'mobile', login: 'login', ctor: 'constructor' },
    });

    expect(desiredOf(judge(identity({ login: undefined })))).toEqual({ email: 'ann@example.com' });
  });

  test('an attribute without values is as one that is missing', () => {
    const { judge } = rules({ mapping: { email: 'mail', mobile: 'mobile' } });

    expect(desiredOf(judge(withAttributes({ mobile: [] })))).toEqual({ email: 'ann@example.com' });
  });

  test('absent, null and empty are three things', () => {
    const { judge } = rules({
      mapping: { email: 'mail', absent: 'user.?x', null: 'true ? null : null', empty: 'empty' },
    });

    expect(desiredOf(judge(withAttributes({ empty: [''] })))).toEqual({
      email: 'ann@example.com',
      null: null,
      empty: '',
    });
  });

  test('a plain name is found whatever the case in which the directory spells it', () => {
    const { judge } = rules({ mapping: { email: 'mail', phone: 'telephonenumber' } });

    expect(desiredOf(judge(withAttributes({ telephoneNumber: ['+43 1'] }))).phone).toBe('+43 1');
  });
});

describe('a record that cannot be judged is skipped, by name and with the reason', () => {
  test('an expression that asks for a missing attribute', () => {
    const { judge } = rules({ mapping: { email: 'mail', phone: 'user.mobile' } });

    expect(judge(identity())).toEqual({
      kind: 'skipped',
      anchor: 'ann',
      label: 'uid=ann,ou=people,dc=example,dc=com',
      email: 'ann@example.com',
      reason: 'The mapping of phone could not be applied: The attribute mobile is missing.',
    });
  });

  test.each([
    ['scope', { scope: 'user.mobile == "1"' }, 'The scope could not be applied'],
    ['active rule', { active: 'user.mobile == "1"' }, 'who is active could not be applied'],
    ['scope that gives text', { scope: 'user.cn' }, '"Ann Archer", but must be true or false'],
    ['active rule that gives text', { active: 'user.cn' }, '"Ann Archer", but must be true or false'],
    ['scope that gives nothing', { scope: 'dyn(user.?mobile)' }, 'must be true or false'],
  ])('a %s that fails takes nobody for a leaver', (_, given, reason) => {
    const judged = rules({ mapping: { email: 'mail' }, ...given }).judge(identity());

    expect(judged.kind).toBe('skipped');
    expect(reasonOf(judged)).toContain(reason);
  });

  test.each([[[]], [['']]])('no e-mail address: %o', (mail) => {
    const judged = rules({}).judge(identity({ attributes: { mail } }));

    expect(judged.kind).toBe('skipped');
    expect(reasonOf(judged)).toContain('no e-mail address');
  });

  test.each([
    '   ',
    'ann',
    '@example.com',
    'ann@',
    'ann@@example.com',
    'ann@example.com, bob@example.com',
    'ann@example.com;bob@example.com',
    'Ann <ann@example.com>',
    ' ann@example.com',
    'ann@example.com\n',
    'ann@example.com\r\nBcc: all@example.com',
    'ann\u0085@example.com',
    'ann @example.com',
    `${'a'.repeat(243)}@example.com`,
  ])('%j is no e-mail address', (mail) => {
    const judged = rules({}).judge(identity({ attributes: { mail: [mail] } }));

    expect(judged.kind).toBe('skipped');
    expect(reasonOf(judged)).toContain('is no e-mail address');
  });

  test('an e-mail address that is no text', () => {
    for (const email of ['user.all.mail', 'size(user.mail)', '{"a": 1}', 'true']) {
      expect(rules({ mapping: { email } }).judge(identity()).kind).toBe('skipped');
    }
    expect(reasonOf(rules({ mapping: { email: 'user.?x' } }).judge(identity()))).toContain('no e-mail');
  });

  test.each([
    ['a NUL', 'a\0b'],
    ['half a character', 'a\uD800b'],
    ['the other half', '\uDC00'],
  ])('%s in a value, however deep', (_, cn) => {
    for (const rule of ['cn', 'user.cn', 'user.all.cn', '{"a": [user.cn]}', '{user.cn: 1}']) {
      const judged = rules({ mapping: { email: 'mail', x: rule } }).judge(withAttributes({ cn: [cn] }));

      expect(judged.kind).toBe('skipped');
      expect(reasonOf(judged)).toContain('The value of x');
    }
  });
});

describe('a leaver', () => {
  test('is one whom the source itself calls disabled, whatever the rules say or fail to say', () => {
    const { judge } = rules({ active: 'user.mobile == "1"', scope: 'user.mobile == "1"' });

    expect(judge(identity({ active: false }))).toMatchObject({
      kind: 'leaver',
      why: 'disabled',
      reason: 'The account is disabled in the source.',
    });
  });

  test('has the reason that the record gives', () => {
    const whyInactive = 'The account is disabled in the source (userAccountControl).';

    expect(rules({}).judge(identity({ active: false, whyInactive }))).toMatchObject({ reason: whyInactive });
  });

  test('is one whose leave date has come; the reason names the date and where it stands', () => {
    const judged = rules({}).judge(identity({ leaveAt: noon, leaveAtFrom: 'accountExpires' }));

    expect(judged).toMatchObject({
      kind: 'leaver',
      why: 'leave-date',
      reason: 'The source says that they left on 2026-03-02T12:00:00.000Z (accountExpires).',
    });
  });

  test('is nobody yet whose leave date is to come, to the millisecond', () => {
    const leaving = identity({ leaveAt: noon, leaveAtFrom: 'accountExpires' });

    expect(rules({}).judge(leaving, after(noon, -1)).kind).toBe('member');
    expect(rules({}).judge(leaving, after(noon, hours(1))).kind).toBe('leaver');
  });

  test('is nobody whose leave date is no date', () => {
    expect(rules({}).judge(identity({ leaveAt: new Date(Number.NaN) })).kind).toBe('member');
  });

  test('is one for whom the active rule is false; the reason names the rule', () => {
    const judged = rules({ active: 'user.cn != "Ann Archer"' }).judge(identity());

    expect(judged).toMatchObject({ kind: 'leaver', why: 'disabled' });
    expect(reasonOf(judged)).toContain('user.cn != "Ann Archer"');
  });

  test('is one who is out of scope; the reason names the scope', () => {
    const judged = rules({ scope: 'user.groups.exists(g, g.contains("admins"))' }).judge(identity());

    expect(judged).toMatchObject({ kind: 'leaver', why: 'out-of-scope' });
    expect(reasonOf(judged)).toContain('admins');
  });

  test('needs no e-mail address and no mapping that works', () => {
    const { judge } = rules({ mapping: { email: 'mail', x: 'user.mobile' } });

    expect(judge(identity({ active: false, email: undefined, attributes: {} })).kind).toBe('leaver');
  });
});

const storable = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.isWellFormed() && !value.includes('\0')
    : typeof value !== 'object' || value === null || Object.entries(value).flat().every(storable);

// One label with a NUL made PostgreSQL refuse the findings of the whole run.
test('whatever the record, what is said of the person can be stored', () => {
  const { judge } = rules({ mapping: { email: 'mail', x: 'user.cn.matches(user.cn) ? "y" : "n"' } });
  const judged = [
    judge(identity({ label: 'uid=a\0b', email: 'a\uD800@example.com', active: false })),
    judge(identity({ label: 'uid=a\0b', email: 'a\0@example.com', attributes: {} })),
    judge(identity({ attributes: { mail: ['ann@example.com'], cn: ['(\0'] } })),
    judge(identity({ label: 'uid=\uDC00' })),
  ];

  expect(judged.map((person) => person.kind)).toEqual(['leaver', 'skipped', 'skipped', 'member']);
  for (const person of judged) expect(storable(person)).toBe(true);
});

test('no identity makes it throw, and each gets a verdict with a storable reason', () => {
  const compiled = [
    rules({ mapping: { email: 'mail', name: 'cn' } }),
    rules({
      active: '!has(user.state) || user.state != "left"',
      scope: 'user.groups.exists(g, g.startsWith(user.prefix)) || user.cn.matches(user.state)',
      mapping: {
        email: 'email',
        a: 'user.all.cn',
        b: '{user.cn: user.?state}',
        c: 'int(user.state)',
        d: 'groups',
      },
    }),
    rules({
      mapping: { email: 'user.all.mail[0]', t: 'timestamp(user.state)', n: 'double(user.cn)', all: 'user' },
    }),
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a@b.c', '', '1', 'left', '(', '\0', '\uD800'),
  );
  const anyIdentity = fc.record({
    anchor: text.filter(storable).map(anchor),
    label: text,
    login: fc.option(text, { nil: undefined }),
    email: fc.option(text, { nil: undefined }),
    active: fc.boolean(),
    whyInactive: fc.option(fc.constant('Disabled.'), { nil: undefined }),
    leaveAt: fc.option(fc.date(), { nil: undefined }),
    leaveAtFrom: fc.option(text, { nil: undefined }),
    groups: fc.array(text),
    attributes: fc.dictionary(
      fc.oneof(fc.constantFrom('mail', 'cn', 'state', 'prefix', 'constructor', 'all', 'email'), text),
      fc.array(text, { maxLength: 3 }),
    ),
  });

  fc.assert(
    fc.property(fc.constantFrom(...compiled), anyIdentity, ({ judge }, given) => {
      const judged = judge(identity(given));

      expect(judged.anchor).toBe(given.anchor);
      expect(storable(judged)).toBe(true);
      if (judged.kind === 'member') {
        expect(judged.desired.email).toBe(judged.email);
        expect(JSON.parse(JSON.stringify(judged.desired))).toEqual({ ...judged.desired });
      } else expect(judged.reason).toMatch(/\S.*\.$/s);
      expect(judge(identity(given))).toEqual(judged);
    }),
    { numRuns: 1_000 },
  );
});

test('an id that is too long to be kept skips that one person', () => {
  expect(rules({}).judge(identity({ anchor: anchor('x'.repeat(500)) })).kind).toBe('member');
  expect(rules({}).judge(identity({ anchor: anchor('x'.repeat(501)) }))).toMatchObject({
    kind: 'skipped',
    reason: expect.stringContaining('501 characters'),
  });
});
