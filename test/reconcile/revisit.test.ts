/** Who has to be looked at again though nothing changes in their own record, and when. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conflict, type Decision, finding, operate, unchanged } from '../../src/reconcile/decision.ts';
import { revisitOf, type Standing } from '../../src/reconcile/revisit.ts';
import { link } from '../builders/org.ts';
import { anchor, person } from '../builders/people.ts';
import { after, hours, noon, policy } from '../builders/run.ts';

const ann = anchor('ann');
const days = (count: number) => hours(24 * count);
const standing = (changes: Partial<Standing> = {}): Standing => ({
  link: undefined,
  absence: undefined,
  seenAs: 'member',
  leavesAt: undefined,
  ...changes,
});
const waits: Decision = finding('waiting', person(), 'They wait.');
const revisit = (decision: Decision, about: Partial<Standing> = {}) =>
  revisitOf(ann, decision, standing(about), noon, policy());

test('an operation is its own reminder', () => {
  const edit = operate('edit', person(), undefined, 'x', { before: {}, after: {}, desired: {} });

  expect(revisit(edit, { leavesAt: after(noon, 1) })).toBeUndefined();
});

test('whoever is as they should be is looked at again when they leave, if that is within 32 days', () => {
  fc.assert(
    fc.property(fc.integer({ min: -days(400), max: days(400) }), (ms) => {
      const leavesAt = after(noon, ms);

      expect(revisit(unchanged, { leavesAt })).toEqual(
        ms <= days(32) ? { anchor: ann, notBefore: leavesAt } : undefined,
      );
    }),
    { examples: [[days(32)], [days(32) + 1]] },
  );
  expect(revisit(unchanged)).toBeUndefined();
});

test.each([
  ['a bad record', finding('skipped', person(), 'x')],
  ['a conflict', conflict('email-taken', undefined, person(), 'x')],
])('what somebody has to mend is looked at within an hour: %s', (_what, decision) => {
  expect(revisit(decision)).toEqual({
    anchor: ann,
    notBefore: after(noon, hours(1)),
    soonerOnceMoved: true,
  });
});

test('whoever is left alone is looked at again only where the look-up shows them and the reading did not', () => {
  const left = finding('left', person(), 'They are not ours.');

  expect(revisit(left)).toBeUndefined();
  expect(revisit(left, { absence: { kind: 'gone' } })).toBeUndefined();
  expect(revisit(left, { absence: { kind: 'still-there' } })).toEqual({ anchor: ann });
});

test('whoever waits until a known time is looked at then', () => {
  expect(revisit(finding('waiting', person(), 'x', after(noon, 7)))).toEqual({
    anchor: ann,
    notBefore: after(noon, 7),
  });
});

describe('whoever is gone', () => {
  const absence = { kind: 'gone' } as const;

  test.each([
    ['since they were missed', link({ absentSince: after(noon, -hours(5)) }), hours(19)],
    ['since now, where they were not missed before', link(), hours(24)],
    ['since now, where nothing links them', undefined, hours(24)],
  ])('is looked at when their grace is over: %s', (_what, known, ms) => {
    expect(revisit(waits, { link: known, absence })).toEqual({ anchor: ann, notBefore: after(noon, ms) });
  });

  test('is looked at by the next run where the source itself calls them deleted', () => {
    expect(revisit(waits, { link: link({ deletedSince: noon }), absence })).toEqual({ anchor: ann });
  });
});

describe('whoever was invited', () => {
  const invited = (about: Parameters<typeof link>[0] = {}) =>
    link({ pending: true, invitedAt: after(noon, -hours(6)), ...about });

  test('is looked at when the invitation expires', () => {
    expect(revisit(waits, { link: invited() })).toEqual({ anchor: ann, notBefore: after(noon, hours(30)) });
  });

  test('is looked at by the next run where they have left: they may accept at any time', () => {
    expect(revisit(waits, { link: invited(), seenAs: 'leaver' })).toEqual({ anchor: ann });
  });

  test.each([
    [after(noon, -hours(36)), undefined],
    [after(noon, 1 - hours(36)), { anchor: ann, notBefore: after(noon, 1) }],
  ])('%s is not looked at once nobody can accept', (invitedAt, expected) => {
    expect(revisit(waits, { link: invited({ invitedAt }) })).toEqual(expected);
  });

  test.each([
    ['nobody knows when', invited({ invitedAt: undefined })],
    ['they have a profile by now', invited({ profileId: link().profileId })],
    ['they were created instead', invited({ origin: 'created' })],
    ['there is no link', undefined],
  ])('is looked at by the next run where %s', (_what, known) => {
    expect(revisit(waits, { link: known })).toEqual({ anchor: ann });
  });
});
