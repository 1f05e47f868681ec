/**
 * Who is in which group, and which groups are in others. Pure. Time and memory are linear in the number of
 * memberships: nothing is worked out beforehand for pairs that nobody asks for.
 */

/** A group's number in its roster. */
export type GroupNumber = number;

export interface Roster {
  /** The number of a group, by its key: the same one however its name is spelled. */
  group(key: string, name: string): GroupNumber;
  /** The group's number, if it has one. */
  find(key: string): GroupNumber | undefined;
  /** Notes that a group was read, so that what it is in is known, and so is the spelling of its name. */
  markRead(group: GroupNumber, name: string): void;
  /** Keys and names of groups that were only heard of. */
  unread(): readonly { readonly key: string; readonly name: string }[];
  /** Puts a member, a person or a group, into a group. */
  enter(member: string, group: GroupNumber): void;
  /** All members, people and groups. */
  members(): readonly string[];
  /** The groups that a member was put into. */
  groupsOf(member: string): readonly GroupNumber[];
  /** Those given and all groups around them, each once, whatever cycles there are. */
  around(groups: Iterable<GroupNumber>): readonly GroupNumber[];
  nameOf(group: GroupNumber): string;
  keyOf(group: GroupNumber): string;
  readonly size: number;
}

export function createRoster(): Roster {
  const numbers = new Map<string, GroupNumber>();
  const keys: string[] = [];
  const names: string[] = [];
  const heardOf = new Set<GroupNumber>();
  const memberships = new Map<string, GroupNumber[]>();
  /** The groups around each group, once they were looked for: its key need not be hashed again for every person. */
  const outers: (readonly GroupNumber[] | undefined)[] = [];
  const outersOf = (group: GroupNumber): readonly GroupNumber[] => {
    const known = outers[group] ?? memberships.get(keys[group] ?? '');
    outers[group] = known;
    return known ?? [];
  };
  /** In which round each group was last met: spares a set for every person. */
  const met: number[] = [];
  let round = 0;

  return {
    get size() {
      return keys.length;
    },

    group(key, name) {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      const number = keys.length;
      numbers.set(key, number);
      keys.push(key);
      names.push(name);
      met.push(0);
      outers.push(undefined);
      heardOf.add(number);
      return number;
    },

    find: (key) => numbers.get(key),
    markRead(group, name) {
      heardOf.delete(group);
      names[group] = name;
    },
    unread: () => [...heardOf].map((group) => ({ key: keys[group] ?? '', name: names[group] ?? '' })),

    enter(member, group) {
      const known = memberships.get(member);
      if (known === undefined) memberships.set(member, [group]);
      else known.push(group);
    },

    members: () => [...memberships.keys()],
    groupsOf: (member) => memberships.get(member) ?? [],

    around(groups) {
      round += 1;
      const found: GroupNumber[] = [];
      const meet = (group: GroupNumber): void => {
        if (met[group] === round) return;
        met[group] = round;
        found.push(group);
      };
      for (const group of groups) meet(group);
      // The list grows while it is walked through.
      for (const group of found) for (const outer of outersOf(group)) meet(outer);
      return found;
    },

    nameOf: (group) => names[group] ?? '',
    keyOf: (group) => keys[group] ?? '',
  };
}
