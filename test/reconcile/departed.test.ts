/** People of whom HR or an operator said that they left: leavers, whatever their source says. */
import { describe, expect, test } from 'vitest';
import type { DepartureId } from '../../src/store/departures/departure.ts';
import { departure } from '../builders/departure.ts';
import { link, profile } from '../builders/org.ts';
import { anchor, leaver, person, skipped } from '../builders/people.ts';
import { ruling } from '../builders/ruling.ts';
import { after, deeds, hours, noon, onlyOperation, reconcile } from '../builders/run.ts';

const ann = { profiles: [profile()], links: [link()], departures: [departure()] };

test('somebody who is active in the source is deactivated by the word of HR, which the reason names', () => {
  const operation = onlyOperation(reconcile({ ...ann, people: [person()] }));

  expect(operation.kind).toBe('deactivate');
  expect(operation.reason).toBe('HR says that they left (event hr-42): "Contract ended.".');
});

test.each([
  ['whose record is bad', { people: [skipped()] }],
  ['whom the reading does not show', { people: [] }],
  ['whom an incomplete reading does not show', { people: [], incomplete: 'It broke off.' }],
  ['whom an incomplete reading shows', { people: [person()], incomplete: 'It broke off.' }],
  ['of whom the source says so too', { people: [leaver()] }],
])('somebody %s is deactivated all the same', (_, situation) => {
  expect(deeds(reconcile({ ...ann, ...situation }))).toEqual(['ann: deactivate']);
});

test('an incomplete reading still removes nobody of whom only the source says it', () => {
  const ran = reconcile({ people: [leaver()], profiles: [profile()], links: [link()], incomplete: 'x' });

  expect(ran.operations).toEqual([]);
});

test('somebody whom Rollcall has deactivated is not reactivated while the word stands, and is once it does not', () => {
  const inactive = {
    people: [person()],
    profiles: [profile({ isActive: false })],
    links: [link({ deactivatedByUs: true })],
  };

  expect(deeds(reconcile({ ...inactive, departures: [departure()] }))).toEqual([]);
  expect(deeds(reconcile(inactive))).toEqual(['ann: reactivate']);
});

test('somebody without an account gets none', () => {
  expect(deeds(reconcile({ people: [person()], departures: [departure()] }))).toEqual([]);
});

test('somebody who accepts an invitation after they left is deactivated', () => {
  const ran = reconcile({ ...ann, people: [person()], links: [link({ pending: true })] });

  expect(deeds(ran)).toEqual(['ann: deactivate']);
});

test('who is to be left alone is left alone', () => {
  const rulings = [ruling('ann')];

  expect(deeds(reconcile({ ...ann, people: [person()], rulings }))).toEqual([]);
});

test('the word on one person says nothing of another', () => {
  const ran = reconcile({
    ...ann,
    people: [person(), person({ anchor: 'bob' })],
    profiles: [profile(), profile({ id: 'P-bob', email: 'bob@example.com' })],
    links: [link(), link({ id: 'bob' })],
  });

  expect(deeds(ran)).toEqual(['ann: deactivate']);
});

describe('leave dates', () => {
  const leaving = (at: Date) => ({ ...person(), leavesAt: at });
  const kept = (dueAt: Date, isActedOn = false) =>
    new Map([[anchor('ann'), { id: 'D-ann' as DepartureId, dueAt, isActedOn }]]);
  const friday = after(noon, hours(96));
  const monday = after(noon, hours(168));

  test('one that is new, or another one than before, is kept', () => {
    const set = [{ anchor: 'ann', label: 'uid=ann', email: 'ann@example.com', at: friday }];

    expect(reconcile({ people: [leaving(friday)] }).leaveDates).toEqual({ set, dropped: [] });
    expect(reconcile({ people: [leaving(friday)], leaveDates: kept(monday) }).leaveDates.set).toEqual(set);
  });

  test('one that has not changed is no news', () => {
    const { leaveDates } = reconcile({ people: [leaving(friday)], leaveDates: kept(friday) });

    expect(leaveDates).toEqual({ set: [], dropped: [] });
  });

  test('one that the source does not name any more is dropped, and so is one of somebody who left before it', () => {
    expect(reconcile({ people: [person()], leaveDates: kept(friday) }).leaveDates.dropped).toEqual(['ann']);
    expect(reconcile({ people: [leaver()], leaveDates: kept(friday) }).leaveDates.dropped).toEqual(['ann']);
  });

  test('a record that is bad, or not shown, says nothing about it', () => {
    for (const people of [[], [skipped()]])
      expect(reconcile({ people, leaveDates: kept(friday) }).leaveDates).toEqual({ set: [], dropped: [] });
  });

  test('one that has done its work is the reason why they are away, and stays until they are back', () => {
    const done = kept(friday, true);

    expect(reconcile({ people: [leaver()], leaveDates: done }).leaveDates.dropped).toEqual([]);
    expect(reconcile({ people: [person()], leaveDates: done }).leaveDates.dropped).toEqual(['ann']);
  });
});

test.each([
  ['operator', 'cli:bo', undefined, 'They left, by the word of cli:bo: "Contract ended.".'],
  ['operator', 'api:bo', 'T-7', 'They left, by the word of api:bo (event T-7): "Contract ended.".'],
  ['hr-event', 'hr', 'hr-42', 'HR says that they left (event hr-42): "Contract ended.".'],
  ['hr-file', 'hr', undefined, 'HR says that they left: "Contract ended.".'],
  ['leave-date', 'rollcall', undefined, 'Contract ended.'],
] as const)('the reason says whose word it is (%s)', (cause, actor, eventId, reason) => {
  const departures = [departure({ cause, actor, eventId })];

  expect(onlyOperation(reconcile({ ...ann, people: [person()], departures })).reason).toBe(reason);
});
