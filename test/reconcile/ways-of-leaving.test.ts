/** Whoever left is treated by the way in which they did, and from when that counts. */
import { describe, expect, test } from 'vitest';
import type { Treatment, WayOfLeaving } from '../../src/reconcile/index.ts';
import { departure } from '../builders/departure.ts';
import { link, profile } from '../builders/org.ts';
import { leaver } from '../builders/people.ts';
import { after, deeds, hours, noon, reconcile, remarks, type Situation } from '../builders/run.ts';

const [longAgo, lately] = [after(noon, -hours(100)), after(noon, -hours(1))];
const day: Treatment = { kind: 'after', ms: hours(24) };
const ignored: Treatment = { kind: 'ignore' };
/** Nothing is done for any other way, so that none is taken for another. */
const only = (way: WayOfLeaving, treatment: Treatment) => {
  const none = { disabled: ignored, 'out-of-scope': ignored, deleted: ignored, absent: ignored };
  return { graceMs: 0, leaver: { ...none, [way]: treatment } };
};

describe.each<readonly [WayOfLeaving, (since: Date | undefined) => Situation]>([
  ['disabled', (leftSince) => ({ people: [leaver()], links: [link({ leftSince, absentSince: longAgo })] })],
  [
    'out-of-scope',
    (leftSince) => ({
      people: [leaver('ann', 'out-of-scope')],
      links: [link({ leftSince, deletedSince: longAgo })],
    }),
  ],
  [
    'deleted',
    (deletedSince) => ({
      absences: { ann: { kind: 'deleted' } },
      links: [link({ deletedSince, absentSince: longAgo, leftSince: longAgo })],
    }),
  ],
  [
    'absent',
    (absentSince) => ({
      absences: { ann: { kind: 'gone' } },
      links: [link({ absentSince, leftSince: longAgo })],
    }),
  ],
])('whoever is %s', (way, situation) => {
  const ran = (treatment: Treatment, since: Date | undefined) =>
    reconcile({ profiles: [profile()], ...situation(since), policy: only(way, treatment) });

  test('is deactivated, or left, as that way has it', () => {
    expect(deeds(ran({ kind: 'deactivate' }, longAgo))).toEqual(['ann: deactivate']);
    expect(remarks(ran({ kind: 'ignore' }, longAgo))).toEqual(['ann: left']);
  });

  test('waits from the time at which that began, and is looked at again when it is over', () => {
    expect(deeds(ran(day, longAgo))).toEqual(['ann: deactivate']);
    const waits = ran(day, lately);
    expect(remarks(waits)).toEqual(['ann: waiting']);
    expect(waits.revisits).toEqual([{ anchor: 'ann', notBefore: after(lately, hours(24)) }]);
  });

  test('begins to wait now where that is new', () => {
    expect(ran(day, undefined).revisits).toEqual([{ anchor: 'ann', notBefore: after(noon, hours(24)) }]);
  });
});

test('whoever was deleted once and is only gone since is still deleted', () => {
  const situation = {
    profiles: [profile()],
    links: [link({ deletedSince: longAgo, absentSince: lately })],
    absences: { ann: { kind: 'gone' } },
  } as const;

  expect(deeds(reconcile({ ...situation, policy: only('deleted', { kind: 'deactivate' }) }))).toEqual([
    'ann: deactivate',
  ]);
  expect(deeds(reconcile({ ...situation, policy: only('absent', { kind: 'deactivate' }) }))).toEqual([]);
});

test('whoever left by a leave date or by HR’s word has left at once, whatever the ways lead to', () => {
  const given = { profiles: [profile()], links: [link()], policy: only('absent', { kind: 'ignore' }) };

  expect(deeds(reconcile({ ...given, people: [leaver('ann', 'leave-date')] }))).toEqual(['ann: deactivate']);
  expect(deeds(reconcile({ ...given, people: [leaver()], departures: [departure()] }))).toEqual([
    'ann: deactivate',
  ]);
});
