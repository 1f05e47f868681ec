import { type Profile, ProfileApiError, type ProfileId } from '../../profile-api/index.ts';
import { isSameValue } from '../../reconcile/index.ts';
import type { Operation } from '../../store/operations/operations.ts';
import type { Outcome } from '../outcome.ts';
import type { Handler, Task } from '../task.ts';

/**
 * Deletes a profile for good, if it still is what was approved: inactive by Rollcall's own doing, unchanged since, nobody's
 * protected account. One that is gone already is done.
 */
export const purge: Handler = async (task) => {
  const { operation, link, ownProfile, mayPurge, signal, send } = task;
  const id = operation.profile_id;
  if (id === null) return superseded('The operation names no profile.');
  if (link?.profileId !== id || !link.deactivatedByUs)
    return superseded("The profile is not inactive by Rollcall's doing any more, or not linked to them.");
  if (id === (await ownProfile()))
    return superseded("The profile is the account of Rollcall's own API key, which is never changed.");

  const last = await readOrGone(task, id);
  if (last === undefined) return purged(undefined, 'The profile was deleted already.');
  const reprieve = mayPurge(last, link) ?? deviation(operation, last);
  if (reprieve !== undefined) return superseded(reprieve);

  await send((org) => org.delete(id, signal)).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  if ((await readOrGone(task, id)) === undefined) return purged(last, undefined);
  const message =
    'The server answered that it is done, but the profile is still there. Look at it in the org.';
  return { kind: 'failed', message };
};

const superseded = (message: string): Outcome => ({ kind: 'superseded', message });

const purged = (last: Profile | undefined, message: string | undefined): Outcome => ({
  kind: 'done',
  message,
  effect: { kind: 'purged', last: last?.attributes },
});

async function readOrGone({ api, signal }: Task, id: ProfileId): Promise<Profile | undefined> {
  try {
    return await api.get(id, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const isNotFound = (error: unknown): boolean =>
  error instanceof ProfileApiError && error.answer.kind === 'not-found';

/** In which way the profile is not what was approved for deletion. */
function deviation({ before }: Operation, current: Profile): string | undefined {
  if (current.isActive) return 'The profile is active again.';
  const changed = Object.entries(before).find(([attribute, planned]) => {
    const now = current.attributes[attribute];
    return now !== undefined && !isSameValue(attribute, now, planned);
  });
  return changed === undefined
    ? undefined
    : `${changed[0]} was changed in the org after the plan was made, so somebody has use for the profile.`;
}
