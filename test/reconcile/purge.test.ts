import { describe, expect, test } from 'vitest';
import { link, profile, profileId } from '../builders/org.ts';
import { leaver, person, skipped } from '../builders/people.ts';
import {
  after,
  deeds,
  hours,
  noon,
  onlyOperation,
  reconcile,
  remarks,
  type Situation,
} from '../builders/run.ts';

const longAgo = after(noon, -hours(1_000));
const purgeBefore = after(noon, -hours(720));
const forgotten = link({ deactivatedByUs: true, deactivatedAt: longAgo });
const inactive = profile({ isActive: false });

/** Somebody whom Rollcall deactivated long ago, and who has left by the source's word. */
const out = (changes: Situation = {}) =>
  reconcile({
    people: [leaver()],
    profiles: [inactive],
    links: [forgotten],
    policy: { purgeBefore },
    ...changes,
  });

describe('a profile whose person left long ago', () => {
  test('is deleted, and the plan has the whole of it and says that it is for good', () => {
    const operation = onlyOperation(out());

    expect(operation).toMatchObject({
      kind: 'purge',
      profileId: 'P-ann',
      before: inactive.attributes,
      after: {},
    });
    expect(operation.reason).toContain('Deleting is for good');
    expect(operation.reason).toContain(longAgo.toISOString());
  });

  test('is deleted where they are gone by a look-up, and not a moment before their grace is over', () => {
    const gone = { ann: { kind: 'gone' } } as const;
    const absentSince = after(noon, -hours(25));

    const due = out({ people: [], links: [{ ...forgotten, absentSince }], absences: gone });
    const fresh = out({ people: [], absences: gone });

    expect(due.asked.missing).toEqual(['ann']);
    expect(deeds(due)).toEqual(['ann: purge']);
    expect(fresh.operations).toEqual([]);
  });

  test.each<[string, Situation]>([
    ['nobody asks for it', { policy: { purgeBefore: undefined } }],
    ['it was not so long ago', { links: [{ ...forgotten, deactivatedAt: after(purgeBefore, 1) }] }],
    ['nobody knows when it was', { links: [{ ...forgotten, deactivatedAt: undefined }] }],
    ['somebody else deactivated it', { links: [{ ...forgotten, deactivatedByUs: false }] }],
    ['it is deleted already', { profiles: [], unlisted: { 'P-ann': { kind: 'deleted' } } }],
    ['its address is protected', { policy: { purgeBefore, protected: new Set(['ann@example.com']) } }],
    ['its id is protected', { policy: { purgeBefore, protected: new Set(['P-ann']) } }],
    ['it is the account of the key', { policy: { purgeBefore, ownProfile: profileId('P-ann') } }],
    ['their record can’t be read', { people: [skipped()] }],
    ['they are there when asked for', { people: [], absences: { ann: { kind: 'still-there' } } }],
    [
      'nobody can say whether they are',
      { people: [], absences: { ann: { kind: 'unknown', reason: 'Busy.' } } },
    ],
    ['the reading is incomplete', { incomplete: 'It broke off.' }],
  ])('stays where %s', (_, changes) => {
    expect(deeds(out(changes))).not.toContain('ann: purge');
  });

  test('is that of somebody who came back, and is theirs again', () => {
    expect(deeds(out({ people: [person()] }))).toEqual(['ann: reactivate']);
    expect(deeds(out({ people: [person()], policy: { purgeBefore, reactivate: 'never' } }))).toEqual([]);
  });

  test('stays on the word of an incomplete reading, by name', () => {
    const ran = out({ incomplete: 'It broke off.' });

    expect(remarks(ran)).toEqual(['ann: waiting']);
    expect(ran.findings[0]?.reason).toContain('Their profile is not deleted');
    expect(ran.silentOn).toEqual(['ann']);
  });
});

test('the time is over at its last millisecond', () => {
  const deactivatedAt = (ms: number) => [{ ...forgotten, deactivatedAt: after(purgeBefore, ms) }];

  expect(deeds(out({ links: deactivatedAt(0) }))).toEqual(['ann: purge']);
  expect(deeds(out({ links: deactivatedAt(1) }))).toEqual([]);
});

test.each([
  ['the source’s', 'ann@source.example', 'ann@org.example', 'ann@source.example'],
  ['else the org’s', undefined, 'ann@org.example', 'ann@org.example'],
  ['else the one that is remembered', undefined, undefined, 'ann@example.com'],
])('whose profile is deleted is named by an address: %s', (_whose, email, shown, named) => {
  const ran = out({ people: [{ ...leaver(), email }], profiles: [{ ...inactive, email: shown }] });

  expect(onlyOperation(ran).email).toBe(named);
});
