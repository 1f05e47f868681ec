import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileAttributes } from '../../profile-api/profile.ts';

/** A source's word that somebody whose profile another source holds is in its scope too. */
export interface Claim {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string;
  /** Whether they are known to be one person: else a rule leads to the profile, and no number says whether it is theirs. */
  readonly isSamePerson: boolean;
  /** When it was last seen to be so. */
  readonly at: Date;
}

/** What a source tells of somebody whose profile another source holds, as far as `precedence` names it. */
export interface Offer {
  readonly source: SourceId;
  readonly attributes: ProfileAttributes;
}
