/** One try of one operation: look, act, and say what it came to. */
import type { Profile, ProfileId } from '../profile-api/index.ts';
import { LeaseLostError } from '../store/operations/leases.ts';
import type { Operation } from '../store/operations/operations.ts';
import type { Link } from '../store/people/link.ts';
import { outcomeOf } from './classify.ts';
import { change } from './handlers/change.ts';
import { create } from './handlers/create.ts';
import { invite } from './handlers/invite.ts';
import { purge } from './handlers/purge.ts';
import type { OrgLookup } from './org-lookup.ts';
import type { Outcome } from './outcome.ts';
import { NotTriedError } from './refusals.ts';
import type { Handler, Task } from './task.ts';
import type { EffectApi, OrgAccess } from './watched-api.ts';

const handlers: Readonly<Record<Operation['kind'], Handler>> = {
  create,
  invite,
  adopt: change,
  edit: change,
  deactivate: change,
  reactivate: change,
  purge,
};

export interface AttemptContext {
  readonly access: OrgAccess;
  readonly lookup: OrgLookup;
  readonly ownProfile: () => Promise<ProfileId>;
  readonly inviteRole: string | undefined;
  readonly mayPurge: Task['mayPurge'];
  /** Right before a deactivation. */
  lastAdministrator(
    profile: Profile,
    task: Omit<Task, 'lastAdministrator' | 'send'>,
  ): Promise<string | undefined>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  noteIntent(operation: Operation): Promise<void>;
  /** Told that the effect has happened; what is left is to look at it. */
  onAnswered(): void;
  /** Whether a failure is no fault of the operation's, since the API was known to be down. */
  isSpared(error: unknown): boolean;
}

export interface Attempt {
  readonly outcome: Outcome;
  /** Whether a request may have had its effect unheard, in this try or in one before. */
  readonly mayHaveHappened: boolean;
}

/** @throws {LeaseLostError} where another worker has taken over */
export async function attempt(
  operation: Operation,
  link: Link | undefined,
  context: AttemptContext,
): Promise<Attempt> {
  const wasUncertain = operation.intent_at !== null;
  let phase: 'looking' | 'sent' | 'answered' = 'looking';

  const send = <Answer>(request: (org: EffectApi) => Promise<Answer>): Promise<Answer> =>
    context.access.act(async (org) => {
      await context.noteIntent(operation);
      phase = 'sent';
      const answer = await request(org);
      phase = 'answered';
      context.onAnswered();
      return answer;
    });
  const uncertainAfter = (outcome: Outcome): boolean => {
    // Nothing went out in this try, so what was unknown before it still is.
    if (phase === 'looking') return wasUncertain;
    return phase === 'answered' || (outcome.kind === 'again' && outcome.mayHaveHappened);
  };

  try {
    const { lookup, ownProfile, inviteRole, mayPurge, signal } = context;
    const mayHaveHappened = wasUncertain;
    const handle = handlers[operation.kind];
    const task = {
      operation,
      link,
      mayHaveHappened,
      api: context.access.api,
      lookup,
      ownProfile,
      inviteRole,
      mayPurge,
      signal,
    };
    const spare = (profile: Profile) => context.lastAdministrator(profile, task);
    const outcome = await handle({ ...task, lastAdministrator: spare, send });
    return { outcome, mayHaveHappened: uncertainAfter(outcome) };
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    if (error instanceof NotTriedError)
      return { outcome: { kind: 'superseded', message: error.message }, mayHaveHappened: wasUncertain };
    const outcome = sparing(context.isSpared(error), outcomeOf(error, context.timeoutMs));
    // The effect was answered for; only looking at it afterwards failed, whatever the reason.
    const isAfterEffect =
      (phase as string) === 'answered' && outcome.kind !== 'stop' && outcome.kind !== 'again';
    if (isAfterEffect) return { outcome: lookAgain(outcome.message), mayHaveHappened: true };
    return { outcome, mayHaveHappened: uncertainAfter(outcome) };
  }
}

const sparing = (isSpared: boolean, outcome: Outcome): Outcome =>
  isSpared && outcome.kind === 'again' ? { ...outcome, countsAsAttempt: false } : outcome;

const lookAgain = (message: string | undefined): Outcome => ({
  kind: 'again',
  message: `It was carried out, but could not be verified. ${message ?? ''}`.trim(),
  afterMs: undefined,
  countsAsAttempt: true,
  mayHaveHappened: true,
});
