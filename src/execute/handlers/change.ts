/** Edit, deactivate, reactivate and adopt: read the profile, check that it is as planned, send it back changed. */

import {
  type Profile,
  ProfileApiError,
  type ProfileAttributes,
  type ProfileId,
} from '../../profile-api/index.ts';
import { isSameValue } from '../../reconcile/index.ts';
import type { Operation } from '../../store/operations/operations.ts';
import { notKept, type Outcome, sentenceOfUnkept } from '../outcome.ts';
import type { Handler, Task } from '../task.ts';

/** Changes an existing profile as the operation says. */
export const change: Handler = async (task) => {
  const { operation, api, ownProfile, signal, send } = task;
  const id = operation.profile_id;
  if (id === null) return namesNoProfile;
  if (id === (await ownProfile())) return isOwnAccount;

  const current = await readOrGone(task, id);
  if (current === undefined) return gone(operation);
  const overtaken = deviation(operation, current, task.mayHaveHappened);
  if (overtaken !== undefined) return { kind: 'superseded', message: overtaken };
  if (isAlreadySo(operation, current)) return settled(task, current, 'It was so already.');

  if (operation.after.is_active === false) {
    const spared = await task.lastAdministrator(current);
    if (spared !== undefined) return { kind: 'superseded', message: spared };
  }

  const body = replacement(operation, task.link?.applied ?? {}, current);
  const answered = await send((org) => org.edit(id, body, signal));
  // The answer may leave the profile out, or tell what was sent instead of what was kept.
  const shown = answered ?? (await api.get(id, signal));
  if (operation.after.is_active !== undefined && shown.isActive !== operation.after.is_active) {
    const state = shown.isActive ? 'active' : 'inactive';
    return {
      kind: 'failed',
      message: `The server answered that it is done, but the profile is still ${state}. Look at it in the org.`,
    };
  }
  return settled(task, shown, undefined);
};

const namesNoProfile: Outcome = {
  kind: 'failed',
  message: 'The operation names no profile. This is a fault in Rollcall; please report it.',
};

const isOwnAccount: Outcome = {
  kind: 'superseded',
  message: "The profile is the account of Rollcall's own API key, which is never changed.",
};

async function readOrGone({ api, signal }: Task, id: ProfileId): Promise<Profile | undefined> {
  try {
    return await api.get(id, signal);
  } catch (error) {
    if (error instanceof ProfileApiError && error.answer.kind === 'not-found') return undefined;
    throw error;
  }
}

function gone(operation: Operation): Outcome {
  if (operation.kind === 'deactivate') {
    return { kind: 'done', message: 'The profile was deleted in the org already.', effect: { kind: 'none' } };
  }
  return { kind: 'superseded', message: 'The profile was deleted in the org after the plan was made.' };
}

/** In which way the profile is neither as it was when planned nor as it shall be. */
function deviation(operation: Operation, current: Profile, mayHaveHappened: boolean): string | undefined {
  if (operation.kind === 'edit' && !current.isActive)
    return 'The profile was deactivated after the plan was made.';
  // Our own lost request explains any mixture of before and after.
  if (mayHaveHappened) return undefined;
  for (const [attribute, planned] of Object.entries(operation.before)) {
    if (attribute === 'is_active') continue;
    const now = current.attributes[attribute];
    const wanted = operation.after[attribute];
    if (now === undefined || isSameValue(attribute, now, planned)) continue;
    if (wanted !== undefined && isSameValue(attribute, now, wanted)) continue;
    return `${attribute} was changed in the org after the plan was made (from ${JSON.stringify(planned)} to ${JSON.stringify(now)}).`;
  }
  return undefined;
}

/** Whether the profile shows all that is to be changed, and nothing is to be sent that it can't show. */
const isAlreadySo = (operation: Operation, current: Profile): boolean =>
  Object.entries(operation.after).every(([attribute, wanted]) => {
    const now = attribute === 'is_active' ? current.isActive : current.attributes[attribute];
    return now !== undefined && isSameValue(attribute, now, wanted);
  });

/**
 * The whole body of the PUT, which replaces: what the API never returns comes from what was last applied and what is
 * desired, what it returns stays as it is there, and only the operation's own attributes change.
 */
const replacement = (
  operation: Operation,
  applied: ProfileAttributes,
  current: Profile,
): ProfileAttributes => ({
  ...applied,
  ...(operation.kind === 'deactivate' ? {} : operation.desired),
  ...current.attributes,
  ...operation.after,
});

function settled(
  { operation, link, mayHaveHappened }: Task,
  shown: Profile,
  note: string | undefined,
): Outcome {
  const { is_active: wantsActive, ...after } = operation.after;
  const lost = notKept(after, shown, isSameValue);
  const message = sentenceOfUnkept(lost) ?? note;
  const applied =
    operation.kind === 'deactivate' ? (link?.applied ?? {}) : { ...link?.applied, ...operation.desired };
  const unkept = { ...link?.unkept, ...lost };

  if (operation.kind === 'adopt') {
    const { profileId, userId } = shown;
    // What was sent to another profile of theirs tells nothing of this one.
    const fresh = { applied: operation.desired, unkept: lost };
    return {
      kind: 'done',
      message,
      effect: { kind: 'linked', profileId, userId, origin: 'adopted', ...fresh },
    };
  }
  // Somebody else's block stays somebody else's: only what this operation did, or may have done, is ours.
  const byUs = note === undefined || mayHaveHappened;
  const blocked = wantsActive === true ? 'lifted' : wantsActive === false && byUs ? 'ours' : undefined;
  return { kind: 'done', message, effect: { kind: 'changed', profile: shown, applied, unkept, blocked } };
}
