import { ProfileApiError, type ProfileAttributes, type ProfileId } from '../../profile-api/index.ts';
import type { Outcome } from '../outcome.ts';
import type { Handler, Task } from '../task.ts';

/**
 * Invites somebody to an account that is there, once: it was made for them, and is still theirs and active. Nothing in the org
 * shows whether the mail went out.
 */
export const inviteHolder: Handler = async (task) => {
  const { operation, mayHaveHappened, inviteRole, signal, send } = task;
  if (mayHaveHappened) return { kind: 'failed', message: nobodyKnows(task) };
  const account = await accountOf(task);
  if ('kind' in account) return account;

  const role = operation.desired.role ?? inviteRole;
  // The address is taken, by them: the profile's id says that this is meant.
  const body: ProfileAttributes = { profile_id: account.id, ...(role === undefined ? {} : { role }) };
  const { message } = await send((org) => org.invite(account.email, body, signal));
  return { kind: 'done', message, effect: { kind: 'invited' } };
};

export const nobodyKnows = ({ operation: { id, email } }: Pick<Task, 'operation'>): string =>
  `Whether the invitation was sent is not known: the answer was lost. Ask ${email}; \`rollcall retry ${id}\` sends one (again), \`rollcall discard\` is not needed if it arrived.`;

/** Where the mail goes; or why none does. */
async function accountOf(task: Task): Promise<{ readonly id: ProfileId; readonly email: string } | Outcome> {
  const { operation, link, api, signal } = task;
  if (link === undefined) return superseded('The account is not theirs any more.');
  const id = link.profileId ?? (await shownMeanwhile(task));
  if (id === undefined) return notShownYet;
  if (operation.profile_id !== null && operation.profile_id !== id)
    return superseded(`Another account is theirs by now (${id}).`);
  try {
    const { isActive, email } = await api.get(id, signal);
    if (!isActive) return superseded('Their account was deactivated after it was made.');
    return { id, email: email ?? operation.email ?? '' };
  } catch (error) {
    if (error instanceof ProfileApiError && error.answer.kind === 'not-found')
      return superseded('Their account was deleted in the org.');
    throw error;
  }
}

/** The account of a creation that answered without the profile's id. */
async function shownMeanwhile({ operation, link, lookup }: Task): Promise<ProfileId | undefined> {
  const answer = await lookup.byEmail(operation.email ?? '');
  if (answer.kind !== 'found') return undefined;
  const { profileId, userId } = answer.profile;
  const isAnother = link?.userId !== undefined && userId !== undefined && link.userId !== userId;
  return isAnother ? undefined : profileId;
}

const superseded = (why: string): Outcome => ({
  kind: 'superseded',
  message: `${why} No invitation is sent.`,
});

const notShownYet: Outcome = {
  kind: 'again',
  message: 'Their account was made, but the org does not show it yet, and the invitation has to name it.',
  afterMs: undefined,
  countsAsAttempt: true,
  mayHaveHappened: false,
};
