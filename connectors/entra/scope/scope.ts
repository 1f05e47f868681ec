/** Who of a tenant is looked at: everybody, or whoever is in certain groups, assigned to an application, in a unit. */
import type { EntraSourceConfig } from '../../../config/schema.ts';
import { EntraError } from '../entra-error.ts';
import type { Graph, Patience } from '../graph/graph.ts';
import { type Assignments, readAssignments } from './assignments.ts';
import { checkMembers } from './check-members.ts';
import { type Membership, membershipOf, type Parts } from './membership.ts';
import { ScopeLost } from './scope-lost.ts';
import { type Members, readChanges, readMembers, type Stream, usersWithin } from './streams.ts';

/** Where the changes of a scope can be read on from. */
export interface ScopeMark {
  readonly streams: readonly Stream[];
  /** The groups that the streams tell of, those inside of others too. */
  readonly tracked: readonly string[];
  readonly assigned: Assignments | undefined;
}

export interface ScopeChanges {
  readonly mark: ScopeMark;
  /** Whose place in the scope may be another one now. */
  readonly touched: ReadonlySet<string>;
}

export interface Scope {
  /** Everybody who is in it, and where their changes can be read on from. */
  read(signal: AbortSignal): Promise<{ readonly membership: Membership; readonly mark: ScopeMark }>;
  /** @throws {ScopeLost} when only a whole reading helps */
  changes(since: ScopeMark, signal: AbortSignal): Promise<ScopeChanges>;
  /** Who of these is in it, by asking for each. */
  check(ids: readonly string[], signal: AbortSignal): Promise<Membership>;
}

/** Undefined where everybody is looked at. */
export function scopeOf(config: EntraSourceConfig, graph: Graph, patience: Patience): Scope | undefined {
  const { groups, assignedTo, administrativeUnits } = config.scope;
  if (groups.length === 0 && assignedTo === undefined && administrativeUnits.length === 0) return undefined;

  const assignments = async (signal: AbortSignal) =>
    assignedTo === undefined ? undefined : await readAssignments(graph, assignedTo, signal);
  const read: Scope['read'] = async (signal) => {
    const assigned = await assignments(signal);
    const parts = partsOf(config, assigned);
    const deep = await readGroups(graph, parts, signal);
    const units = await readMembers(graph, 'administrativeUnits', parts.units, signal);
    refuseMissing(config, parts, deep.members, units.members);
    return {
      membership: membershipOf(parts, deep.members, units.members, groups),
      mark: {
        streams: [...deep.streams, ...units.streams],
        tracked: [...deep.members.keys()],
        assigned,
      },
    };
  };

  return {
    read,
    async changes(since, signal) {
      const assigned = await assignments(signal);
      const touched = new Set([
        ...missingFrom(since.assigned?.users, assigned?.users),
        ...missingFrom(assigned?.users, since.assigned?.users),
      ]);
      const begun = missingFrom(assigned?.groups, since.assigned?.groups);
      const ended = missingFrom(since.assigned?.groups, assigned?.groups);
      const follower = new Follower(graph, since.tracked, touched, signal);
      const streams: Stream[] = [];
      for (const stream of since.streams) streams.push(await follower.follow(stream));
      for (const id of ended) await follower.touchMembers(id);
      await follower.begin(begun);
      return {
        touched,
        mark: { streams: [...streams, ...follower.begun], tracked: [...follower.tracked], assigned },
      };
    },
    async check(ids, signal) {
      // One by one costs a request for twenty; all at once, one for a page of members.
      if (ids.length > atMostChecked) return (await read(signal)).membership;
      const parts = partsOf(config, await assignments(signal));
      return await checkMembers(graph, patience, parts, groups, ids, signal);
    },
  };
}

const atMostChecked = 1_000;

function partsOf({ scope }: EntraSourceConfig, assigned: Assignments | undefined): Parts {
  const byAssignment = assigned?.groups ?? [];
  return {
    nestedGroups: scope.nestedAssignments ? [...new Set([...scope.groups, ...byAssignment])] : scope.groups,
    flatGroups: scope.nestedAssignments ? [] : byAssignment,
    units: scope.administrativeUnits,
    users: assigned?.users ?? [],
  };
}

