/** The org's users in order, kept until a change spoils it: a page must not cost a sort of 100,000 users. */
import type { UserRecord } from './user.ts';

const compareBy = {
  user: (a, b) => a.current.profile.user - b.current.profile.user,
  creation_time: (a, b) => compareText(a.current.profile.creation_time, b.current.profile.creation_time),
  email: (a, b) =>
    compareText(a.current.profile.email?.toLowerCase() ?? '', b.current.profile.email?.toLowerCase() ?? ''),
  profile_id: (a, b) => compareText(a.id, b.id),
} satisfies Record<string, (a: UserRecord, b: UserRecord) => number>;

export type SortKey = keyof typeof compareBy;

/** Whether the list can be sorted by this key; any other is ignored, as by the server. */
export function isSortKey(key: string): key is SortKey {
  return Object.hasOwn(compareBy, key);
}

export class SortedUsers {
  readonly #orders = new Map<SortKey, UserRecord[]>();

  /** All users in ascending order of `key`; ties stand in the order in which they were added. */
  by(key: SortKey, users: Iterable<UserRecord>): readonly UserRecord[] {
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    const order = [...users].sort((a, b) => compareBy[key](a, b) || a.sequence - b.sequence);
    this.#orders.set(key, order);
    return order;
  }

  /** Appends where the new user belongs at the end, as the newest nearly always does. */
  added(user: UserRecord): void {
    for (const [key, order] of this.#orders) {
      const last = order.at(-1);
      if (last === undefined || compareBy[key](last, user) <= 0) order.push(user);
      else this.#orders.delete(key);
    }
  }

  removed(): void {
    this.#orders.clear();
  }

  emailChanged(): void {
    this.#orders.delete('email');
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
