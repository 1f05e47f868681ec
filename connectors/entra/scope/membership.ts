/** Who is in a scope, and by which of the configured groups. */
import type { Members } from './streams.ts';

/** By user id, the configured groups that they are in. Whoever is not a key is out of scope. */
export type Membership = ReadonlyMap<string, readonly string[]>;

/** What a scope consists of at a moment: assignments can bring groups into it and out of it. */
export interface Parts {
  /** Groups that count with the groups inside of them. */
  readonly nestedGroups: readonly string[];
  /** Groups of which the direct members alone count. */
  readonly flatGroups: readonly string[];
  readonly units: readonly string[];
  readonly users: readonly string[];
}

/** Computes it from what groups and units have in them directly. */
export function membershipOf(
  { nestedGroups, flatGroups, units, users }: Parts,
  groups: ReadonlyMap<string, Members>,
  unitMembers: ReadonlyMap<string, Members>,
  named: readonly string[],
): Membership {
  const found = new Map<string, readonly string[]>();
  const enter = enterer(found);
  for (const id of users) enter(id, undefined);
  for (const unit of units) for (const id of unitMembers.get(unit)?.users ?? []) enter(id, undefined);
  for (const group of flatGroups)
    for (const id of groups.get(group)?.users ?? []) enter(id, named.includes(group) ? group : undefined);
  for (const group of nestedGroups)
    for (const id of usersWithin(group, groups)) enter(id, named.includes(group) ? group : undefined);
  return found;
}

/** Most people are in the same few groups: they share their lists, so that memory grows with people alone. */
function enterer(found: Map<string, readonly string[]>) {
  const lists = new Map<string, readonly string[]>();
  const shared = (list: readonly string[]): readonly string[] => {
    const key = list.join();
    const known = lists.get(key) ?? list;
    lists.set(key, known);
    return known;
  };
  return (id: string, group: string | undefined): void => {
    const before = found.get(id) ?? [];
    if (group === undefined || before.includes(group)) found.set(id, shared(before));
    else found.set(id, shared([...before, group]));
  };
}

function usersWithin(group: string, groups: ReadonlyMap<string, Members>): ReadonlySet<string> {
  const users = new Set<string>();
  const seen = new Set([group]);
  const waiting = [group];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const members = groups.get(next);
    if (members === undefined) continue;
    for (const id of members.users) users.add(id);
    for (const id of members.groups) {
      if (seen.has(id)) continue;
      seen.add(id);
      waiting.push(id);
    }
  }
  return users;
}
