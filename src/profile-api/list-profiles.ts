/** The whole org's user list, read until it can be relied on, or said not to be reliable. */
import { ProfileApiError } from './answer.ts';
import { judgePass, type PassRecord, readPass, type Trust } from './list-pass.ts';
import type { UnreadableRow } from './parse-profile.ts';
import type { Profile, ProfileId } from './profile.ts';
import type { ReadPage } from './read-page.ts';

/** A page with at least one profile or unreadable row that has not come before, in any pass. */
export interface ProfilesEvent {
  readonly kind: 'profiles';
  readonly profiles: readonly Profile[];
  readonly unreadable: readonly UnreadableRow[];
  readonly page: number;
  readonly pass: number;
}

/** The last event. Where `settled` is false, nobody may be taken as missing on the word of this listing. */
export type EndEvent = Trust & {
  readonly kind: 'end';
  readonly passes: number;
  /** Profiles given, each once. */
  readonly seen: number;
  /** Given in an earlier pass and not seen in the one that settled: deleted meanwhile, most likely. */
  readonly vanished: readonly ProfileId[];
};

/** A batch of users, or the end and whether it can be relied on. */
export type ListEvent = ProfilesEvent | EndEvent;

/** How the list is read. */
export interface ListOptions {
  /** Users per page; `profileApi.pageSize` by default. */
  readonly pageSize?: number;
  /** How often the list is read at most, where it does not settle; 3 by default. */
  readonly maxPasses?: number;
  readonly signal?: AbortSignal;
}

interface Lister {
  readonly readPage: ReadPage;
  readonly readOwnProfile: (signal: AbortSignal | undefined) => Promise<Profile>;
  readonly pageSize: number;
  readonly listPath: string | undefined;
}

/**
 * Streams every user of the org, each once, and then says how far that can be relied on.
 *
 * The list has no snapshot: who is created or deleted meanwhile shifts the later pages. So it is sorted by creation
 * time where the server does that, the total is compared before and after, and the whole is read again where it
 * moved or where too few came.
 * @throws {ProfileApiError} when a page cannot be read, or holds no list. Never an empty org instead
 */
export async function* streamProfiles(lister: Lister, options: ListOptions = {}): AsyncGenerator<ListEvent> {
  const maxPasses = options.maxPasses ?? 3;
  const readPage = sortedWherePossible(lister.readPage);
  /** Of earlier passes: within one, nobody comes twice. */
  const earlier: PassRecord['ids'][] = [];
  const isKnown = (id: ProfileId): boolean => earlier.some((ids) => ids.has(id));
  let seen = 0;
  const named = new Set<string>();
  for (let pass = 1; ; pass += 1) {
    const reading = readPass(readPage, {
      size: options.pageSize ?? lister.pageSize,
      order: 'oldest-first',
      listPath: lister.listPath,
      signal: options.signal,
    });
    let step = await reading.next();
    while (!step.done) {
      const { page } = step.value;
      const profiles =
        pass === 1 ? step.value.profiles : step.value.profiles.filter(({ profileId }) => !isKnown(profileId));
      const unreadable = pass === 1 ? step.value.unreadable : unnamed(step.value.unreadable, named);
      for (const row of unreadable) named.add(rowKey(row));
      seen += profiles.length;
      if (profiles.length > 0 || unreadable.length > 0) {
        yield { kind: 'profiles', profiles, unreadable, page, pass };
      }
      step = await reading.next();
    }
    const record = step.value;
    const trust = await judge(lister, record, options.signal);
    if (trust.settled || pass >= maxPasses) {
      const given = new Set(trust.settled ? earlier.flatMap((ids) => [...ids]) : []);
      const vanished = [...given].filter((id) => !record.ids.has(id));
      yield { kind: 'end', ...trust, passes: pass, seen, vanished };
      return;
    }
    earlier.push(record.ids);
  }
}

/** The key's own account is in the org, so an org without anybody is a list that cannot be relied on. */
async function judge(lister: Lister, record: PassRecord, signal: AbortSignal | undefined): Promise<Trust> {
  const trust = judgePass(record);
  if (!trust.settled || record.ids.size > 0) return trust;
  try {
    await lister.readOwnProfile(signal);
    return { settled: false, doubt: "The list is empty, although the API key's own account exists." };
  } catch (error) {
    const kind = error instanceof ProfileApiError ? error.answer.kind : undefined;
    if (kind === 'not-found') return trust;
    if (kind !== 'not-understood') throw error;
    return { settled: false, doubt: "The list is empty, and the API key's own account cannot be read." };
  }
}

/** Sorted where the server takes the sort key; a server that refuses it is asked without, from then on. */
function sortedWherePossible(readPage: ReadPage): ReadPage {
  let isSortRefused = false;
  return async (asked) => {
    if (!isSortRefused) {
      try {
        return await readPage(asked);
      } catch (error) {
        const isRefusal = error instanceof ProfileApiError && error.answer.kind === 'bad-record';
        if (!isRefusal || asked.page > 1) throw error;
      }
    }
    const answer = await readPage({ ...asked, order: 'unsorted' });
    isSortRefused = true;
    return answer;
  };
}

function unnamed(rows: readonly UnreadableRow[], named: ReadonlySet<string>): readonly UnreadableRow[] {
  return rows.filter((row) => !named.has(rowKey(row)));
}

function rowKey(row: UnreadableRow): string {
  return `${row.name}\n${row.reason}`;
}
