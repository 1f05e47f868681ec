/** A profile that is to be somebody's, and is somebody else's: whether those can lose it, as people are told. */
import { expect, test } from 'vitest';
import type { Holder } from '../../src/reconcile/index.ts';
import { link, profile, profileId } from '../builders/org.ts';
import { anchor, leaver, person, skipped, sourceId } from '../builders/people.ts';
import { ruling } from '../builders/ruling.ts';
import { onlyOperation, reconcile, type Situation } from '../builders/run.ts';

/** Ann is to have the profile of old. */
const ran = (situation: Situation) =>
  reconcile({
    profiles: [profile({ id: 'P-old', email: 'old@example.com' })],
    links: [link({ id: 'old' })],
    rulings: [ruling('ann', 'P-old')],
    ...situation,
    people: [person(), ...(situation.people ?? [])],
  });
const aboutAnn = (situation: Situation) => {
  const { operations, findings } = ran(situation);
  expect(operations).toEqual([]);
  return findings.filter((one) => one.anchor === 'ann').map(({ kind, reason }) => [kind, reason]);
};
const heldBy = (about: Partial<Holder>): Situation => ({
  links: [],
  foreignHolders: new Map([
    [profileId('P-old'), { source: sourceId('corp'), anchor: anchor('x'), label: 'Xenia', ...about }],
  ]),
});
const word = 'Profile P-old is to be theirs (cli:olga said so: "HR told me.").';

test.each<readonly [string, Situation, string]>([
  [
    'another source has them',
    heldBy({ source: sourceId('cloud') }),
    'Xenia, of source cloud. Let one source alone have this person in its scope.',
  ],
  [
    'another source has them, with a namesake here',
    {
      ...heldBy({ source: sourceId('cloud'), anchor: anchor('old') }),
      links: [link({ id: 'old', pending: true })],
    },
    'Xenia, of source cloud. Let one source alone have this person in its scope.',
  ],
  [
    'they are not among those whom this is about',
    heldBy({}),
    'Xenia, of source corp. Let one source alone have this person in its scope.',
  ],
  [
    'they are left alone',
    { people: [leaver('old')], rulings: [ruling('ann', 'P-old'), ruling('old')] },
    'uid=old, who is to be left alone (`rollcall unignore` ends that).',
  ],
  [
    'they are there',
    { people: [person({ anchor: 'old' })] },
    'uid=old, who is there and active in the source. Mend it there first.',
  ],
  [
    'a look-up finds them',
    { absences: { old: { kind: 'still-there' } } },
    'uid=old, who is there when asked for by their id.',
  ],
])('they keep it where %s, and a person has to decide', (_what, situation, whose) => {
  expect(aboutAnn(situation)).toEqual([['conflict', `${word} But it is that of ${whose}`]]);
});

const nobody = 'nobody can say whether uid=old, who has the profile now, is gone.';
test.each<readonly [string, Situation, string]>([
  [
    'their record is bad',
    { people: [skipped('old')] },
    "the record of uid=old, who has the profile now, can't be used.",
  ],
  [
    'the look-up has no answer',
    { absences: { old: { kind: 'unknown', reason: 'It was busy.' } }, incomplete: 'A page is missing.' },
    `${nobody} It was busy.`,
  ],
  ['the reading was not whole', { incomplete: 'A page is missing.' }, `${nobody} A page is missing.`],
  ['nobody was asked', {}, `${nobody} The source gave no answer.`],
])('they keep it for now where %s, and it waits', (_what, situation, why) => {
  expect(aboutAnn(situation)).toEqual([['waiting', `${word} They wait: ${why}`]]);
});

test.each<readonly [string, Situation]>([
  ['they left', { people: [leaver('old')] }],
  ['they are gone', { absences: { old: { kind: 'gone' } } }],
  ['they were deleted', { absences: { old: { kind: 'deleted' } } }],
])('they lose it where %s', (_what, situation) => {
  expect(ran(situation).operations).toMatchObject([{ kind: 'adopt', anchor: 'ann', releases: 'old' }]);
});

test('a profile that is nobody’s is theirs at once', () => {
  const operation = onlyOperation(ran({ links: [] }));

  expect(operation.reason).toBe('This profile is theirs: cli:olga said so: "HR told me.".');
  expect(operation).not.toHaveProperty('releases');
});

test('a word that was carried out already is not carried out again', () => {
  const situation = { profiles: [profile()], links: [link()], rulings: [ruling('ann', 'P-ann')] };
  const { operations, findings } = reconcile({ ...situation, people: [person()] });

  expect([operations, findings]).toEqual([[], []]);
});
