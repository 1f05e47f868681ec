/** Stores what a try came to: the operation's state, the link and the audit entry, in one transaction. */
import type { Kysely, Transaction } from 'kysely';
import { appendAudit } from '../audit/index.ts';
import { noteDeparted } from '../store/departures/departures.ts';
import { endOperation, postpone } from '../store/operations/leases.ts';
import { moveOperations, type Operation, operations } from '../store/operations/operations.ts';
import {
  dropLink,
  keepLink,
  noteApplied,
  noteDeactivatedBy,
  noteInvited,
  otherHolder,
  resolveLink,
} from '../store/people/links.ts';
import { noteLicenceFull } from '../store/runs/runs.ts';
import type { Database } from '../store/schema.ts';
import { pauseExecution } from '../store/service/pauses.ts';
import { approvalsOf } from './approval.ts';
import { backoffMs, type RetryPolicy } from './backoff.ts';
import { causeOf } from './cause.ts';
import { entryOf } from './entry.ts';
import { holdFailingRun } from './failing-run.ts';
import { queueInvitations } from './follow-up.ts';
import { handOver } from './hand-over.ts';
import type { Effect, Ended, Recorded } from './outcome.ts';
import { isCreation, recordCreations } from './record-creations.ts';
import { needsSeat, notTried } from './refusals.ts';

/** @throws {LeaseLostError} where another worker has the operation now; then nothing is stored */
export async function recordOutcome(
  db: Kysely<Database>,
  ended: Ended,
  owner: string,
  retry: RetryPolicy,
  now: Date,
): Promise<Recorded> {
  return await db.transaction().execute((tx) => record(tx, ended, owner, retry, now));
}

/**
 * The same for several creations: in one transaction, as far as they are done and nothing stands in the way.
 *
 * @returns what becomes of each, in their order
 */
export async function recordTogether(
  db: Kysely<Database>,
  ended: readonly Ended[],
  owner: string,
  retry: RetryPolicy,
  now: Date,
): Promise<readonly Promise<Recorded>[]> {
  const creations = ended.filter(isCreation);
  const stored: ReadonlySet<Ended> =
    creations.length < 2
      ? new Set<Ended>()
      : await db
          .transaction()
          .execute((tx) => recordCreations(tx, creations, owner, now))
          // One of them stands in the way of all: each for itself, then.
          .catch(() => new Set<Ended>());
  return ended.map(
    async (one): Promise<Recorded> =>
      stored.has(one)
        ? { state: 'done', message: one.outcome.message }
        : await recordOutcome(db, one, owner, retry, now),
  );
}

async function record(
  tx: Transaction<Database>,
  { operation, outcome, mayHaveHappened }: Ended,
  owner: string,
  retry: RetryPolicy,
  now: Date,
): Promise<Recorded> {
  const end = async (
    state: 'done' | 'failed' | 'superseded',
    message: string | undefined,
  ): Promise<Recorded> => {
    const cause = state === 'failed' ? causeOf(message ?? '') : undefined;
    await endOperation(tx, operation.id, owner, { state, message, cause, mayHaveHappened });
    // Before anything is audited: whoever approves locks the run before the audit log, too.
    if (state === 'failed' && operation.kind !== 'deactivate' && retry.limits !== undefined)
      await holdFailingRun(tx, operation.run_id, retry.limits, now);
    if (outcome.kind === 'licence-full') await noteLicenceFull(tx, operation.run_id);
    const approval = (await approvalsOf(tx, operation.run_id))(operation);
    await appendAudit(tx, [entryOf(operation, state, message, outcome, approval)], now);
    return { state, message };
  };

  switch (outcome.kind) {
    case 'done': {
      const rival = await rivalOver(tx, operation, outcome.effect);
      if (rival !== undefined) return await end('failed', rival);
      await keepEffect(tx, operation, outcome.effect, now);
      if (operation.kind === 'deactivate') await noteDeparted(tx, departedBy(operation));
      const recorded = await end('done', outcome.message);
      // Only now: nobody has two operations under way.
      if (outcome.effect.kind === 'linked')
        await queueInvitations(tx, [{ creation: operation, profileId: outcome.effect.profileId }]);
      return recorded;
    }
    case 'superseded':
      return await end('superseded', outcome.message);
    case 'failed':
      return await end('failed', outcome.message);
    case 'licence-full': {
      const recorded = await end('failed', outcome.message);
      await dropOthersWithoutSeat(tx, operation, outcome.message, now);
      return recorded;
    }
    case 'again': {
      if (outcome.countsAsAttempt && operation.attempts >= retry.attempts) {
        return await end('failed', `${outcome.message} It was tried ${operation.attempts} times.`);
      }
      const delayMs = Math.max(outcome.afterMs ?? 0, backoffMs(operation.attempts, retry));
      await postpone(tx, operation.id, owner, {
        delayMs,
        message: outcome.message,
        countsAsAttempt: outcome.countsAsAttempt,
        mayHaveHappened,
      });
      return { state: 'queued', message: outcome.message };
    }
    case 'stop': {
      await postpone(tx, operation.id, owner, {
        delayMs: 0,
        message: outcome.message,
        countsAsAttempt: false,
        mayHaveHappened,
      });
      if (await pauseExecution(tx, outcome.message)) {
        await appendAudit(
          tx,
          [{ actor: 'worker', action: 'execution.paused', reason: outcome.message }],
          now,
        );
      }
      return { state: 'queued', message: outcome.message };
    }
    default:
      return outcome satisfies never;
  }
}

