/** What every kind of source offers to the rest of Rollcall. A connector knows nothing of the org. */
import type { Brand } from '../src/identity/brand.ts';
import type { Anchor, Identity, RecordPrint, SourceId } from '../src/identity/identity.ts';
import type { Watch } from './watch.ts';

/** The attributes to fetch; names come back spelled as they are given here. `all` only where nobody can know. */
export type WantedAttributes = readonly string[] | 'all';

/** What is to be read of a source. */
export interface ReadRequest {
  readonly attributes: WantedAttributes;
  /** Whether somebody asks for `Identity.groups`, which may cost a reading of all groups. Else they may be left out. */
  readonly groups?: boolean | undefined;
  /**
   * Whether a record of that print is known already as what it makes of somebody: then that they are there is enough. A connector
   * may ask or not; it is asked while a batch is made, and whoever is recalled is told in that batch.
   */
  readonly recall?: ((anchor: Anchor, print: RecordPrint) => boolean) | undefined;
  readonly signal: AbortSignal;
}

/** Somebody who is there, with a record that is known already: see {@link ReadRequest.recall}. */
export type Recalled = Pick<Identity, 'anchor' | 'branches'>;

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
  | {
      readonly kind: 'incomplete';
      readonly reason: string;
      /**
       * Why somebody may be in more groups than was told; undefined where that can't be. What a rule works out from groups
       * is then not known, of anybody.
       */
      readonly groupsUnknown?: string | undefined;
    };

/** A place in a source's stream of changes. Opaque: only the connector that wrote it can read it. */
export type Cursor = Brand<string, 'Cursor'>;

/** A reading arrives as batches and ends with exactly one `end`. A stream that stops without one is incomplete. */
export type ReadingPart =
  | {
      readonly kind: 'batch';
      readonly identities: readonly Identity[];
      readonly skipped: readonly SkippedRecord[];
      readonly recalled?: readonly Recalled[] | undefined;
    }
  | {
      readonly kind: 'end';
      readonly completeness: Completeness;
      /** Where changes can be read on from, so that none since this reading began is lost. Only of a complete one. */
      readonly cursor?: Cursor | undefined;
    };

/** What is to be read of a source's changes. */
export interface ChangesRequest extends ReadRequest {
  readonly since: Cursor;
  /** People to be read whether they have changed or not, since an earlier change of theirs is not dealt with yet. */
  readonly also: readonly Anchor[];
}

/** Somebody whom the changes say is not there any more. */
export type Departure =
  /** The source itself says that the entry was deleted: its own word, which needs no grace. */
  | { readonly kind: 'deleted'; readonly anchor: Anchor; readonly reason: string }
  /** They are outside of base or filter now, or out of sight: an absence, to be confirmed like any other. */
  | { readonly kind: 'out-of-view'; readonly anchor: Anchor };

/**
 * What has changed since a cursor. It never claims to be complete: whoever is not in it is as they were. Somebody may
 * come several times; the last word counts. A stream that stops without an end keeps the old cursor.
 */
export type ChangesPart =
  | {
      readonly kind: 'batch';
      readonly identities: readonly Identity[];
      readonly skipped: readonly SkippedRecord[];
      readonly departures: readonly Departure[];
    }
  /**
   * Who is there, changed or not, from a source that does not tell who has gone: whoever is linked and in no such part is
   * out of view, once the stream has come to its end. A source that sends any has to be sure that it sent everybody.
   */
  | { readonly kind: 'in-view'; readonly anchors: readonly Anchor[] }
  | { readonly kind: 'end'; readonly cursor: Cursor }
  /** It broke off: what came is true, and the next one begins at the same cursor again. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** The cursor is too old, refused, or of another server: only a whole reading helps. */
  | { readonly kind: 'cursor-lost'; readonly reason: string };

/** What a source answers when asked for one anchor, within the same base and filter as a reading. */
export type Presence =
  | { readonly kind: 'present' }
  | { readonly kind: 'absent' }
  /** The source itself says that the entry was deleted: its own word, which needs no grace. */
  | { readonly kind: 'deleted' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Whom a source shows of those who were asked for by name. */
export interface Sighting {
  readonly identities: readonly Identity[];
  readonly skipped: readonly SkippedRecord[];
  /** Why somebody may be there who is not in it; undefined where that can't be. */
  readonly incomplete: string | undefined;
  /** As of an incomplete reading. */
  readonly groupsUnknown?: string | undefined;
}

/** What `check` found out about a source, in sentences. */
export interface ProbeFinding {
  readonly ok: boolean;
  readonly text: string;
  /** What to do about it, where it is not ok. */
  readonly mend: string | undefined;
}

/** One source, opened. It is asked again and again until it is closed. */
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
   * Reads what has changed since a cursor; undefined where the source can't tell.
   *
   * @throws {SourceError} as {@link Connector.read} does.
   */
  readonly changes?: ((request: ChangesRequest) => AsyncIterable<ChangesPart>) | undefined;

  /** Why changes can't be told for such rules, in sentences; undefined where they can. */
  readonly cannotTellChanges?: ((request: Pick<ReadRequest, 'groups'>) => string | undefined) | undefined;

  /**
   * Looks people up by anchor, to confirm an absence. Every anchor asked for has an answer.
   *
   * @throws {SourceError} as {@link Connector.read} does.
   */
  lookup(anchors: readonly Anchor[], signal: AbortSignal): Promise<ReadonlyMap<Anchor, Presence>>;

  /**
   * Reads single people by e-mail address, login or anchor, whatever the case, within the same base and filter as a
   * reading and as that would show them. It asks for them alone where the source can search.
   *
   * @throws {SourceError} as {@link Connector.read} does.
   */
  find(names: readonly string[], request: ReadRequest): Promise<Sighting>;

  /** Lets the source tell by itself that something has changed; undefined where it can't, or nobody wants it. */
  readonly watch?: Watch | undefined;

  /** Tries the source out for `check`: connects, signs in, reads a few records. Failures are findings, not throws. */
  probe(request: ReadRequest): Promise<readonly ProbeFinding[]>;

  /** Leaves no connection open. Readings under way break off. */
  close(): Promise<void>;
}
