import { isToAccount } from '../follow-up.ts';
import type { Handler } from '../task.ts';
import { inviteHolder, nobodyKnows } from './invite-holder.ts';

/**
 * Sends an invitation, once. Whether a mail went out can't be looked up: where the answer was lost and no profile has
 * appeared, a person must decide, since a second invitation is worse than a late one.
 */
export const invite: Handler = async (task) => {
  const { operation, lookup, mayHaveHappened, inviteRole, link, signal, send } = task;
  const email = operation.email ?? '';
  if (link?.invitedAt !== undefined && link.invitedAt > operation.created_at)
    return { kind: 'superseded', message: 'They were invited after this was planned.' };
  if (isToAccount(operation)) return await inviteHolder(task);
  // An invitation carries no attributes: they are all still to be applied when it is accepted.
  const linked = { kind: 'linked', origin: 'invited', applied: {}, unkept: {} } as const;
  if (mayHaveHappened) {
    const answer = await lookup.byEmail(email);
    if (answer.kind !== 'found') return { kind: 'failed', message: nobodyKnows(task) };
    const { profileId, userId } = answer.profile;
    return {
      kind: 'done',
      message: 'They have a profile already.',
      effect: { ...linked, profileId, userId },
    };
  }

  const role = operation.desired.role ?? inviteRole;
  const { message } = await send((org) => org.invite(email, role === undefined ? {} : { role }, signal));
  return { kind: 'done', message, effect: { ...linked, profileId: undefined, userId: undefined } };
};
