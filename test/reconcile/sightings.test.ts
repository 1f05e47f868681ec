/** What a reading shows of people is remembered, whatever is done about them. */
import { expect, test } from 'vitest';
import type { Leaver, Person } from '../../src/identity/index.ts';
import type { Link } from '../../src/reconcile/index.ts';
import { sightings } from '../../src/reconcile/sightings.ts';
import { link } from '../builders/org.ts';
import { anchor, leaver, person, skipped } from '../builders/people.ts';
import { noon } from '../builders/run.ts';

const ann = anchor('ann');

/** Ann, seen once. */
function seen(shown: Person, tied?: Link, counted: Person = shown) {
  const book = sightings();
  book.see(shown, counted, tied);
  return book;
}
const nothing = { newlyLeft: [], there: [], numbered: [], exemptions: [] };

test('nobody was seen before somebody is', () => {
  const book = sightings();

  expect(book.notes(undefined)).toEqual(nothing);
  expect([book.seenAs(ann), book.wayOf(ann), book.leavesAt(ann)]).toEqual([undefined, undefined, undefined]);
});

test.each([person(), leaver(), skipped()])('is remembered as what they were seen: $kind', (shown) => {
  expect(seen(shown).seenAs(ann)).toBe(shown.kind);
});

test('who has left by a word that stands counts as a leaver, and notes are made of what the source shows', () => {
  const departed = leaver('ann', 'departed');
  const book = seen(person(), link({ leftSince: noon }), departed);

  expect(book.seenAs(ann)).toBe('leaver');
  expect(book.notes(undefined)).toEqual({ ...nothing, there: ['ann'] });
});

test.each<readonly [Leaver['why'], string | undefined]>([
  ['disabled', 'disabled'],
  ['out-of-scope', 'out-of-scope'],
  ['leave-date', undefined],
  ['departed', undefined],
])('the way of leaving is the source’s own word: %s', (why, way) => {
  expect(seen(leaver('ann', why)).wayOf(ann)).toBe(way);
});

test('nobody has a way of leaving who has not left', () => {
  expect([seen(person()).wayOf(ann), seen(skipped()).wayOf(ann)]).toEqual([undefined, undefined]);
});

test('a leave date that is to come is that of somebody who is there', () => {
  expect(seen({ ...person(), leavesAt: noon }).leavesAt(ann)).toEqual(noon);
  expect(seen(person()).leavesAt(ann)).toBeUndefined();
  expect(seen({ ...person(), leavesAt: noon }, undefined, leaver()).leavesAt(ann)).toBeUndefined();
});

test.each([
  ['a leaver, for the first time', leaver(), undefined, { newlyLeft: ['ann'] }],
  ['a leaver who was one before', leaver(), noon, {}],
  ['a member who was a leaver before', person(), noon, { there: ['ann'] }],
  ['a member as before', person(), undefined, {}],
  ['a bad record of a leaver', skipped(), noon, {}],
  ['a bad record of a member', skipped(), undefined, {}],
])('that somebody left, and is there again, is noted once: %s', (_what, shown, leftSince, noted) => {
  expect(seen(shown, link({ leftSince })).notes(undefined)).toEqual({ ...nothing, ...noted });
});

test('of people without a link nothing is noted', () => {
  const shown = { ...leaver('ann', 'disabled', 'user.title == "CEO"'), employeeNumber: '7' };

  expect(seen(shown).notes(undefined)).toEqual(nothing);
});

test.each([
  ['7', undefined, [{ anchor: 'ann', employeeNumber: '7' }]],
  ['8', '7', [{ anchor: 'ann', employeeNumber: '8' }]],
  ['7', '7', []],
  [undefined, '7', []],
  [undefined, undefined, []],
])('an employee number is noted where it is another one: %s, before %s', (told, before, numbered) => {
  const shown = { ...person(), employeeNumber: told };

  expect(seen(shown, link({ employeeNumber: before })).notes(undefined)).toEqual({ ...nothing, numbered });
});

test('an exemption begins, and ends, with somebody who can be judged', () => {
  const exempt = { ...person(), exemptBy: 'a rule' };
  const begins = { ...nothing, exemptions: [{ anchor: 'ann', isExempt: true }] };
  const ends = { ...nothing, exemptions: [{ anchor: 'ann', isExempt: false }] };

  expect(seen(exempt, link()).notes(undefined)).toEqual(begins);
  expect(seen(exempt, link({ exempt: true })).notes(undefined)).toEqual(nothing);
  expect(seen(person(), link({ exempt: true })).notes(undefined)).toEqual(ends);
  expect(seen(skipped(), link({ exempt: true })).notes(undefined)).toEqual(nothing);
});

test('by a reading that is not whole nobody has left, and nobody loses an exemption', () => {
  const incomplete = 'The connection was lost.';
  const gone = seen(leaver(), link({ exempt: true }));

  expect(gone.notes(incomplete)).toEqual(nothing);
  expect(gone.notes(undefined)).toMatchObject({ newlyLeft: ['ann'], exemptions: [{ isExempt: false }] });
  expect(seen({ ...person(), exemptBy: 'a rule' }, link()).notes(incomplete).exemptions).toHaveLength(1);
});
