/** A profile that passes from one identity to another of the same person: a rehire, or somebody whom another source has now. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Member } from '../identity/person.ts';
import type { Profile, ProfileId } from '../profile-api/profile.ts';
import type { Claim } from '../store/people/claim.ts';
import { type Decision, finding, operate, type ProposedOperation, type Subject } from './decision.ts';
import { type Changes, differences } from './differences.ts';
import type { Holder } from './org.ts';
import { isFresh } from './same-person.ts';
import type { Surroundings } from './surroundings.ts';
import { conflictOverEmail } from './taken-email.ts';

/** Whose tie to a profile ends with an adoption. */
export type Released = Pick<Holder, 'source' | 'anchor' | 'deactivatedByUs'>;

/** A profile becomes somebody's, whoever had it before. It is reactivated where its block is Rollcall's own. */
export function takeOver(
  member: Member,
  profile: Profile,
  reason: string,
  from: Released | undefined,
  around: Surroundings,
): Decision {
  const { policy } = around;
  const none: Changes = { before: {}, after: {} };
  const changes = differences(member.desired, profile, { applied: {}, unkept: {} }, policy.authority) ?? none;
  const taken = conflictOverEmail(member, changes.after.email, profile.profileId, around);
  if (taken !== undefined) return taken;
  const isOurBlock = from?.deactivatedByUs === true;
  const mayReactivate = policy.reactivate === 'always' || (policy.reactivate === 'ours' && isOurBlock);
  const decision = operate(
    'adopt',
    member,
    profile.profileId,
    reason,
    !profile.isActive && mayReactivate
      ? {
          before: { is_active: false, ...changes.before },
          after: { is_active: true, ...changes.after },
          desired: member.desired,
        }
      : { ...changes, desired: member.desired },
  );
  if (decision.kind !== 'operate' || from === undefined) return decision;
  const elsewhere = from.source === around.source ? {} : { releasesSource: from.source };
  return { kind: 'operate', operation: { ...decision.operation, releases: from.anchor, ...elsewhere } };
}

/**
 * Somebody whom another source, which goes first, has as well.
 *
 * @param given - the attributes that it takes from this one
 */
export function leftToFirst(member: Member, { source, label }: Holder, given: readonly string[]): Decision {
  const gives = given.length === 0 ? '' : ` This one goes first for ${given.join(', ')} (precedence).`;
  return finding(
    'left',
    member,
    `Source ${source}, which goes before this one, has them as ${label}. They are its own until it loses them; then their profile passes to this source.${gives}`,
  );
}

/** Somebody who is known under another id, of whom HR or an operator said that they left. */
export const stillDeparted = (member: Member, { source, label }: Holder): Decision =>
  finding(
    'left',
    member,
    `They were ${label} of source ${source}, of whom it was said that they left, and that word stands. Take it back (\`rollcall reinstate\`), and the next run gives them their profile again.`,
  );

/**
 * Whoever leaves one source and is in the scope of another is left to that one: nobody is deactivated and brought back
 * in passing.
 *
 * @param claimOf - which other source has them in its scope too
 */
export function yielded(
  decision: Decision,
  claimOf: (profile: ProfileId) => Claim | undefined,
  now: Date,
): { readonly decision: Decision; readonly to?: Claim } {
  if (decision.kind !== 'operate') return { decision };
  const { operation } = decision;
  const { kind, profileId, reason } = operation;
  if ((kind !== 'deactivate' && kind !== 'purge') || profileId === undefined) return { decision };
  const to = claimOf(profileId);
  if (to === undefined || !to.isSamePerson || !isFresh(to, now)) return { decision };
  const why = `${reason} But source ${to.source} has them in its scope as ${to.label} (seen ${to.at.toISOString()}), and takes their profile over in its next run. It stays as it is.`;
  return { decision: finding('waiting', operation, why), to };
}

/** Who loses their profile to somebody else of the source is not operated on for their own sake. */
export function handOver(anchors: readonly Anchor[], decisions: readonly Decision[]): readonly Decision[] {
  const isOwn = ({ releasesSource }: ProposedOperation): boolean => releasesSource === undefined;
  const heirs = new Map(
    decisions.flatMap((decision) =>
      decision.kind === 'operate' && decision.operation.releases !== undefined && isOwn(decision.operation)
        ? [[decision.operation.releases, decision.operation] as const]
        : [],
    ),
  );
  if (heirs.size === 0) return decisions;
  return decisions.map((decision, index) => {
    const anchor = anchors[index];
    const heir = anchor === undefined ? undefined : heirs.get(anchor);
    if (anchor === undefined || heir === undefined || decision.kind === 'unchanged') return decision;
    const { label, email } = decision.kind === 'operate' ? decision.operation : decision.finding;
    return handedOver({ anchor, label, email }, heir.profileId, heir);
  });
}

/** Whose profile passes to somebody else. */
function handedOver(subject: Subject, profile: ProfileId | undefined, to: Subject): Decision {
  const reason = `Their profile ${profile} passes to ${to.label}. Nothing else is done to it for their sake.`;
  return finding('left', subject, reason);
}
