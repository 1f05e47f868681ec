/** Reads the other side of every comparison: the org's users, and the linked ones that its listing lacks. */
import { type Profile, type ProfileApi, ProfileApiError, type ProfileId } from '../../profile-api/index.ts';
import type { LinkedProfile } from '../../reconcile/index.ts';
import { batches } from '../../store/batches.ts';
import type { Link } from '../../store/people/link.ts';
import type { NamedFinding } from '../../store/runs/runs.ts';
import { PlanError } from '../plan-error.ts';

export interface OrgReading {
  readonly profiles: readonly Profile[];
  readonly unreadable: readonly NamedFinding[];
  /** Why nobody may be taken as missing on the word of this listing. */
  readonly doubt: string | undefined;
}

export async function readOrg(
  api: ProfileApi,
  signal: AbortSignal,
  onProgress: (profiles: number) => void,
): Promise<OrgReading> {
  const profiles: Profile[] = [];
  const told = await listOrg(api, signal, (some) => {
    profiles.push(...some);
    onProgress(profiles.length);
  });
  return { profiles, ...told };
}

/** Hands over every user of the org, each once, and tells what the listing is worth. */
export async function listOrg(
  api: ProfileApi,
  signal: AbortSignal,
  take: (profiles: readonly Profile[]) => void | Promise<void>,
): Promise<Omit<OrgReading, 'profiles'>> {
  const unreadable: NamedFinding[] = [];
  let doubt: string | undefined = 'The listing of the org broke off.';
  for await (const event of api.listProfiles({ signal })) {
    if (event.kind === 'end') {
      doubt = event.settled ? undefined : event.doubt;
      continue;
    }
    for (const row of event.unreadable) {
      const reason = `The org lists a user that cannot be read: ${row.reason}.`;
      unreadable.push({ kind: 'skipped', anchor: undefined, label: row.name, email: undefined, reason });
    }
    await take(event.profiles);
  }
  return { unreadable, doubt };
}

/** Beyond this, a listing that lacks linked profiles is taken for broken rather than for the truth. */
const tolerated = { count: 20, share: 0.1 };

/**
 * Asks for linked profiles that the listing did not show, one by one: nobody is taken as deleted on its word alone.
 *
 * @param links - those of the profiles, and others
 * @param linked - how many people the source has links of
 * @param accepted - how many may be missing by a person's word, where that is more than is tolerated anyway
 * @throws {PlanError} where so many are missing that the listing itself must be wrong
 */
export async function readUnlisted(
  api: ProfileApi,
  ids: readonly ProfileId[],
  links: readonly Link[],
  linked: number,
  accepted: number | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<ProfileId, LinkedProfile>> {
  const lacking = ids.filter(isUnexplained(links)).length;
  if (lacking > Math.max(tolerated.count, linked * tolerated.share, accepted ?? 0))
    throw new PlanError(tooManyMissing(lacking, links, linked, accepted));
  return await profilesById(api, ids, signal);
}

/** How many profiles are asked for at the same time. */
const askedAtOnce = 8;

/** Asks for profiles by their ids. One that could not be asked for has no answer; its person is left alone. */
export async function profilesById(
  api: ProfileApi,
  ids: readonly ProfileId[],
  signal: AbortSignal,
): Promise<ReadonlyMap<ProfileId, LinkedProfile>> {
  const answers = new Map<ProfileId, LinkedProfile>();
  const ask = async (id: ProfileId): Promise<void> => {
    try {
      answers.set(id, { kind: 'there', profile: await api.get(id, signal) });
    } catch (error) {
      if (!(error instanceof ProfileApiError)) throw error;
      if (error.answer.kind === 'refused') throw error;
      if (error.answer.kind === 'not-found') answers.set(id, { kind: 'deleted' });
    }
  };
  for (const some of batches(ids, askedAtOnce)) await Promise.all(some.map(ask));
  return answers;
}

/** That the org clears away accounts which Rollcall had deactivated is housekeeping, and what a person has accepted is settled. */
function isUnexplained(links: readonly Link[]): (id: ProfileId) => boolean {
  const settled = new Set(
    links.flatMap((link) => (link.deactivatedByUs || link.goneSince !== undefined ? [link.profileId] : [])),
  );
  return (id) => !settled.has(id);
}

function tooManyMissing(
  lacking: number,
  links: readonly Link[],
  linked: number,
  accepted: number | undefined,
): string {
  const source = links[0]?.source;
  const word = accepted === undefined ? '' : ` ${accepted} were accepted.`;
  return `The org's user list lacks ${lacking} of ${linked} linked profiles.${word} Either they were deleted in the org, or the API key sees less than before; nothing was planned. Check the key's rights with \`rollcall check\`. If they were deleted on purpose: \`rollcall resync --source ${source} --raise maxMissing=${lacking} --reason "..."\`, which holds for that one run.`;
}
