/** Of whom a pass can't say whether they are to be removed: what was said of that before still stands. */
import { expect, test } from 'vitest';
import { departure } from '../builders/departure.ts';
import { link, profile } from '../builders/org.ts';
import { leaver, person, skipped } from '../builders/people.ts';
import { ruling } from '../builders/ruling.ts';
import { reconcile, type Situation } from '../builders/run.ts';

const silentOn = (situation: Situation) =>
  reconcile({ profiles: [profile()], links: [link()], ...situation }).silentOn;

const incomplete = 'The connection was lost.';
const there = { 'P-ann': { kind: 'there', profile: profile() } } as const;
const unlisted = { profiles: [], people: [leaver()] };

test.each<readonly [string, Situation]>([
  [
    'they were not seen, and nobody could look them up',
    { absences: { ann: { kind: 'unknown', reason: 'Busy.' } } },
  ],
  ['they were not seen by a reading that was not whole', { incomplete }],
  ['they are leavers by a reading that was not whole', { people: [leaver()], incomplete }],
  ['their profile is not listed, and could not be asked for', unlisted],
])('nobody can say it where %s', (_why, situation) => {
  expect(silentOn(situation)).toEqual(['ann']);
});

test.each<readonly [string, Situation]>([
  ['they are there', { people: [person()] }],
  ['they are there by a reading that was not whole', { people: [person()], incomplete }],
  ['their record is bad in a reading that was not whole', { people: [skipped()], incomplete }],
  ['they are leavers', { people: [leaver()] }],
  ['they are gone by a look-up', { absences: { ann: { kind: 'gone' } } }],
  ['they are deleted by a look-up', { absences: { ann: { kind: 'deleted' } } }],
  ['they are there by a look-up', { absences: { ann: { kind: 'still-there' } } }],
  ['they were not asked for, since their profile is inactive', { profiles: [profile({ isActive: false })] }],
  ['their profile was asked for', { ...unlisted, unlisted: there }],
  ['an operator said that they are left alone', { rulings: [ruling('ann')], incomplete }],
  ['HR said that they left', { departures: [departure()], incomplete }],
])('it is said where %s', (_why, situation) => {
  expect(silentOn(situation)).toEqual([]);
});
