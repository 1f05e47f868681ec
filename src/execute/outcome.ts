import type { AttributeValue, Profile, ProfileAttributes, ProfileId, UserId } from '../profile-api/index.ts';
import type { Operation } from '../store/operations/operations.ts';
import type { LinkOrigin } from '../store/people/link.ts';

/** What the server said to a request that did not succeed: its status, and its own sentence where it gave one. */
export interface ServerAnswer {
  readonly status: number;
  readonly sentence: string | undefined;
}

/** What one try of an operation came to. `answer` is there where the server said something to it. */
export type Outcome =
  | { readonly kind: 'done'; readonly message: string | undefined; readonly effect: Effect }
  /** The profile is no longer as planned: nothing was sent, and the next run plans anew. */
  | { readonly kind: 'superseded'; readonly message: string }
  /** This record is bad, or its outcome can't be found out. A person must look at it. */
  | { readonly kind: 'failed'; readonly message: string; readonly answer?: ServerAnswer }
  /** To be tried again. */
  | {
      readonly kind: 'again';
      readonly message: string;
      readonly answer?: ServerAnswer;
      readonly afterMs: number | undefined;
      /** False where it wasn't the operation's fault, such as a rate limit. */
      readonly countsAsAttempt: boolean;
      /** Whether a request may have had its effect although nobody heard of it: look before doing anything. */
      readonly mayHaveHappened: boolean;
    }
  /** The key was refused: nothing more goes out until a person has mended that. */
  | { readonly kind: 'stop'; readonly message: string; readonly answer?: ServerAnswer }
  /** The org has no seat left: a state of the org, not of this person. */
  | { readonly kind: 'licence-full'; readonly message: string; readonly answer?: ServerAnswer };

/** What an operation that is done leaves in the store. */
export type Effect =
  | {
      readonly kind: 'linked';
      readonly profileId: ProfileId | undefined;
      readonly userId: UserId | undefined;
      readonly origin: LinkOrigin;
      readonly applied: ProfileAttributes;
      readonly unkept: ProfileAttributes;
    }
  | {
      readonly kind: 'changed';
      readonly profile: Profile;
      readonly applied: ProfileAttributes;
      readonly unkept: ProfileAttributes;
      /** `ours`: it is now inactive by our doing; `lifted`: it is active again; undefined: that did not change. */
      readonly blocked: 'ours' | 'lifted' | undefined;
    }
  /** A mail went to somebody whose account was there already. */
  | { readonly kind: 'invited' }
  /** The profile is no more, and neither is the tie to it. `last`: as it was read before, where it was still there. */
  | { readonly kind: 'purged'; readonly last: ProfileAttributes | undefined }
  /** It was so already, or there is nothing left to change. */
  | { readonly kind: 'none' };

/** A try and what it came to. */
export interface Ended {
  readonly operation: Operation;
  readonly outcome: Outcome;
  /** Whether a request may have had its effect unheard, in this try or in one before. */
  readonly mayHaveHappened: boolean;
}

/** How a try left the operation. */
export interface Recorded {
  readonly state: Operation['state'];
  readonly message: string | undefined;
}

/** The attributes of `after` that the server shows otherwise than they were sent. */
export function notKept(
  after: ProfileAttributes,
  shown: Profile,
  isSame: (attribute: string, one: AttributeValue, other: AttributeValue) => boolean,
): ProfileAttributes {
  return Object.fromEntries(
    Object.entries(after).filter(([attribute, sent]) => {
      const kept = shown.attributes[attribute];
      return kept !== undefined && !isSame(attribute, kept, sent);
    }),
  );
}

/** What to say of values that the server did not keep; undefined where it kept them all. */
export function sentenceOfUnkept(unkept: ProfileAttributes): string | undefined {
  const names = Object.keys(unkept).join(', ');
  return names === ''
    ? undefined
    : `The server did not keep ${names}; not tried again until the value changes.`;
}
