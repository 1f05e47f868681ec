/**
 * How a source tells by itself that something has changed. What it tells is no more than that: the changes are read as
 * ever, so that a notice which is lost, late, doubled or made up costs time and nothing else.
 */

/** Somebody has called at the source's hook. */
export interface HookCall {
  /** The parameters of the address. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a call comes to. */
export type Heard =
  /** The source makes sure that somebody is there; it wants this text back. */
  | { readonly kind: 'greeting'; readonly text: string }
  | {
      readonly kind: 'news';
      /** Whether changes are there to be read. */
      readonly hasChanges: boolean;
      /** How it stands with the arrangement: whether something has to be done for notices to go on. */
      readonly arrangement: 'stands' | 'to-renew' | 'lost';
      /** What may have been missed, as a sentence; undefined where nothing was. */
      readonly missed: string | undefined;
    }
  /** It is none of the source's: nothing came of it. */
  | { readonly kind: 'refused'; readonly status: 400 | 403; readonly reason: string };

/** Notices that are arranged for. */
export interface Arrangement {
  /** What the connector needs to know of it later, as text. It holds no secret. */
  readonly kept: string;
  /** When it has to be seen to again. */
  readonly again: Date;
  /** Why there may have been changes that nobody was told of, as a sentence; undefined where it simply goes on. */
  readonly missed: string | undefined;
}

/** The arrangement by which a source sends notices. */
export interface Watch {
  /**
   * Sees to it that the source sends notices from now on. Its hook must answer while this runs.
   *
   * @param kept of the last arrangement; undefined for a new one
   * @throws {SourceError} when it can't be arranged
   */
  arrange(kept: string | undefined, now: Date, signal: AbortSignal): Promise<Arrangement>;

  /** Judges a call. Nothing in it is trusted before the source's own mark was found in it. */
  hear(call: HookCall, kept: string | undefined): Heard;
}
