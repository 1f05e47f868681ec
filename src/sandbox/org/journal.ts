/** What really happened in the org, in order: by it a test proves that each thing happened exactly once. */
import type { Clock } from './rules.ts';

/** What can happen in an org. */
export type EffectKind =
  | 'created'
  | 'edited'
  | 'deactivated'
  | 'reactivated'
  | 'deleted'
  | 'invited'
  | 'invitation-accepted'
  | 'own-account-edited'
  | 'logged-out';

/** One thing that happened in the org. */
export interface Effect {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** ISO 8601, milliseconds, UTC. */
  readonly time: string;
  readonly kind: EffectKind;
  readonly email: string | null;
  /** Absent for an invitation that has no profile yet. */
  readonly profileId: string | undefined;
  /** Through the API, or by an administrator's hand. */
  readonly by: 'api' | 'hand';
  /** The request's `Idempotency-Key` header, if it had one. The API itself does not heed it. */
  readonly idempotencyKey: string | undefined;
  /** Names of the properties that an edit changed. */
  readonly changed: readonly string[];
}

/** On whose behalf something is done. */
export interface Author {
  readonly by: 'api' | 'hand';
  readonly idempotencyKey?: string | undefined;
}

export const byHand: Author = { by: 'hand' };

export class Journal {
  readonly #effects: Effect[] = [];
  readonly #now: Clock;

  constructor(now: Clock) {
    this.#now = now;
  }

  get effects(): readonly Effect[] {
    return this.#effects;
  }

  record(
    author: Author,
    kind: EffectKind,
    whom: { readonly email: string | null; readonly profileId?: string },
    changed: readonly string[] = [],
  ): void {
    this.#effects.push({
      sequence: this.#effects.length + 1,
      time: this.#now().toISOString(),
      kind,
      email: whom.email,
      profileId: whom.profileId,
      by: author.by,
      idempotencyKey: author.idempotencyKey,
      changed,
    });
  }
}
