/** The last word on those who had to wait for answers. Pure. */
import type { ProfileId } from '../profile-api/profile.ts';
import type { Decider } from './decider.ts';
import type { Decision } from './decision.ts';
import { type Holding, holdingOf } from './holding.ts';
import { decideInvited } from './invited.ts';
import type { Known } from './known.ts';
import type { Pending } from './pending.ts';
import type { Answers } from './reconciliation.ts';
import { decideRuled } from './ruled.ts';
import type { Sightings } from './sightings.ts';
import { decideSuccessor } from './successor.ts';
import { notAsked } from './withheld.ts';

/** Decides about everybody who waited. Whoever turns out to be somebody else's successor only now comes last. */
export function decidePending(decider: Decider, known: Known, seen: Sightings, answers: Answers): void {
  for (const [anchor, what] of decider.pending) {
    const decision = resumed(what);
    const late = decider.pending.get(anchor);
    decider.decisions.set(anchor, late === what || late === undefined ? decision : resumed(late));
  }

  function resumed(what: Pending): Decision {
    switch (what.kind) {
      case 'unlisted': {
        const { person, id } = what;
        const linked = answers.profiles.get(id);
        return linked === undefined
          ? notAsked(person, id)
          : decider.decide(person, known.links.get(person.anchor), linked);
      }
      case 'invited':
        return decideInvited(what.member, what.link, answers.now, decider.around);
      case 'ruled': {
        const { member, ruling } = what;
        const { profileId } = ruling;
        const ruled = known.profileBy(profileId, answers);
        if (ruled === undefined) return notAsked(member, profileId);
        return decideRuled(
          decider.withGiven(member, profileId),
          ruling,
          ruled,
          holding(profileId),
          decider.around,
        );
      }
      case 'succeeds': {
        const { member, predecessor } = what;
        const { profileId, holder } = predecessor;
        const heir = holder.source === decider.around.source ? decider.withGiven(member, profileId) : member;
        const offers = decider.claims.get(member.anchor)?.offers ?? {};
        const found = known.profileBy(profileId, answers);
        return decideSuccessor(heir, predecessor, found, holding(profileId), offers, decider.around);
      }
      default:
        return what satisfies never;
    }
  }

  function holding(id: ProfileId): Holding {
    return holdingOf(id, known, seen, answers);
  }
}
