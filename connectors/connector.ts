/** What every kind of source offers to the rest of Rollcall. A connector knows nothing of the org. */
import type { Anchor, Identity, SourceId } from '../src/identity/identity.ts';

/** The attributes to fetch; names come back spelled as they are given here. `all` only where nobody can know. */
export type WantedAttributes = readonly string[] | 'all';

export interface ReadRequest {
  readonly attributes: WantedAttributes;
  readonly signal: AbortSignal;
}

/** A record that can't be an identity (no anchor, unreadable, given twice). It stops nothing but itself. */
export interface SkippedRecord {
  readonly label: string;
  readonly anchor: Anchor | undefined;
  /** A sentence for the operator: what is wrong and what to do. */
  readonly reason: string;
}

/**
 * Whether a reading saw everything that there is. Only a reading that can prove it is complete; an incomplete one
 * may join and update people and removes nobody.
 */
export type Completeness =
  | { readonly kind: 'complete' }
  | { readonly kind: 'incomplete'; readonly reason: string };

/** A reading arrives as batches and ends with exactly one `end`. A stream that stops without one is incomplete. */
export type ReadingPart =
  | {
      readonly kind: 'batch';
      readonly identities: readonly Identity[];
      readonly skipped: readonly SkippedRecord[];
    }
  | { readonly kind: 'end'; readonly completeness: Completeness };

/** What a source answers when asked for one anchor, within the same base and filter as a reading. */
export type Presence =
  | { readonly kind: 'present' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What `check` found out about a source, in sentences. */
export interface ProbeFinding {
  readonly ok: boolean;
  readonly text: string;
  /** What to do about it, where it is not ok. */
  readonly mend: string | undefined;
}

export interface Connector {
  readonly source: SourceId;

  /**
   * Reads the whole source, streamed in batches.
   *
   * @throws {SourceError} when nothing could be read at all: unreachable, refused, wrong base or filter.
   *   What breaks off after the first batch is no error but an incomplete `end`.
   */
  read(request: ReadRequest): AsyncIterable<ReadingPart>;

  /**
   * Looks people up by anchor, to confirm an absence. Every anchor asked for has an answer.
   *
   * @throws {SourceError} as {@link Connector.read} does.
   */
  lookup(anchors: readonly Anchor[], signal: AbortSignal): Promise<ReadonlyMap<Anchor, Presence>>;

  /** Tries the source out for `check`: connects, signs in, reads a few records. Failures are findings, not throws. */
  probe(request: ReadRequest): Promise<readonly ProbeFinding[]>;

  close(): Promise<void>;
}
