/** The configuration's word on each event of a working life, as it is applied. */
import { describe, expect, test } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { policyOf } from '../../src/plan/policy.ts';
import { profileId } from '../builders/org.ts';
import { hours, noon } from '../builders/run.ts';

const minimal = {
  profileApi: { url: 'https://api.example.com', apiKey: 'key' },
  sources: [
    { id: 'hr', type: 'ldif', file: 'hr.ldif' },
    { id: 'labs', type: 'ldif', file: 'labs.ldif' },
  ],
  scope: 'true',
  mapping: { email: 'mail', title: 'title' },
};

const own = profileId('P-own');
const policy = (changes: object = {}) => {
  const config = configSchema.parse({ ...minimal, ...changes });
  return policyOf(config, { authority: new Map([['title', 'once']]) }, own, noon);
};
const at = (ms: number) => new Date(noon.getTime() + ms);

test('where nothing is said, people are created, leavers deactivated, and nobody is deleted', () => {
  expect(policy()).toMatchObject({
    onboard: 'create',
    reactivate: 'ours',
    deletedInOrg: 'leave',
    graceMs: hours(24),
    joinEarly: { ms: 0, before: noon },
    leaver: {
      disabled: { kind: 'deactivate' },
      'out-of-scope': { kind: 'deactivate' },
      deleted: { kind: 'deactivate' },
      absent: { kind: 'deactivate' },
    },
    exempts: false,
    protected: new Set(),
    precedence: new Map(),
    purgeBefore: undefined,
  });
});

test('who asks, and what is compared, is handed on', () => {
  expect(policy({ correlation: ['username'], precedence: { title: ['labs', 'hr'] } })).toMatchObject({
    ownProfile: own,
    sources: ['hr', 'labs'],
    authority: new Map([['title', 'once']]),
    correlation: ['username'],
    precedence: new Map([['title', ['labs', 'hr']]]),
  });
});

test('times count from the moment of the run: back for deletions, ahead for those who are to come', () => {
  expect(policy({ lifecycle: { purgeAfter: '180d', joinEarly: '3d' } })).toMatchObject({
    purgeBefore: at(-hours(24 * 180)),
    joinEarly: { ms: hours(72), before: at(hours(72)) },
  });
});

test('an invitation is repeated as the configuration says', () => {
  const invite = { again: 'once-expired', expires: '48h', atMost: 2 };

  expect(policy({ lifecycle: { onboard: 'invite', invite } })).toMatchObject({
    onboard: 'invite',
    invite: { again: 'once-expired', expiresMs: hours(48), atMost: 2 },
  });
});

test('protected accounts are known by id as it is written, and by address in any case', () => {
  expect(policy({ guards: { protected: ['P-Boss', 'Boss@Example.com'] } }).protected).toEqual(
    new Set(['P-Boss', 'p-boss', 'Boss@Example.com', 'boss@example.com']),
  );
});

test('there are exempt people as soon as one rule names them', () => {
  expect(policy({ lifecycle: { exempt: ['user.title == "Board"'] } }).exempts).toBe(true);
});

describe('each way of leaving', () => {
  test('is treated by its own key', () => {
    const leaver = { disabled: 'ignore', outOfScope: { after: '2d' }, deleted: { after: '1h' } };

    expect(policy({ lifecycle: { leaver } }).leaver).toEqual({
      disabled: { kind: 'ignore' },
      'out-of-scope': { kind: 'after', ms: hours(48) },
      deleted: { kind: 'after', ms: hours(1) },
      absent: { kind: 'deactivate' },
    });
  });

  test.each([
    ['the grace, where nothing is said of the absent', { grace: '36h' }, hours(36), 'deactivate'],
    [
      'their own time, which goes before the grace',
      { grace: '36h', leaver: { absent: { after: '5d' } } },
      hours(120),
      'deactivate',
    ],
    [
      'no time where they are deactivated',
      { grace: '36h', leaver: { absent: 'deactivate' } },
      0,
      'deactivate',
    ],
    ['no time where they are ignored', { grace: '36h', leaver: { absent: 'ignore' } }, 0, 'ignore'],
  ])('the absent must be missing for %s', (_what, lifecycle, graceMs, kind) => {
    const made = policy({ lifecycle });

    expect(made.graceMs).toBe(graceMs);
    expect(made.leaver.absent).toEqual({ kind });
  });
});
