import type { Anchor, SourceId } from '../identity/identity.ts';

/** A source's word that somebody whose profile another source holds is in its scope too. */
export interface Claim {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string;
  /** When it was last seen to be so. */
  readonly at: Date;
}