const departedBy = ({ source_id: source, anchor, run_id: run }: Operation) => ({ source, anchor, run });

/** A profile is one person's: two sources may have asked for it at the same time. */
async function rivalOver(
  tx: Transaction<Database>,
  operation: Operation,
  effect: Effect,
): Promise<string | undefined> {
  const profile =
    effect.kind === 'linked'
      ? effect.profileId
      : effect.kind === 'changed'
        ? effect.profile.profileId
        : undefined;
  if (profile === undefined) return undefined;
  const { source_id: source, anchor } = operation;
  const rival = await otherHolder(tx, profile, { source, anchor });
  if (rival === undefined) return undefined;
  // The plan said that it passes from the one to the other.
  const from = operation.releases_source ?? source;
  if (rival.source === from && rival.anchor === operation.releases) return undefined;
  return `The profile ${profile} belongs to ${rival.label} of source ${rival.source} by now. Let one source alone have this person in its scope.`;
}

async function keepEffect(
  tx: Transaction<Database>,
  operation: Operation,
  effect: Effect,
  now: Date,
): Promise<void> {
  const who = { source: operation.source_id, anchor: operation.anchor };
  const email = operation.email ?? undefined;
  switch (effect.kind) {
    case 'none':
      return;
    case 'purged':
      await dropLink(tx, who);
      return;
    case 'linked':
      if (operation.kind === 'adopt' && effect.profileId !== undefined)
        await handOver(tx, operation, effect.profileId, now);
      await keepLink(tx, {
        ...who,
        email,
        label: operation.label,
        employeeNumber: operation.employee_number ?? undefined,
        exempt: operation.exempt,
        ...effect,
      });
      if (operation.kind === 'invite') await noteInvited(tx, who);
      return;
    case 'invited':
      await noteInvited(tx, who);
      return;
    case 'changed': {
      const { profile, applied, unkept, blocked } = effect;
      await resolveLink(tx, who.source, {
        anchor: who.anchor,
        profileId: profile.profileId,
        userId: profile.userId,
      });
      await noteApplied(tx, who, { email: profile.email ?? email, applied, unkept });
      if (blocked !== undefined)
        await noteDeactivatedBy(tx, who, blocked === 'ours' ? operation.run_id : null);
      return;
    }
    default:
      effect satisfies never;
  }
}

/** The licence is the org's, so the rest of the run's creations would all meet the same answer. The next run plans them anew. */
async function dropOthersWithoutSeat(
  tx: Transaction<Database>,
  operation: Operation,
  message: string,
  now: Date,
): Promise<void> {
  const kinds = ['create', 'invite', 'reactivate'] as const;
  const others = await operations(tx, { run: operation.run_id, states: ['queued'], kinds });
  if (others.length === 0) return;
  const untouched = others.filter((other) => other.intent_at === null && needsSeat(other));
  const dropped = await moveOperations(
    tx,
    { ids: untouched.map((other) => other.id), states: ['queued'] },
    'superseded',
    notTried(message),
  );
  // Another worker may have taken some of them in between.
  const isDropped = new Set(dropped);
  const approvals = await approvalsOf(tx, operation.run_id);
  await appendAudit(
    tx,
    untouched
      .filter((other) => isDropped.has(other.id))
      .map((other) => entryOf(other, 'superseded', notTried(message), undefined, approvals(other))),
    now,
  );
}
