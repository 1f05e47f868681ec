/** What a request to the profile API can come to, other than success, by what the caller must do about it. */

interface Seen {
  /** HTTP status, where an answer came at all. */
  readonly status: number | undefined;
  /** The server's own words: one line, without secrets. */
  readonly sentence: string | undefined;
}

/** Why it is worth trying again. In all of these nothing has happened on the server, or only reading was asked for. */
export type RetryReason =
  | 'rate-limited'
  | 'server-error'
  | 'timeout'
  | 'connection'
  /** The address leads nowhere: refused, unknown name, no route. For the operator to mend, if it stays. */
  | 'unreachable'
  /** The server's certificate or TLS is not acceptable. Nothing was sent. For the operator to mend. */
  | 'certificate';

/**
 * - `retry-later`: nothing has happened (or it was a read); try the same again, after `retryAfterMs` where given
 * - `unknown-outcome`: a write went out and no trustworthy answer came back. Look before doing anything again
 * - `refused`: the key is not accepted or not permitted. Stop everything; more attempts change nothing
 * - `licence-full`: the org has no seat left. Stop creating; edit and deactivate on
 * - `bad-record`: the server does not take this record. It fails; all others go on
 * - `not-found`: there is no such profile (or, of an address without id, no such endpoint)
 * - `not-understood`: something answered that is not the profile API as known: a web page, a redirect, garbage.
 *   With `mayHaveHappened`, a write may have been carried out all the same: look first
 */
export type ProfileApiAnswer =
  | (Seen & {
      readonly kind: 'retry-later';
      readonly reason: RetryReason;
      readonly retryAfterMs: number | undefined;
    })
  | (Seen & {
      readonly kind: 'unknown-outcome';
      readonly reason: 'server-error' | 'timeout' | 'connection';
      readonly retryAfterMs: number | undefined;
    })
  | (Seen & { readonly kind: 'refused' | 'licence-full' | 'bad-record' | 'not-found' })
  | (Seen & { readonly kind: 'not-understood'; readonly mayHaveHappened: boolean });

/** An answer other than success, with the sentence for the operator: what failed, what it means, what to do. */
export interface Verdict {
  readonly answer: ProfileApiAnswer;
  readonly message: string;
}

/** A request to the profile API did not succeed. `answer.kind` says what to do; the message is for the operator. */
export class ProfileApiError extends Error {
  override readonly name = 'ProfileApiError';
  readonly answer: ProfileApiAnswer;

  constructor(verdict: Verdict, options?: ErrorOptions) {
    super(verdict.message, options);
    this.answer = verdict.answer;
  }
}

/** Whether trying a request again can do any harm. A POST that only asks is a `read`. */
export type Effect = 'read' | 'write';

/** What is being asked for, in words: `read the profile 5` at `https://app.example.com/...`. */
export interface Asked {
  /** A verb phrase, such as `create a profile`. */
  readonly what: string;
  /** Where, for the operator: without query and credentials. */
  readonly url: string;
  readonly effect: Effect;
  /** The answer tells of many records; that some failed makes the request no failure. */
  readonly isReport?: boolean | undefined;
}

/** An error for an answer that arrived whole but does not say what was asked for. */
export function notUnderstood(asked: Asked, status: number | undefined, complaint: string): ProfileApiError {
  return new ProfileApiError({
    answer: {
      kind: 'not-understood',
      status,
      sentence: undefined,
      mayHaveHappened: asked.effect === 'write',
    },
    message: `Could not ${asked.what} at ${asked.url}: ${complaint}`,
  });
}
