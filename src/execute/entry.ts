/** What the audit log tells of an operation that has ended. */
import type { AuditEntry } from '../audit/index.ts';
import type { Operation } from '../store/operations/operations.ts';
import type { Approval } from './approval.ts';
import type { Outcome } from './outcome.ts';

export function entryOf(
  operation: Operation,
  state: 'done' | 'failed' | 'superseded',
  message: string | undefined,
  outcome: Outcome | undefined,
  approval: Approval | undefined,
): AuditEntry {
  const effect = outcome?.kind === 'done' ? outcome.effect : undefined;
  const profile = effect?.kind === 'linked' ? effect.profileId : (operation.profile_id ?? undefined);
  const unkept = effect !== undefined && 'unkept' in effect ? effect.unkept : {};
  const answer = outcome !== undefined && 'answer' in outcome ? outcome.answer : undefined;
  const { kind, before, after, attempts } = operation;
  return {
    actor: 'worker',
    action: `operation.${state}`,
    run: operation.run_id,
    operation: operation.id,
    source: operation.source_id,
    anchor: operation.anchor,
    profile,
    email: operation.email ?? undefined,
    reason: operation.reason,
    details: {
      kind,
      follows: operation.follows ?? undefined,
      before,
      after,
      attempts,
      message,
      answer,
      approval,
      // What a person may ask for who wants it back: nothing else tells of it any more.
      profile: effect?.kind === 'purged' ? (effect.last ?? before) : undefined,
      unkept: Object.keys(unkept).length === 0 ? undefined : unkept,
    },
  };
}
