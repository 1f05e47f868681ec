/** The last active administrator is never deactivated: looked at once more right before the request goes out (promise 3). */
import type { Kysely } from 'kysely';
import type { Config } from '../../config/schema.ts';
import { type Profile, ProfileApiError, type ProfileId } from '../profile-api/index.ts';
import { administratorRule, isAdministrator } from '../reconcile/index.ts';
import { intendIfAnotherStays, linkedAdministrators, storeTime } from '../store/people/administrators.ts';
import type { Database } from '../store/schema.ts';
import type { Task } from './task.ts';

export interface LastAdministratorMeans {
  readonly db: Kysely<Database>;
  readonly guards: Config['guards'];
  /** The worker, as it stands in its leases. */
  readonly owner: string;
}

/** More than these are not asked for: one who stays is enough. */
const askedAtMost = 50;

/**
 * Says why a profile that administers the org has to stay active; undefined where it may go, and then the intent to
 * deactivate it is noted, so that of two such deactivations at the same time one is refused.
 *
 * @throws {ProfileApiError} where the others can't be asked for: then nobody goes
 */
export async function lastAdministrator(
  { db, guards, owner }: LastAdministratorMeans,
  profile: Profile,
  task: Pick<Task, 'operation' | 'link' | 'api' | 'lookup' | 'ownProfile' | 'signal'>,
): Promise<string | undefined> {
  const { operation, link } = task;
  const rule = administratorRule(guards);
  const { profileId } = profile;
  const emails = [profile.email, link?.email, operation.email];
  if (!isAdministrator(rule, { profileId, emails, applied: link?.applied ?? {} })) return undefined;

  const seenSince = await storeTime(db);
  const own = await task.ownProfile();
  const linked = (await linkedAdministrators(db, rule)).filter((id) => id !== own);
  const named = guards.administrators.filter((name) => !name.includes('@'));
  const ids = [...new Set<string>([...linked, ...named])].filter((id) => id !== profileId);
  const byId = await Promise.all(ids.slice(0, askedAtMost).map((id) => readOrGone(task, id as ProfileId)));
  const intend = (found: readonly (Profile | undefined)[]): Promise<boolean> => {
    const others = found.flatMap((one) => (one?.isActive === true ? [one.profileId] : []));
    return intendIfAnotherStays(db, { id: operation.id, owner }, others, seenSince);
  };
  if (await intend(byId)) return undefined;

  // Whoever is named by an address alone may be linked to nobody.
  const addresses = guards.administrators.filter((name) => name.includes('@'));
  if (addresses.length > 0) {
    const { found } = await task.lookup.byEmails(addresses);
    const byAddress = [...found.values()].filter((one) => one.profileId !== profileId);
    if (await intend([...byId, ...byAddress])) return undefined;
  }
  return 'They are the last active administrator of the org by guards.administrators and guards.administratorRoles, or all others are being deactivated as well. Let somebody else administer it and name them there.';
}

async function readOrGone(
  { api, signal }: Pick<Task, 'api' | 'signal'>,
  id: ProfileId,
): Promise<Profile | undefined> {
  try {
    return await api.get(id, signal);
  } catch (error) {
    if (error instanceof ProfileApiError && error.answer.kind === 'not-found') return undefined;
    throw error;
  }
}
