/** What a conflict is about: stable names, for those who count, filter and mend them. */
import type { ProfileId } from '../../profile-api/profile.ts';

/** In the order in which they are best mended. */
export const conflictKinds = [
  /** Two people of one source have one e-mail address. */
  'same-email-in-source',
  /** A correlation rule finds more than one profile. */
  'several-profiles',
  /** A correlation rule finds one profile for two people. */
  'profile-of-two-people',
  /** The profile with their e-mail address is linked to somebody else. */
  'email-held-by-other-person',
  /** The profile with their user name is linked to somebody else. */
  'username-held-by-other-person',
  /** Somebody else of the source has their employee number and is there. */
  'same-employee-number',
  /** A profile that is linked to nobody has their e-mail address, and no rule adopts it. */
  'email-taken',
  /** Their own profile was deleted in the org by somebody else. */
  'deleted-in-org',
  /** A person said which profile is theirs, and that can't be followed any more. */
  'ruling-not-possible',
] as const;

/** One of them. */
export type ConflictKind = (typeof conflictKinds)[number];

/** Which conflict somebody is in, and over which profile, where it is over one. */
export interface Conflict {
  readonly kind: ConflictKind;
  readonly profileId: ProfileId | undefined;
}
