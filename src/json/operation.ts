import type { ProfileAttributes } from '../profile-api/profile.ts';
import type { Operation } from '../store/operations/operations.ts';
import { iso } from './iso.ts';

/** One operation, with what it changes from what to what. */
export function operationJson(operation: Operation) {
  return {
    id: operation.id,
    run: operation.run_id,
    source: operation.source_id,
    kind: operation.kind,
    state: operation.state,
    hold: operation.hold,
    anchor: operation.anchor,
    profileId: operation.profile_id,
    takenFrom: operation.releases,
    thenInvites: operation.invite_seq !== null,
    inFile: operation.bulk_at !== null,
    follows: operation.follows,
    email: operation.email,
    label: operation.label,
    reason: operation.reason,
    before: inOrder(operation.before),
    after: inOrder(operation.after),
    attempts: operation.attempts,
    message: operation.message,
    notBefore: operation.not_before.toISOString(),
    createdAt: operation.created_at.toISOString(),
    endedAt: iso(operation.ended_at),
  };
}

/** The store does not keep the order of keys; a reader that compares two documents wants one. */
const inOrder = (attributes: ProfileAttributes): ProfileAttributes =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
