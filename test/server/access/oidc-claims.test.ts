import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Claims, judgeClaims, roleBy } from '../../../src/server/access/oidc/claims.ts';

const rules = {
  nameClaim: 'email',
  rolesClaim: 'groups',
  roles: { viewer: ['readers'], operator: ['desk'], approver: ['leads', 'board'] },
};
const judge = (claims: Claims, more: Partial<typeof rules> = {}) =>
  judgeClaims(claims, { ...rules, ...more });
const ann = { sub: '1', email: 'ann@example.com' };

describe('the role of somebody', () => {
  test.each([
    [['readers'], 'viewer'],
    [['readers', 'desk'], 'operator'],
    [['board', 'readers'], 'approver'],
    ['leads', 'approver'],
  ])('is the highest that their values give: %j', (groups, role) => {
    expect(judge({ ...ann, groups })).toMatchObject({ kind: 'let-in', name: 'ann@example.com', role });
  });

  test.each([
    ['no claim', undefined],
    ['none of them', ['staff']],
    ['another spelling', ['Readers', ' readers', 'readers ']],
    ['no text', { readers: true }],
    ['texts among others', [['readers'], 1, null]],
    ['an empty list', []],
  ])('is none where there is %s', (_, groups) => {
    const judged = judge({ ...ann, groups });

    expect(judged.kind).toBe('refused');
    expect(judged).toHaveProperty('sentence', expect.stringContaining('has no role in Rollcall'));
  });

  test('is found in a claim within others, and in one whose name has dots', () => {
    const within = { ...ann, realm_access: { roles: ['desk'] } };
    const dotted = { ...ann, 'https://example.com/roles': ['leads'] };

    expect(judge(within, { rolesClaim: 'realm_access.roles' })).toMatchObject({ role: 'operator' });
    expect(judge(dotted, { rolesClaim: 'https://example.com/roles' })).toMatchObject({ role: 'approver' });
    expect(judge(ann, { rolesClaim: 'constructor.name' }).kind).toBe('refused');
  });

  test('is of no other group than those that give one', () => {
    expect(judge({ ...ann, groups: ['works-council', 'desk'] })).toMatchObject({ values: ['desk'] });
  });

  test('that too many groups hide says how to mend it', () => {
    const claims = { ...ann, _claim_names: { groups: 'src1' } };

    expect(judge(claims)).toHaveProperty('sentence', expect.stringContaining('so many groups'));
  });

  test('grows with every value, and never shrinks', () => {
    const values = fc.array(fc.constantFrom('readers', 'desk', 'leads', 'board', 'staff'), {
      size: 'max',
      maxLength: 50,
    });
    const order = [undefined, 'viewer', 'operator', 'approver'];
    fc.assert(
      fc.property(values, values, (some, more) => {
        const before = order.indexOf(roleBy(some, rules.roles));
        expect(order.indexOf(roleBy([...some, ...more], rules.roles))).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});

describe('the name of somebody', () => {
  test.each([
    undefined,
    '',
    ' ',
    7,
    ['ann@example.com'],
    'a'.repeat(201),
  ])('is none, and lets nobody in: %j', (email) => {
    expect(judge({ sub: '1', email, groups: ['desk'] })).toHaveProperty(
      'sentence',
      expect.stringContaining('server.oidc.nameClaim'),
    );
  });

  test('that the provider has not verified could be anybody’s', () => {
    const claims = { ...ann, groups: ['desk'] };

    expect(judge({ ...claims, email_verified: false }).kind).toBe('refused');
    expect(judge({ ...claims, email_verified: true }).kind).toBe('let-in');
    expect(judge({ ...claims, upn: 'ann', email_verified: false }, { nameClaim: 'upn' }).kind).toBe('let-in');
  });

  test('can’t write lines of its own into a log', () => {
    const claims = { sub: '1', email: 'ann\r\n2026 approver\u202e\u0000', groups: ['desk'] };

    expect(judge(claims)).toMatchObject({ name: 'ann2026 approver' });
  });
});

test('whatever is said, somebody is let in by a value of the configuration, or told why not', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('email', 'groups', '_claim_names', 'email_verified'), fc.anything()),
      (claims) => {
        const judged = judge(claims);
        if (judged.kind === 'let-in') expect(judged.values.length).toBeGreaterThan(0);
        else expect(judged.sentence).toMatch(/[.]$/);
      },
    ),
    { numRuns: 500 },
  );
});
