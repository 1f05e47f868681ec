/** The invitation that follows a creation, where `lifecycle.onboard: create-and-invite` had it planned so. */
import type { Transaction } from 'kysely';
import type { ProfileId } from '../profile-api/index.ts';
import { keepOperations, type Operation } from '../store/operations/operations.ts';
import type { Database } from '../store/schema.ts';

/**
 * Queues it, in the transaction in which the creation is done: so it is never there before, and is there whatever dies
 * afterwards. Nobody else can release anything for this person meanwhile: until now the creation was under way, and from now on
 * this is.
 */
export async function queueInvitations(
  tx: Transaction<Database>,
  creations: readonly { readonly creation: Operation; readonly profileId: ProfileId | undefined }[],
): Promise<void> {
  const invitations = creations.flatMap(({ creation, profileId }) => {
    const { id, run_id: run, source_id: source, invite_seq: seq, anchor, label, desired } = creation;
    if (seq === null) return [];
    const reason = `Their account was made by ${id}, and they are invited to it.`;
    const email = creation.email ?? undefined;
    const values = { before: {}, after: {}, desired };
    const proposed = { kind: 'invite', anchor, label, email, profileId, reason, ...values } as const;
    return [{ run, seq, source, state: 'queued', hold: undefined, follows: id, proposed } as const];
  });
  await keepOperations(tx, invitations);
}

/** Whether an invitation is to an account that is there already: it takes no seat, and becomes no profile. */
export const isToAccount = ({ profile_id, follows }: Operation): boolean =>
  profile_id !== null || follows !== null;
