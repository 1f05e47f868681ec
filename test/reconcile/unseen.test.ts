/** Linked people whom a reading does not show: what is asked, and what the answers mean. */
import { describe, expect, test } from 'vitest';
import { departure } from '../builders/departure.ts';
import { link, profile } from '../builders/org.ts';
import { leaver, person } from '../builders/people.ts';
import { ruling } from '../builders/ruling.ts';
import { after, hours, noon, onlyOperation, reconcile, type Situation } from '../builders/run.ts';

const before = after(noon, -hours(48));
const ran = (situation: Situation) => reconcile({ profiles: [profile()], links: [link()], ...situation });

describe('what is asked', () => {
  test('is the person whose profile is active, and not the profile that is listed', () => {
    expect(ran({}).asked).toEqual({ missing: ['ann'], unlisted: [] });
  });

  test('is nothing about whoever was seen, has no profile yet, or is inactive already', () => {
    expect(ran({ people: [person()] }).asked).toEqual({ missing: [], unlisted: [] });
    expect(ran({ profiles: [], links: [link({ pending: true })] }).asked).toEqual({
      missing: [],
      unlisted: [],
    });
    expect(ran({ profiles: [profile({ isActive: false })] }).asked).toEqual({ missing: [], unlisted: [] });
  });

  test('is the person and the profile where that is not listed, each once', () => {
    expect(ran({ profiles: [] }).asked).toEqual({ missing: ['ann'], unlisted: ['P-ann'] });
    expect(ran({ profiles: [], people: [leaver()] }).asked).toEqual({ missing: [], unlisted: ['P-ann'] });
  });

  test('is the presence of whoever has a profile that is to be somebody else’s, and the profile if it is not listed', () => {
    const rulings = [ruling('bob', 'P-ann')];
    const people = [person({ anchor: 'bob' })];

    expect(ran({ people, rulings, profiles: [profile({ isActive: false })] }).asked).toEqual({
      missing: ['ann'],
      unlisted: [],
    });
    expect(ran({ people, rulings, profiles: [], links: [] }).asked).toEqual({
      missing: [],
      unlisted: ['P-ann'],
    });
  });
});

describe('what the answers mean', () => {
  test.each<readonly [string, Situation, object]>([
    ['gone, for the first time', { absences: { ann: { kind: 'gone' } } }, { newlyAbsent: ['ann'] }],
    ['gone as before', { absences: { ann: { kind: 'gone' } }, links: [link({ absentSince: before })] }, {}],
    [
      'deleted, for the first time',
      { absences: { ann: { kind: 'deleted' } } },
      { newlyAbsent: ['ann'], newlyDeleted: ['ann'] },
    ],
    [
      'deleted as before',
      {
        absences: { ann: { kind: 'deleted' } },
        links: [link({ absentSince: before, deletedSince: before })],
      },
      {},
    ],
    [
      'there, who was gone',
      { absences: { ann: { kind: 'still-there' } }, links: [link({ absentSince: before })] },
      { returned: ['ann'] },
    ],
    [
      'there, who was deleted',
      { absences: { ann: { kind: 'still-there' } }, links: [link({ deletedSince: before })] },
      { returned: ['ann'] },
    ],
    ['there as before', { absences: { ann: { kind: 'still-there' } } }, {}],
    [
      'seen, who was deleted',
      { people: [person()], links: [link({ deletedSince: before })] },
      { returned: ['ann'] },
    ],
    ['unknown', { absences: { ann: { kind: 'unknown', reason: 'Busy.' } } }, {}],
  ])('is remembered: %s', (_what, situation, remembered) => {
    const { newlyAbsent, newlyDeleted, returned } = ran(situation);

    expect({ newlyAbsent, newlyDeleted, returned }).toEqual({
      ...{ newlyAbsent: [], newlyDeleted: [], returned: [] },
      ...remembered,
    });
  });

  test('is nothing for somebody whose profile could not be asked for', () => {
    const { operations, findings } = ran({ profiles: [], absences: { ann: { kind: 'deleted' } } });

    expect([operations, findings]).toEqual([[], []]);
  });

  test('is told where nobody can say whether they are gone', () => {
    expect(ran({ absences: { ann: { kind: 'unknown', reason: 'It was busy.' } } }).findings).toMatchObject([
      {
        kind: 'waiting',
        reason: 'The reading did not show them, and nobody can say whether they are gone: It was busy.',
      },
    ]);
  });
});

describe('HR’s word that somebody left', () => {
  test('holds for those who are not seen, whoever can be looked up', () => {
    expect(onlyOperation(ran({ departures: [departure()] }))).toMatchObject({
      kind: 'deactivate',
      anchor: 'ann',
    });
    expect(ran({ departures: [departure()], links: [] }).operations).toEqual([]);
  });

  test('is about those who are seen as the source shows them', () => {
    const people = [person({ email: 'ann.new@example.com' })];

    expect(onlyOperation(ran({ departures: [departure()], people })).email).toBe('ann.new@example.com');
  });
});

describe('a reading that is not whole', () => {
  const incomplete = 'A page is missing.';

  test('deactivates nobody, and says so', () => {
    expect(ran({ people: [leaver()], incomplete }).findings).toMatchObject([
      {
        kind: 'waiting',
        reason: 'They are not deactivated on the word of an incomplete reading. A page is missing.',
      },
    ]);
  });

  test('deletes no profile, whoever said that they left', () => {
    const links = [link({ deactivatedByUs: true, deactivatedAt: before })];
    const gone = { profiles: [profile({ isActive: false })], links, policy: { purgeBefore: noon } };

    expect(
      ran({ ...gone, people: [leaver()], departures: [departure()], incomplete }).findings,
    ).toMatchObject([
      {
        kind: 'waiting',
        reason: 'Their profile is not deleted on the word of an incomplete reading. A page is missing.',
      },
    ]);
  });
});

test('a leaver whose profile could not be asked for waits, and that is told', () => {
  expect(ran({ profiles: [], people: [leaver()] }).findings).toMatchObject([
    {
      kind: 'waiting',
      reason:
        'Their profile P-ann was not in the listing, and could not be asked for. They are looked at again in the next run.',
    },
  ]);
});
