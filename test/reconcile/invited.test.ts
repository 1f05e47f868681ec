import { describe, expect, test } from 'vitest';
import { link, profile, profileId } from '../builders/org.ts';
import { anchor, leaver, person, sourceId } from '../builders/people.ts';
import { after, deeds, hours, noon, onlyOperation, reconcile, remarks } from '../builders/run.ts';

const invited = (hoursAgo: number, invitations = 1) =>
  link({ pending: true, invitations, invitedAt: after(noon, -hours(hoursAgo)) });

const invite = { again: 'once-expired', expiresMs: hours(36), atMost: 3 } as const;
const policy = { onboard: 'invite', invite } as const;

describe('somebody who was invited and has not accepted', () => {
  test('waits until the invitation has expired', () => {
    const ran = reconcile({ people: [person()], links: [invited(35.9)], policy });

    expect(ran.operations).toEqual([]);
    expect(ran.findings[0]?.reason).toBe('They were invited and have not accepted yet.');
  });

  test('is invited again then, with the number of it', () => {
    const operation = onlyOperation(reconcile({ people: [person()], links: [invited(36, 2)], policy }));

    expect(operation).toMatchObject({ kind: 'invite', email: 'ann@example.com' });
    expect(operation.reason).toContain('This is number 3 of at most 3.');
  });

  test.each([
    ['the configuration does not say so', { ...policy, invite: { ...invite, again: 'never' } }, 1],
    ['joiners are not invited any more', { ...policy, onboard: 'create' }, 1],
    ['it was the last of the set number', policy, 3],
  ] as const)('is not invited again where %s, and that is told', (_why, given, times) => {
    const ran = reconcile({ people: [person()], links: [invited(48, times)], policy: given });

    expect(ran.operations).toEqual([]);
    expect(ran.findings[0]?.reason).toContain('has expired');
  });

  test('is not invited again after leaving', () => {
    expect(reconcile({ people: [leaver()], links: [invited(48)], policy }).operations).toEqual([]);
  });

  test('is tied to their profile where they have accepted, however late', () => {
    const ran = reconcile({ people: [person()], links: [invited(48)], profiles: [profile()], policy });

    expect(ran.resolved).toMatchObject([{ anchor: 'ann', profileId: 'P-ann' }]);
    expect(deeds(ran)).toEqual([]);
  });

  test('is in conflict, not invited, where somebody else holds the profile with their address', () => {
    const holder = { source: sourceId('cloud'), anchor: anchor('x'), label: 'Xenia' };
    const foreignHolders = new Map([[profileId('P-ann'), holder]]);
    const ran = reconcile({
      people: [person()],
      links: [invited(48)],
      profiles: [profile()],
      foreignHolders,
      policy,
    });

    expect(remarks(ran)).toEqual(['ann: conflict']);
  });
});

describe('what is said of somebody without a profile', () => {
  const reasons = (known: ReturnType<typeof link>, given: object = policy) =>
    reconcile({ people: [person()], links: [known], policy: given }).findings.map(({ kind, reason }) => [
      kind,
      reason,
    ]);

  test('who was created', () => {
    expect(reasons(link({ pending: true, origin: 'created' }))).toEqual([
      [
        'waiting',
        'They were created, but their profile is not in the listing yet. They are looked for again in the next run.',
      ],
    ]);
  });

  test.each([
    [
      { ...policy, invite: { ...invite, again: 'never' } },
      1,
      '`rollcall invite-again` sends another (lifecycle.invite.again: once-expired would).',
    ],
    [policy, 3, 'it was number 3, and lifecycle.invite.atMost allows 3. Ask them, or raise it.'],
  ] as const)('whose invitation has expired: the way out', (given, times, way) => {
    expect(reasons(invited(48, times), given)).toEqual([
      [
        'waiting',
        `They were invited and have not accepted yet. Their invitation of 2026-02-28T12:00:00.000Z has expired; ${way}`,
      ],
    ]);
  });
});

test('another invitation carries all that the mapping gives', () => {
  const ann = person({ desired: { title: 'Head' } });

  expect(onlyOperation(reconcile({ people: [ann], links: [invited(48)], policy }))).toMatchObject({
    before: {},
    after: ann.desired,
    desired: ann.desired,
  });
});
