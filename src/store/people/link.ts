import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileAttributes, ProfileId, UserId } from '../../profile-api/profile.ts';

/** How the tie came about. */
export type LinkOrigin = 'created' | 'adopted' | 'invited';

/** The stored tie of an anchor to a profile, with what was last applied. */
export interface Link {
  readonly source: SourceId;
  readonly anchor: Anchor;
  /** Unknown while an invitation isn't accepted, or where a creation's profile could not be found yet. */
  readonly profileId: ProfileId | undefined;
  readonly userId: UserId | undefined;
  readonly email: string | undefined;
  readonly label: string;
  /** The number that HR knows them by, as the source last told it. */
  readonly employeeNumber: string | undefined;
  /** Whether a rule of `lifecycle.exempt` was true of them when they were last seen. */
  readonly exempt: boolean;
  readonly origin: LinkOrigin;
  /** Every mapped attribute as it was last sent. */
  readonly applied: ProfileAttributes;
  /** Values that the server did not keep. */
  readonly unkept: ProfileAttributes;
  readonly absentSince: Date | undefined;
  /** Since when the source itself says that their entry was deleted: an absence that needs no grace. */
  readonly deletedSince: Date | undefined;
  /** Since when the source says of itself that they left: disabled, out of scope, a leave date; undefined where it has them. */
  readonly leftSince: Date | undefined;
  /** Since when the profile is known to be gone from the org, where a person has said that many are. */
  readonly goneSince: Date | undefined;
  /** Whether the profile is inactive by our own doing. */
  readonly deactivatedByUs: boolean;
  /** Since when; undefined where that is not known, or it is not. */
  readonly deactivatedAt: Date | undefined;
  /** How many invitations were sent to them, and when the last one was. */
  readonly invitations: number;
  readonly invitedAt: Date | undefined;
}
