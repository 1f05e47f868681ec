/** What was told on half knowledge, such as a role by groups that were not read wholly, changes nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCase, manyCases, situationOf } from '../builders/generated.ts';
import { link, profile } from '../builders/org.ts';
import { leaver, person } from '../builders/people.ts';
import { onlyOperation, reconcile, remarks } from '../builders/run.ts';

const reason = 'The group cn=staff could not be read wholly.';
const unknown = { names: ['role'], reason };
const incomplete = reason;

const ann = profile({ id: 'P-ann', email: 'ann@example.com', attributes: { title: 'Clerk' } });
const known = link({ id: 'ann', applied: { title: 'Clerk', role: 'admin' } });
const lowered = { title: 'Clerk', role: 'viewer' };

describe('a role that depends on groups which were not read wholly', () => {
  test('is not lowered, and it is said of whom and why', () => {
    const ran = reconcile({
      people: [person({ desired: lowered })],
      profiles: [ann],
      links: [known],
      incomplete,
      unknown,
    });

    expect(ran.operations).toEqual([]);
    expect(ran.findings).toMatchObject([
      { kind: 'waiting', anchor: 'ann', reason: expect.stringMatching(/^role depends on groups, .*staff/) },
    ]);
  });

  test('keeps nothing else from being edited, and the request carries the role that they had', () => {
    const ran = reconcile({
      people: [person({ desired: { ...lowered, title: 'Head' } })],
      profiles: [ann],
      links: [known],
      incomplete,
      unknown,
    });

    expect(ran.operations).toMatchObject([
      { kind: 'edit', after: { title: 'Head' }, desired: { title: 'Head', role: 'admin' } },
    ]);
    expect(ran.operations[0]?.after).not.toHaveProperty('role');
    expect(ran.operations[0]?.reason).toBe('The source and the profile differ in title.');
    expect(remarks(ran)).toEqual(['ann: waiting']);
  });

  test('is left out of a creation', () => {
    const ran = reconcile({ people: [person({ desired: lowered })], incomplete, unknown });

    expect(ran.operations[0]).toMatchObject({ kind: 'create', after: { title: 'Clerk' } });
    expect(ran.operations[0]?.desired).not.toHaveProperty('role');
    expect(ran.findings[0]?.reason).toMatch(/^The create goes on without role, which depends on groups/);
  });

  test('says nothing where the role is as it was', () => {
    const ran = reconcile({
      people: [person({ desired: { title: 'Clerk', role: 'admin' } })],
      profiles: [ann],
      links: [known],
      incomplete,
      unknown,
    });

    expect([ran.operations, ran.findings]).toEqual([[], []]);
  });

  test('is set again as soon as groups are read wholly', () => {
    const ran = reconcile({ people: [person({ desired: lowered })], profiles: [ann], links: [known] });

    expect(onlyOperation(ran)).toMatchObject({ kind: 'edit', after: { role: 'viewer' } });
  });
});

test('of several attributes all are named, in the finding and in the remark', () => {
  const several = { names: ['role', 'title'], reason };
  const given = { profiles: [ann], links: [known], incomplete, unknown: several };

  const idle = reconcile({ ...given, people: [person({ desired: { title: 'Head', role: 'viewer' } })] });
  expect(idle.findings.map((one) => one.reason)).toEqual([
    `role, title depend on groups, and stay as they are until these can be read wholly. ${reason}`,
  ]);

  const desired = { title: 'Head', role: 'viewer', phone: '2' };
  const edited = reconcile({ ...given, people: [person({ desired })] });
  expect(onlyOperation(edited)).toMatchObject({
    after: { phone: '2' },
    desired: { email: 'ann@example.com', phone: '2', title: 'Clerk', role: 'admin' },
  });
  expect(edited.findings.map((one) => one.reason)).toEqual([
    `The edit goes on without role, title, which depend on groups, and stay as they are until these can be read wholly. ${reason}`,
  ]);
});

test('nothing is said of somebody for whom only other attributes are set', () => {
  const desired = { title: 'Head', role: 'admin' };
  const ran = reconcile({
    people: [person({ desired })],
    profiles: [ann],
    links: [known],
    incomplete,
    unknown,
  });

  expect(onlyOperation(ran).after).toEqual({ title: 'Head' });
  expect(ran.findings).toEqual([]);
});

test('somebody is adopted although nothing is left to be set, and that is said', () => {
  const profiles = [profile({ attributes: { role: 'admin' } })];
  const ran = reconcile({ people: [person({ desired: { role: 'viewer' } })], profiles, incomplete, unknown });

  expect(onlyOperation(ran)).toMatchObject({ kind: 'adopt', profileId: 'P-ann' });
  expect(onlyOperation(ran).after).toEqual({});
  expect(remarks(ran)).toEqual(['ann: waiting']);
});

test('what a creation sets besides, and what an operation had before, stays in it', () => {
  const ran = reconcile({
    people: [person({ desired: { title: 'Head', role: 'viewer' } })],
    profiles: [profile({ attributes: { title: 'Clerk', role: 'admin' } })],
    incomplete,
    unknown,
  });

  expect(onlyOperation(ran)).toMatchObject({
    kind: 'adopt',
    reason: 'Their profile was found by email.',
    before: { title: 'Clerk' },
    after: { title: 'Head' },
  });
  expect(onlyOperation(ran).before).not.toHaveProperty('role');
  expect(ran.findings[0]?.reason).toMatch(/^The adopt goes on without role, which depends on groups/);
});

test('an e-mail address by groups that nobody knows creates nobody', () => {
  const ran = reconcile({ people: [person()], incomplete, unknown: { names: ['email'], reason } });

  expect(ran.operations).toEqual([]);
  expect(ran.findings.map((one) => one.reason)).toEqual([
    `email depends on groups, and stays as it is until they can be read wholly. ${reason}`,
  ]);
});

test('a leaver by such a reading is still not removed', () => {
  const ran = reconcile({ people: [leaver('ann')], profiles: [ann], links: [known], incomplete, unknown });

  expect(ran.operations).toEqual([]);
});

test('whatever is not known, no operation sets it, and everything else is as with full knowledge', () => {
  fc.assert(
    fc.property(anyCase, fc.subarray(['title', 'phone', 'name', 'pin']), (given, names) => {
      const situation = { ...situationOf(given), incomplete };
      const half = reconcile({ ...situation, unknown: { names, reason } });
      const whole = reconcile(situation);

      for (const { after } of half.operations)
        for (const name of names) expect(Object.hasOwn(after, name)).toBe(false);
      for (const operation of whole.operations) {
        const rest = Object.keys(operation.after).filter((name) => !names.includes(name));
        const kept = half.operations.find(({ anchor }) => anchor === operation.anchor);
        if (rest.length > 0) expect(Object.keys(kept?.after ?? {})).toEqual(rest);
      }
      expect(half.operations.length).toBeLessThanOrEqual(whole.operations.length);
    }),
    manyCases,
  );
});
