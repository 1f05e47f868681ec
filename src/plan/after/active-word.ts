/** An independent word on who is active: not the answer to our own write, but what the org counts. */
import type { Logger } from 'pino';
import {
  type ActiveUsers,
  type ProfileApi,
  ProfileApiError,
  type ProfileId,
} from '../../profile-api/index.ts';

export interface ActiveWord {
  /** Who of those asked about is active. */
  readonly active: ReadonlySet<ProfileId>;
  /** Whose word it is. */
  readonly by: 'activeuser_list/' | 'active_users/' | 'each profile';
}

/**
 * Asks `activeuser_list/`; else `active_users/`; else for each profile. A list is only believed if it is whole and
 * counts the key's own account, which is active since it has just answered: an empty list proves nothing.
 *
 * @throws {ProfileApiError} where none of them can be asked
 */
export async function whoIsActive(
  api: ProfileApi,
  ids: readonly ProfileId[],
  log: Logger,
  signal: AbortSignal,
): Promise<ActiveWord> {
  const own = (await api.whoAmI(signal)).profileId;
  const lists = [
    { by: 'activeuser_list/', ask: () => api.activeUserList(signal) },
    { by: 'active_users/', ask: () => api.activeUsers({}, signal) },
  ] as const;
  for (const { by, ask } of lists) {
    const doubt = await read(ask, own);
    if ('active' in doubt) return { by, active: new Set(ids.filter((id) => doubt.active.has(id))) };
    log.debug({ event: 'verification.list-doubted', list: by }, doubt.reason);
  }
  return await activeOfEach(api, ids, signal);
}

/** @throws {ProfileApiError} where one can't be asked for */
export async function activeOfEach(
  api: ProfileApi,
  ids: readonly ProfileId[],
  signal: AbortSignal,
): Promise<ActiveWord> {
  const active = new Set<ProfileId>();
  for (const id of ids) if (await isActive(api, id, signal)) active.add(id);
  return { by: 'each profile', active };
}

type ListRead = { readonly active: ReadonlySet<ProfileId> } | { readonly reason: string };

async function read(ask: () => Promise<ActiveUsers>, own: ProfileId): Promise<ListRead> {
  try {
    const { profiles, unreadable, total } = await ask();
    if (unreadable.length > 0) return { reason: `${unreadable.length} of its users can't be read.` };
    if (total !== undefined && total > profiles.length)
      return { reason: `It shows ${profiles.length} of ${total} users.` };
    const active = new Set(profiles.filter((one) => one.isActive).map((one) => one.profileId));
    return active.has(own) ? { active } : { reason: "It lacks the key's own account, which is active." };
  } catch (error) {
    if (error instanceof ProfileApiError) return { reason: error.message };
    throw error;
  }
}

async function isActive(api: ProfileApi, id: ProfileId, signal: AbortSignal): Promise<boolean> {
  try {
    return (await api.get(id, signal)).isActive;
  } catch (error) {
    if (error instanceof ProfileApiError && error.answer.kind === 'not-found') return false;
    throw error;
  }
}
