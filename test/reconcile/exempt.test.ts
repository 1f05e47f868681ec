/** People whom no rule deactivates: they are told, and a person's word still counts. */
import { expect, test } from 'vitest';
import { departure } from '../builders/departure.ts';
import { link, profile } from '../builders/org.ts';
import { leaver, person } from '../builders/people.ts';
import { after, deeds, hours, noon, reconcile } from '../builders/run.ts';

const rule = 'user.title == "Board"';
const goneFor = (days: number) => after(noon, -hours(24 * days));

test.each(['disabled', 'leave-date', 'out-of-scope'] as const)('a leaver is told (%s)', (why) => {
  const ran = reconcile({ people: [leaver('ann', why, rule)], profiles: [profile()], links: [link()] });

  expect(ran.operations).toEqual([]);
  expect(ran.findings).toEqual([
    expect.objectContaining({ kind: 'left', reason: expect.stringContaining(`(lifecycle.exempt: ${rule})`) }),
  ]);
});

test.each(['gone', 'deleted'] as const)('whoever is %s and was exempt when last seen is told', (kind) => {
  const links = [link({ exempt: true, absentSince: goneFor(30) })];
  const ran = reconcile({ profiles: [profile()], links, absences: { ann: { kind } } });

  expect(ran.operations).toEqual([]);
  expect(ran.findings).toEqual([
    expect.objectContaining({ kind: 'left', reason: expect.stringContaining('when they were last seen') }),
  ]);
});

test('whoever is gone and was exempt is deactivated where nobody is exempt any more', () => {
  const links = [link({ exempt: true, absentSince: goneFor(30) })];
  const absences = { ann: { kind: 'gone' } } as const;
  const ran = reconcile({ profiles: [profile()], links, absences, policy: { exempts: false } });

  expect(deeds(ran)).toEqual(['ann: deactivate']);
});

test('nobody who is exempt is deleted', () => {
  const links = [link({ exempt: true, deactivatedByUs: true, deactivatedAt: goneFor(200) })];
  const policy = { purgeBefore: goneFor(180) };
  const given = { profiles: [profile({ isActive: false })], links, policy };

  expect(deeds(reconcile({ ...given, people: [leaver('ann', 'disabled', rule)] }))).toEqual([]);
  expect(deeds(reconcile({ ...given, absences: { ann: { kind: 'gone' } } }))).toEqual([]);
});

test('an invitation that is still open is no promise to deactivate', () => {
  const links = [link({ pending: true })];
  const ran = reconcile({ people: [leaver('ann', 'disabled', rule)], links });

  expect(ran.findings).toEqual([expect.objectContaining({ kind: 'left' })]);
});

test("an operator's word counts, whoever is exempt", () => {
  const ran = reconcile({
    people: [{ ...person(), exemptBy: rule }],
    profiles: [profile()],
    links: [link({ exempt: true })],
    departures: [departure()],
  });

  expect(deeds(ran)).toEqual(['ann: deactivate']);
});

test('what the link says follows the record', () => {
  const people = [{ ...person(), exemptBy: rule }, person({ anchor: 'bob' })];
  const links = [link(), link({ id: 'bob', exempt: true })];
  const profiles = [profile(), profile({ id: 'bob' })];

  expect(reconcile({ people, links, profiles }).exemptions).toEqual([
    { anchor: 'ann', isExempt: true },
    { anchor: 'bob', isExempt: false },
  ]);
});

test('an incomplete reading, which may not know all groups, takes no exemption back', () => {
  const links = [link({ exempt: true })];
  const given = { people: [person()], links, profiles: [profile()] };

  expect(reconcile({ ...given, incomplete: 'The connection was lost.' }).exemptions).toEqual([]);
});

test('whoever joins takes it along', () => {
  const [operation] = reconcile({ people: [{ ...person(), exemptBy: rule }] }).operations;

  expect(operation).toMatchObject({ kind: 'create', isExempt: true });
});

test('of whom there is nothing to do nothing is told', () => {
  const given = {
    profiles: [profile({ isActive: false })],
    links: [link({ exempt: true, absentSince: goneFor(30) })],
  };

  expect(reconcile({ ...given, people: [leaver('ann', 'disabled', rule)] }).findings).toEqual([]);
  expect(reconcile({ ...given, absences: { ann: { kind: 'gone' } } }).findings).toEqual([]);
});

test('of whom there is a better reason, that one is told', () => {
  const policy = { ownProfile: profile().profileId };
  const people = [leaver('ann', 'disabled', rule)];

  const ran = reconcile({ people, profiles: [profile()], links: [link()], policy });

  expect(ran.findings).toEqual([
    expect.objectContaining({
      kind: 'left',
      reason:
        "They left, but their profile is the account of Rollcall's own API key, which is never changed. Give Rollcall a key of its own.",
    }),
  ]);
});

test.each([
  ['they were called deleted', { deletedSince: goneFor(3), absentSince: goneFor(9) }, goneFor(3)],
  ['else since they were missed', { absentSince: goneFor(9) }, goneFor(9)],
] as const)('whoever is gone and was exempt is told since when: since %s', (_what, about, since) => {
  const links = [link({ exempt: true, ...about })];
  const ran = reconcile({ profiles: [profile()], links, absences: { ann: { kind: 'gone' } } });

  expect(ran.findings.map(({ reason }) => reason)).toEqual([
    `They are gone from the source since ${since.toISOString()}. Nothing is done about it, unless HR or an operator says that they left: they are exempt (lifecycle.exempt, which was true of them when they were last seen).`,
  ]);
});
