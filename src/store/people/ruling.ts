import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileId } from '../../profile-api/profile.ts';

/** An operator's word on one person of a source. It holds until it is taken back or, for an adoption, carried out. */
export type Ruling = {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string;
  readonly email: string | undefined;
  readonly actor: string;
  readonly reason: string;
  readonly at: Date;
} & (
  | { readonly kind: 'ignore' }
  /** That profile is theirs. */
  | { readonly kind: 'adopt'; readonly profileId: ProfileId }
);