/** Groups level by level, each once: a circle of groups ends where it began. */
async function readGroups(graph: Graph, { nestedGroups, flatGroups }: Parts, signal: AbortSignal) {
  const streams: Stream[] = [];
  const members = new Map<string, Members>();
  const deep = new Set(nestedGroups);
  let level = [...new Set([...nestedGroups, ...flatGroups])];
  const asked = new Set(level);
  while (level.length > 0) {
    const found = await readMembers(graph, 'groups', level, signal);
    streams.push(...found.streams);
    const next = new Set<string>();
    for (const [id, one] of found.members) {
      members.set(id, one);
      if (!deep.has(id)) continue;
      for (const inner of one.groups) {
        deep.add(inner);
        if (!asked.has(inner)) next.add(inner);
      }
    }
    level = [...next];
    for (const id of level) asked.add(id);
  }
  return { streams, members };
}

/** A group that is gone has nobody in it; that must not read as if everybody in it had left. */
function refuseMissing(
  config: EntraSourceConfig,
  { nestedGroups, flatGroups, units }: Parts,
  groups: ReadonlyMap<string, Members>,
  foundUnits: ReadonlyMap<string, Members>,
): void {
  const missing = [
    ...[...nestedGroups, ...flatGroups].filter((id) => !groups.has(id)).map((id) => `group ${id}`),
    ...units.filter((id) => !foundUnits.has(id)).map((id) => `administrative unit ${id}`),
  ];
  if (missing.length === 0) return;
  throw new EntraError(
    'base',
    `The scope of the source ${config.id} names what is not in the tenant: ${missing.join(', ')}`,
    'It may have been deleted, or the id be wrong. Nobody is removed for it: mend scope, or restore it.',
  );
}

/** Follows the streams of a scope, and brings groups that join others under watch. */
class Follower {
  readonly tracked: Set<string>;
  readonly begun: Stream[] = [];
  readonly #graph: Graph;
  readonly #touched: Set<string>;
  readonly #signal: AbortSignal;

  constructor(graph: Graph, tracked: readonly string[], touched: Set<string>, signal: AbortSignal) {
    this.#graph = graph;
    this.tracked = new Set(tracked);
    this.#touched = touched;
    this.#signal = signal;
  }

  async follow(stream: Stream): Promise<Stream> {
    const changes = await readChanges(this.#graph, stream, this.#signal);
    if (changes.deleted.length > 0)
      throw new ScopeLost(`A group or unit of the scope was deleted (${changes.deleted.join(', ')}).`);
    for (const id of changes.users) this.#touched.add(id);
    for (const id of changes.removedGroups) await this.touchMembers(id);
    await this.begin([...changes.addedGroups]);
    return changes.stream;
  }

  /** Reads groups that are new here, and those inside of them, with their members. */
  async begin(ids: readonly string[]): Promise<void> {
    const unknown = ids.filter((id) => !this.tracked.has(id));
    for (const id of ids) if (this.tracked.has(id)) await this.touchMembers(id);
    if (unknown.length === 0) return;
    const { streams, members } = await readMembers(this.#graph, 'groups', unknown, this.#signal);
    this.begun.push(...streams);
    for (const id of unknown) this.tracked.add(id);
    for (const { users, groups } of members.values()) {
      for (const id of users) this.#touched.add(id);
      await this.begin([...groups].filter((id) => !this.tracked.has(id)));
    }
  }

  /** Everybody in a group, at any depth. */
  async touchMembers(group: string): Promise<void> {
    for (const id of await usersWithin(this.#graph, group, this.#signal)) this.#touched.add(id);
  }
}

/** What is in the first list and not in the second. */
function missingFrom(one: readonly string[] = [], other: readonly string[] = []): readonly string[] {
  const known = new Set(other);
  return one.filter((id) => !known.has(id));
}
