import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leaverSignals } from '../../../../config/sections/sources/ldap-leavers.ts';
import { type LeaverRules, lifecycleReader } from '../../../../connectors/ldap/lifecycle/lifecycle.ts';

const rules = (changes: Partial<LeaverRules> = {}): LeaverRules => ({
  signals: leaverSignals,
  dates: [],
  always: [],
  ...changes,
});

type Entry = Readonly<Record<string, string | readonly string[]>>;

const of = (entry: Entry, given = rules()) => lifecycleReader(given)((name) => [entry[name] ?? []].flat());

/** One word on what an entry says. */
const word = (entry: Entry, given?: LeaverRules): string => {
  const told = of(entry, given);
  if (told.kind === 'unclear') return 'unclear';
  if (told.whyInactive !== undefined) return 'left';
  return told.leaveAt?.toISOString() ?? 'stays';
};

describe('userAccountControl', () => {
  test.each([
    [512, 'a normal account', 'stays'],
    [514, 'a disabled one', 'left'],
    [66048, 'one whose password never expires', 'stays'],
    [66050, 'a disabled one whose password never expires', 'left'],
    [512 + 0x10, 'one that is locked after wrong passwords', 'stays'],
    [512 + 0x800000, 'one whose password has expired', 'stays'],
    [544, 'one that needs no password', 'stays'],
    [256, 'the local double of an account', 'stays'],
    [4096, "a computer's", 'unclear'],
    [4098, "a disabled computer's", 'left'],
    [532480, "a domain controller's", 'unclear'],
    [2080, "another domain's", 'unclear'],
    [0, 'of no kind', 'unclear'],
    [-2147483136, 'a normal one as a signed number', 'stays'],
  ])('%i, %s: %s', (userAccountControl, _, expected) => {
    expect(word({ userAccountControl: String(userAccountControl) })).toBe(expected);
  });

  test.each(['', '0x202', 'NORMAL', '99999999999'])('of %j disables nobody', (userAccountControl) => {
    expect(word({ userAccountControl })).toMatch(/unclear|stays/);
  });

  test('has bit 2 for those who left, and for no others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (bits) => {
        const isDisabled = Math.floor(bits / 2) % 2 === 1;

        expect(word({ userAccountControl: String(bits) }) === 'left').toBe(isDisabled);
      }),
    );
  });
});

describe('the other marks', () => {
  test.each([
    [{ 'msDS-User-Account-Control-Computed': '0' }, 'stays'],
    [{ 'msDS-User-Account-Control-Computed': '16' }, 'stays'],
    [{ 'msDS-User-Account-Control-Computed': '8388608' }, 'stays'],
    [{ 'msDS-User-Account-Control-Computed': '2' }, 'left'],
    [{ 'msDS-UserAccountDisabled': 'TRUE' }, 'left'],
    [{ accountExpires: '0' }, 'stays'],
    [{ accountExpires: '9223372036854775807' }, 'stays'],
    [{ accountExpires: '134194464000000000' }, '2026-03-31T16:00:00.000Z'],
    [{ accountExpires: '-1' }, 'unclear'],
    [{ nsAccountLock: 'TRUE' }, 'left'],
    [{ nsAccountLock: 'true' }, 'left'],
    [{ nsAccountLock: 'FALSE' }, 'stays'],
    [{ nsAccountLock: 'yes' }, 'unclear'],
    [{ loginDisabled: 'TRUE' }, 'left'],
    [{ loginDisabled: 'FALSE' }, 'stays'],
    [{ loginExpirationTime: '20260331160000Z' }, '2026-03-31T16:00:00.000Z'],
    [{ pwdAccountLockedTime: '000001010000Z' }, 'left'],
    [{ pwdAccountLockedTime: '00000101000000Z' }, 'left'],
    [{ pwdAccountLockedTime: '20260331160000Z' }, 'stays'],
    [{ pwdAccountLockedTime: 'locked' }, 'unclear'],
    [{ pwdEndTime: '20260331160000Z' }, '2026-03-31T16:00:00.000Z'],
    [{ shadowExpire: '20543' }, '2026-03-31T00:00:00.000Z'],
    [{ shadowExpire: '-1' }, 'stays'],
    [{ shadowExpire: '0' }, 'unclear'],
    [{ krbPrincipalExpiration: '20260331160000Z' }, '2026-03-31T16:00:00.000Z'],
    [{ krbPrincipalExpiration: 'never' }, 'unclear'],
    [{}, 'stays'],
    [{ shadowExpire: '  ' }, 'stays'],
    [{ nsAccountLock: ' TRUE ' }, 'left'],
    [{ nsAccountLock: ['TRUE', 'FALSE'] }, 'unclear'],
    [{ nsAccountLock: ['TRUE', 'TRUE'] }, 'left'],
  ])('%o: %s', (entry, expected) => {
    expect(word(entry)).toBe(expected);
  });

  test('that are not asked for say nothing', () => {
    expect(word({ nsAccountLock: 'TRUE' }, rules({ signals: ['shadowExpire'] }))).toBe('stays');
  });
});

describe('together', () => {
  test('a clear mark counts, however unclear another one is', () => {
    expect(word({ shadowExpire: 'x', nsAccountLock: 'TRUE' })).toBe('left');
  });

  test('an unclear one leaves somebody as they are, even past another date', () => {
    expect(word({ shadowExpire: '1', pwdEndTime: 'x' })).toBe('unclear');
  });

  test('the first of several dates counts, and is named', () => {
    const dates = [
      { attribute: 'employeeEndDate', format: 'date', timezone: 'Europe/Vienna' },
      { attribute: 'contractEnd', format: 'date', timezone: 'UTC' },
    ] as const;
    const entry = { employeeEndDate: '2026-03-31', contractEnd: '2026-02-28', shadowExpire: '30000' };

    expect(of(entry, rules({ dates }))).toEqual({
      kind: 'told',
      whyInactive: undefined,
      leaveAt: new Date('2026-03-01T00:00:00Z'),
      leaveAtFrom: 'contractEnd',
    });
  });

  test('what every account has and nobody can see is hidden, which is no word that they stay', () => {
    const hidden = of({}, rules({ always: ['userAccountControl'] }));

    expect(hidden).toMatchObject({
      kind: 'unclear',
      reason:
        "Whether they left is not clear, since userAccountControl can't be seen. Let the account read it, or take it out of leavers.signals.",
    });
  });

  test('the reason names the attribute and what it says', () => {
    expect(of({ userAccountControl: '514' })).toMatchObject({
      whyInactive: 'The account is disabled in the source (userAccountControl: ACCOUNTDISABLE).',
    });
    expect(of({ userAccountControl: '4096' })).toMatchObject({
      reason: "It is a computer's account (userAccountControl), not a person's. Leave it out by the filter.",
    });
  });

  test('whatever the values are, nobody leaves but by one that can be read', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('TRUE', 'FALSE', '0', '-1', '512', '514', '000001010000Z', '20260331160000Z'),
    );
    const entry = fc.dictionary(fc.constantFrom(...leaverSignals), fc.array(value, { maxLength: 2 }));
    fc.assert(
      fc.property(entry, (given) => {
        const told = of(given);
        if (told.kind === 'unclear') expect(told.reason).toMatch(/\S.*\. \S.*\.$/s);
        else expect(told.leaveAt === undefined || Number.isFinite(told.leaveAt.getTime())).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
