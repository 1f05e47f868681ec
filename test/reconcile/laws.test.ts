import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emailKey, type Reconciliation } from '../../src/reconcile/index.ts';
import { conflictKinds } from '../../src/store/people/conflict.ts';
import { anyCase, type Case, manyCases, situationOf } from '../builders/generated.ts';
import { acceptInvitations, carryOut, profileOf, withEmail } from '../builders/model.ts';
import { noon, reconcile } from '../builders/run.ts';

const run = (given: Case): Reconciliation => reconcile(situationOf(given));

const applied = (given: Case, plan: Reconciliation): Case => ({
  ...given,
  model: carryOut(given.model, plan, noon),
});

/** Runs and applies until nothing is to be done. */
function settle(given: Case, atMost: number): Case {
  let settled = given;
  for (let round = 0; round < atMost; round += 1) {
    const plan = run(settled);
    if (plan.operations.length === 0) return settled;
    settled = applied(settled, plan);
  }
  throw new Error(`Still ${JSON.stringify(run(settled).operations)} after ${atMost} rounds.`);
}

describe('whatever the directory and the org', () => {
  test('a plan that was applied leaves nothing to do, unless somebody waited for an address or a profile to become free', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const plan = run(given);
        const next = run(applied(given, plan));

        const waitedForAddress = plan.findings.some((finding) => finding.kind === 'conflict');
        // Two profiles had the address that somebody was invited at, until the plan gave one of them another.
        const waitedForProfile = next.resolved.length > 0;
        if (!waitedForAddress && !waitedForProfile) expect(next.operations).toEqual([]);
      }),
      manyCases,
    );
  });

  test('plans come to an end, also after conflicts and accepted invitations', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const settled = settle(given, given.people.length + 2);
        const accepted = { ...settled, model: acceptInvitations(settled.model) };

        settle(accepted, given.people.length + 2);
      }),
      manyCases,
    );
  });

  test('no rule deactivates or deletes anybody who is exempt', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const exempt = given.people.flatMap((one) => (one.exemptBy === undefined ? [] : [one.anchor]));
        const removed = run(given).operations.filter(({ kind }) => kind === 'deactivate' || kind === 'purge');

        expect(removed.filter(({ anchor }) => exempt.includes(anchor))).toEqual([]);
      }),
      manyCases,
    );
  });

  test('nobody is lost: everybody who was read is operated on, remarked upon, or as they should be', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const plan = run(given);
        const named = new Set([...plan.operations, ...plan.findings].map((one) => one.anchor));
        const silent = given.people.filter((one) => !named.has(one.anchor));

        expect(plan.counts.identities).toBe(given.people.length);
        expect(silent.length).toBeLessThanOrEqual(plan.counts.unchanged);
        expect(silent.every((one) => one.kind !== 'skipped')).toBe(true);
        for (const one of silent) {
          const own = profileOf(applied(given, plan).model, one.anchor);
          if (one.kind === 'leaver') expect(own?.isActive ?? false).toBe(false);
          else if (own?.profileId !== given.policy.ownProfile) {
            expect(own?.isActive).toBe(true);
            expect(emailKey(own?.email ?? '')).toBe(emailKey(one.email ?? ''));
          }
        }
      }),
      manyCases,
    );
  });

  test('nobody is there twice: one operation a person and a profile, one account an address', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const plan = run(given);
        const anchors = plan.operations.map((one) => one.anchor);
        const profiles = plan.operations.flatMap((one) =>
          one.profileId === undefined ? [] : [one.profileId],
        );
        const fresh = plan.operations.filter((one) => one.kind === 'create' || one.kind === 'invite');
        const emails = fresh.map((one) => emailKey(one.email ?? ''));
        const addressed = plan.operations.flatMap(({ after }) =>
          typeof after.email === 'string' ? [emailKey(after.email)] : [],
        );

        for (const list of [anchors, profiles, emails, addressed])
          expect(new Set(list).size).toBe(list.length);
        for (const email of addressed)
          expect(withEmail({ ...given.model, profiles: listedOf(given) }, email)).toEqual([]);
        // No two links lead to one profile afterwards.
        const held = applied(given, plan).model.links.flatMap(({ profileId: id }) =>
          id === undefined ? [] : [id],
        );
        expect(new Set(held).size).toBe(held.length);
      }),
      manyCases,
    );
  });

  test('only profiles that are linked, or adopted by a rule, are changed', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const plan = run(given);
        const then = applied(given, plan).model;
        const ours = new Set([
          ...given.model.links.map((one) => one.profileId),
          ...plan.resolved.map((one) => one.profileId),
          ...plan.operations.flatMap((one) => (one.kind === 'adopt' ? [one.profileId] : [])),
        ]);

        for (const before of given.model.profiles)
          if (!ours.has(before.profileId)) expect(then.profiles).toContain(before);
      }),
      manyCases,
    );
  });

  test('the own and the protected accounts stay active; who was blocked by somebody else stays blocked', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { policy, model } = given;
        const then = applied(given, run(given)).model;
        const blockedByUs = new Set(
          model.links.flatMap((one) => (one.deactivatedByUs ? [one.profileId] : [])),
        );

        for (const before of model.profiles) {
          const now = then.profiles.find((one) => one.profileId === before.profileId);
          if (before.profileId === policy.ownProfile) expect(now).toBe(before);
          if (before.isActive && policy.protected.has(emailKey(before.email ?? '')))
            expect(now?.isActive).toBe(true);
          const mayUnblock =
            policy.reactivate === 'always' ||
            (policy.reactivate === 'ours' && blockedByUs.has(before.profileId));
          if (!before.isActive && !mayUnblock) expect(now?.isActive ?? false).toBe(false);
        }
      }),
      manyCases,
    );
  });

  test('who is deactivated left by the source’s word, or was looked up and stayed away for the grace', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const people = new Map(given.people.map((one) => [one.anchor, one]));
        for (const { kind, anchor } of run(given).operations) {
          if (kind !== 'deactivate') continue;
          const link = given.model.links.find((one) => one.anchor === anchor);
          const since = link?.absentSince ?? noon;
          const isOver = noon.getTime() - since.getTime() >= given.policy.graceMs;
          const isGone = !people.has(anchor) && given.absences[anchor]?.kind === 'gone' && isOver;

          expect(people.get(anchor)?.kind === 'leaver' || isGone).toBe(true);
        }
      }),
      manyCases,
    );
  });

  test('an incomplete reading plans the same joins and updates, and no removal', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const complete = run(given);
        const incomplete = reconcile({ ...situationOf(given), incomplete: 'A page was cut short.' });

        expect(incomplete.operations).toEqual(
          complete.operations.filter(({ kind }) => kind !== 'deactivate' && kind !== 'purge'),
        );
        expect(incomplete.operations.every((one) => one.after.is_active !== false)).toBe(true);
      }),
      manyCases,
    );
  });

  test('the order in which people and profiles are read does not matter', () => {
    const shuffled = anyCase.chain((given) =>
      fc.record({
        given: fc.constant(given),
        people: fc.shuffledSubarray([...given.people], { minLength: given.people.length }),
        profiles: fc.shuffledSubarray([...given.model.profiles], { minLength: given.model.profiles.length }),
        links: fc.shuffledSubarray([...given.model.links], { minLength: given.model.links.length }),
      }),
    );
    const inOrder = <Item extends { readonly anchor: string | undefined }>(items: readonly Item[]) =>
      items.toSorted((one, other) => (one.anchor ?? '').localeCompare(other.anchor ?? ''));
    const stances = (plan: Reconciliation) =>
      inOrder(plan.findings.map(({ anchor, kind }) => ({ anchor, kind })));

    fc.assert(
      fc.property(shuffled, ({ given, people, profiles, links }) => {
        const one = run(given);
        const other = run({ ...given, people, model: { ...given.model, profiles, links } });

        expect(inOrder(other.operations)).toEqual(inOrder(one.operations));
        expect(inOrder(other.resolved)).toEqual(inOrder(one.resolved));
        expect(stances(other)).toEqual(stances(one));
      }),
      manyCases,
    );
  });

  test('reconciling changes nothing that it is given, and twice gives the same', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const before = structuredClone(given);
        const plan = run(given);

        expect(given).toEqual(before);
        expect(run(given)).toEqual(plan);
      }),
    );
  });

  test('what is said of anybody is a sentence, with everything in it that it speaks of', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { operations, findings } = run(given);
        for (const { reason } of [...operations, ...findings]) {
          expect(reason).toMatch(/^\S.{15,}[.]$/s);
          expect(reason).not.toMatch(/undefined|null|NaN|\[object| {2}|\(\)|: ?[.]| [.,;]/);
        }
        for (const finding of findings) {
          expect(['conflict', 'skipped', 'waiting', 'left']).toContain(finding.kind);
          if (finding.kind === 'conflict') expect(conflictKinds).toContain(finding.conflict.kind);
        }
      }),
      manyCases,
    );
  });

  test('nobody is deleted but who is inactive by our own doing for long, out or gone, and protected by nobody', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { policy, people, absences, model } = given;
        for (const operation of run(given).operations) {
          if (operation.kind !== 'purge') continue;
          const link = model.links.find((one) => one.anchor === operation.anchor);
          const own = profileOf(model, operation.anchor);
          const seen = people.find((one) => one.anchor === operation.anchor);

          expect(own?.isActive).toBe(false);
          expect(own?.profileId).not.toBe(policy.ownProfile);
          expect(policy.protected.has(emailKey(own?.email ?? ''))).toBe(false);
          expect(link?.deactivatedByUs).toBe(true);
          expect(link?.deactivatedAt?.getTime()).toBeLessThanOrEqual(policy.purgeBefore?.getTime() ?? 0);
          expect(seen?.kind ?? absences[operation.anchor]?.kind).toMatch(/^(leaver|gone)$/);
        }
      }),
      manyCases,
    );
  });
});

const listedOf = ({ model, hidden }: Case) => model.profiles.filter((one) => !hidden.has(one.profileId));
