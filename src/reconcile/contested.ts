/** What two people lay claim to, so that nobody can tell whose it is: both wait until a person decides. Pure. */
import type { Member } from '../identity/person.ts';
import { conflict, type Decision, type ProposedOperation } from './decision.ts';
import { emailKey } from './differences.ts';

/** Who wants which e-mail address. */
export interface AddressBook {
  /**
   * Enters somebody's address. Where somebody else has entered it before, both are in conflict, unless one holds it by
   * a link already.
   *
   * @returns the conflict of this member, and that of the rival, where they have one
   */
  enter(member: Member): {
    readonly conflict?: Decision;
    readonly rival?: Member;
    readonly rivalConflict?: Decision;
  };
}

export function addressBook(holdsAddress: (member: Member) => boolean): AddressBook {
  const entered = new Map<string, Member>();
  return {
    enter(member) {
      const key = emailKey(member.email);
      const rival = entered.get(key);
      if (rival === undefined) {
        entered.set(key, member);
        return {};
      }
      return {
        ...(holdsAddress(member) ? {} : { conflict: sameAddress(member, rival) }),
        ...(holdsAddress(rival) ? {} : { rival, rivalConflict: sameAddress(rival, member) }),
      };
    },
  };
}

const sameAddress = (one: Member, other: Member): Decision =>
  conflict(
    'same-email-in-source',
    undefined,
    one,
    `${other.label} has the same e-mail address ${one.email}. Mend it in the source; until then neither is created or changed.`,
  );

/**
 * Two people can be found to have one profile, each by a rule of their own.
 *
 * @param isRuled - whether an operator said so: that goes before any rule
 */
export function withoutSharedProfiles(
  decisions: readonly Decision[],
  isRuled: (operation: ProposedOperation) => boolean,
): readonly Decision[] {
  const adopted = Map.groupBy(
    decisions.flatMap((decision) =>
      decision.kind === 'operate' && decision.operation.kind === 'adopt' ? [decision.operation] : [],
    ),
    (operation) => operation.profileId,
  );
  return decisions.map((decision) => {
    if (decision.kind !== 'operate' || decision.operation.kind !== 'adopt') return decision;
    const { operation } = decision;
    const claims = adopted.get(operation.profileId) ?? [];
    const rival = claims.find((other) => other !== operation);
    if (rival === undefined) return decision;
    const ruled = claims.filter(isRuled);
    if (ruled.length === 1 && ruled[0] === operation) return decision;
    return conflict(
      'profile-of-two-people',
      operation.profileId,
      operation,
      `Profile ${operation.profileId} could be theirs as well as that of ${rival.label}. Mend the e-mail or username of one in the source, or of the profile in the org.`,
    );
  });
}
