/** What two people lay claim to, so that nobody can tell whose it is: both wait until a person decides. Pure. */
import type { Member } from '../identity/person.ts';
import { finding } from './decide.ts';
import type { Decision } from './decision.ts';
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
  finding(
    'conflict',
    one,
    `${other.label} has the same e-mail address ${one.email}. Mend it in the source; until then neither is created or changed.`,
  );

/** Two people can be found to have one profile, each by a rule of their own. */
export function withoutSharedProfiles(decisions: readonly Decision[]): readonly Decision[] {
  const adopted = Map.groupBy(
    decisions.flatMap((decision) =>
      decision.kind === 'operate' && decision.operation.kind === 'adopt' ? [decision.operation] : [],
    ),
    (operation) => operation.profileId,
  );
  return decisions.map((decision) => {
    if (decision.kind !== 'operate' || decision.operation.kind !== 'adopt') return decision;
    const { operation } = decision;
    const rival = adopted.get(operation.profileId)?.find((other) => other !== operation);
    if (rival === undefined) return decision;
    return finding(
      'conflict',
      operation,
      `Profile ${operation.profileId} could be theirs as well as that of ${rival.label}. Mend the e-mail or username of one in the source, or of the profile in the org.`,
    );
  });
}
