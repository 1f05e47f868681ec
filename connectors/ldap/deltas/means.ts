/** What every way of reading changes works with. */
import type { Anchor, Identity } from '../../../src/identity/identity.ts';
import type { SkippedRecord } from '../../connector.ts';
import type { RootDse } from '../vendor/root-dse.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';

/** What it takes to find out where a directory stands. */
export interface PlaceMeans {
  readonly connection: LdapConnection;
  readonly settings: LdapSettings;
  readonly rootDse: RootDse | undefined;
  /** Who is a person, as in a whole reading. */
  readonly filter: Filter;
  readonly signal: AbortSignal;
}

export interface DeltaMeans extends PlaceMeans {
  /** What a person's entry is asked for. */
  readonly attributes: readonly string[];
  toBatch(entries: readonly SearchEntry[]): {
    readonly identities: readonly Identity[];
    readonly skipped: readonly SkippedRecord[];
  };
}

/** The border where a directory's text becomes an anchor. */
export const brandAnchor = (text: string): Anchor => text as Anchor;
