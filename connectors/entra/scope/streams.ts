/**
 * Who is in which groups and administrative units, by their delta queries: a first reading in slices, however large they
 * are, then what has changed.
 */
import { z } from 'zod';
import { EntraError } from '../entra-error.ts';
import type { JsonObject } from '../graph/answer.ts';
import { chunksOf } from '../graph/batch.ts';
import type { Graph } from '../graph/graph.ts';
import { pagesOf } from '../graph/pages.ts';
import { ScopeLost } from './scope-lost.ts';

export type Collection = 'groups' | 'administrativeUnits';

/** A delta query that tells of some groups or units, at the place where it was read to. */
export interface Stream {
  readonly collection: Collection;
  readonly link: string;
}

/** What a group or unit has in it, directly. */
export interface Members {
  readonly users: Set<string>;
  readonly groups: Set<string>;
}

export interface FirstReading {
  readonly streams: readonly Stream[];
  /** By the id of the group or unit. */
  readonly members: ReadonlyMap<string, Members>;
}

/** What a stream tells of, besides its new place. */
export interface MembershipChanges {
  readonly stream: Stream;
  readonly users: ReadonlySet<string>;
  readonly addedGroups: ReadonlySet<string>;
  readonly removedGroups: ReadonlySet<string>;
  /** Groups or units that were deleted themselves. */
  readonly deleted: readonly string[];
}

/** Graph takes no more ids than this in the filter of a delta. */
const idsPerStream = 50;

const places: Readonly<Record<Collection, { readonly path: string; readonly permission: string }>> = {
  groups: { path: '/groups/delta', permission: 'GroupMember.Read.All' },
  administrativeUnits: {
    path: '/directory/administrativeUnits/delta',
    permission: 'AdministrativeUnit.Read.All',
  },
};

const memberSchema = z.looseObject({
  id: z.string(),
  '@odata.type': z.string().optional(),
  '@removed': z.unknown().optional(),
});

const itemSchema = z.looseObject({
  id: z.string(),
  '@removed': z.unknown().optional(),
  'members@delta': z.array(memberSchema).optional(),
});

type Item = z.output<typeof itemSchema>;

/** Reads groups or units with their members for the first time. Those that are not there are not in the result. */
export async function readMembers(
  graph: Graph,
  collection: Collection,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<FirstReading> {
  const streams: Stream[] = [];
  const members = new Map<string, Members>();
  for (const chunk of chunksOf(ids, idsPerStream)) {
    const filter = encodeURIComponent(chunk.map((id) => `id eq '${id}'`).join(' or '));
    const address = `${places[collection].path}?$select=id,members&$filter=${filter}`;
    const link = await follow(graph, collection, address, signal, (item) => {
      const id = item.id.toLowerCase();
      if (item['@removed'] !== undefined) {
        members.delete(id);
        return;
      }
      const known = members.get(id) ?? { users: new Set(), groups: new Set() };
      members.set(id, known);
      for (const member of item['members@delta'] ?? []) enter(known, member);
    });
    streams.push({ collection, link });
  }
  return { streams, members };
}

/** Reads what has changed since the place of a stream. */
export async function readChanges(
  graph: Graph,
  stream: Stream,
  signal: AbortSignal,
): Promise<MembershipChanges> {
  const users = new Set<string>();
  const addedGroups = new Set<string>();
  const removedGroups = new Set<string>();
  const deleted: string[] = [];
  const link = await follow(graph, stream.collection, stream.link, signal, (item) => {
    if (item['@removed'] !== undefined) deleted.push(item.id.toLowerCase());
    for (const member of item['members@delta'] ?? []) {
      const id = member.id.toLowerCase();
      if (!isGroup(member)) users.add(id);
      else if (member['@removed'] === undefined) addedGroups.add(id);
      else removedGroups.add(id);
    }
  });
  return { stream: { ...stream, link }, users, addedGroups, removedGroups, deleted };
}

/**
 * Everybody in a group, at any depth.
 *
 * @throws {ScopeLost} when the group is not there any more
 */
export async function usersWithin(
  graph: Graph,
  group: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const request = {
    what: `Reading the members of the group ${group}`,
    permission: places.groups.permission,
    address: `/groups/${group}/transitiveMembers/microsoft.graph.user?$select=id&$top=999`,
    form: 'list',
    signal,
  } as const;
  const found = new Set<string>();
  try {
    for await (const { items } of pagesOf(graph, request))
      for (const { id } of items) if (typeof id === 'string') found.add(id.toLowerCase());
    return found;
  } catch (error) {
    if (error instanceof EntraError && error.kind === 'base')
      throw new ScopeLost(`The group ${group} is gone with its list of members.`);
    throw error;
  }
}

/** Goes through the pages of a delta; gives the place at their end. */
async function follow(
  graph: Graph,
  collection: Collection,
  address: string,
  signal: AbortSignal,
  see: (item: Item) => void,
): Promise<string> {
  const what = collection === 'groups' ? 'Reading the members of groups' : 'Reading administrative units';
  const request = {
    what,
    permission: places[collection].permission,
    address,
    form: 'delta',
    signal,
  } as const;
  let end: string | undefined;
  for await (const { items, deltaLink } of pagesOf(graph, request)) {
    for (const item of items) see(parsed(item, what));
    end = deltaLink;
  }
  if (end === undefined) throw new Error('The pages of a delta ended without a delta link.');
  return end;
}

function parsed(item: JsonObject, what: string): Item {
  const result = itemSchema.safeParse(item);
  if (result.success) return result.data;
  throw new EntraError(
    'protocol',
    `${what} failed: Graph's answer has a group or a member without an id`,
    'The next run begins anew.',
  );
}

function enter({ users, groups }: Members, member: z.output<typeof memberSchema>): void {
  const id = member.id.toLowerCase();
  const place = isGroup(member) ? groups : users;
  if (member['@removed'] === undefined) place.add(id);
  else place.delete(id);
}

/** Devices and other kinds of members are taken for users: nobody has their ids, and so they do no harm. */
const isGroup = (member: z.output<typeof memberSchema>): boolean =>
  member['@odata.type'] === '#microsoft.graph.group';
