/** The groups of a source's people, for one reading. */

import { normalDn, ownName } from '../names/dn.ts';
import { DirectoryError } from '../server/directory-error.ts';
import { connectionError } from '../server/failures.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import { ConnectionError, type LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import { type Filter, parseFilter } from '../wire/filter.ts';
import { collectDoubts } from './doubts.ts';
import { findInChain } from './in-chain.ts';
import { memberAttributes, memberByDn, namesOfMember } from './members.ts';
import { primaryAttributes, primarySidOf } from './primary.ts';
import { readRest, type ValuesOf, valuesIn } from './ranges.ts';
import { createRoster, type GroupNumber } from './roster.ts';
import { createGroupReader } from './sweep.ts';
import { chooseWay, type GroupWay } from './way.ts';

export type GroupsOf = (entry: SearchEntry) => readonly string[];

export interface GroupBook {
  /** How groups are read here, for people: `by ...`. */
  readonly way: string;
  /** What must be asked for with each person. */
  readonly attributes: readonly string[];
  /** Gets hold of what is not known yet about these people's groups, and tells who is in which. */
  look(entries: readonly SearchEntry[]): Promise<GroupsOf>;
  /** Why somebody may be in more groups than was told; undefined where nothing is missing. To be asked at the end. */
  doubt(): string | undefined;
}

/** The book of a reading in which nobody asks for groups. */
export const noGroups: GroupBook = {
  way: 'by nothing',
  attributes: [],
  look: async () => () => [],
  doubt: () => undefined,
};

export interface GroupMeans {
  readonly config: LdapSettings;
  /** Who is a person. */
  readonly peopleFilter: Filter;
  /** Used until the book is open, and not after that. */
  readonly connection: LdapConnection;
  /** A second connection, for what turns up while people are being read on the first one. */
  readonly another: () => Promise<LdapConnection>;
  readonly signal: AbortSignal;
  /** Whether only single people are read: that they are in no group then says nothing of what the account may see. */
  readonly ofFew?: boolean;
}

/**
 * Reads what must be known of the groups before people are read.
 *
 * @throws {SourceError} when the connection breaks. Whatever else is missing becomes a doubt.
 */
export async function openGroups(means: GroupMeans): Promise<GroupBook> {
  const { config, connection } = means;
  try {
    const way = await chooseWay(connection, config);
    return way.by === 'in-chain' ? await chainBook(means, way) : await rosterBook(means, way);
  } catch (error) {
    throw connectionError(error, config.url, config.url);
  }
}

async function chainBook(means: GroupMeans, way: GroupWay): Promise<GroupBook> {
  const { config, peopleFilter } = means;
  const doubts = collectDoubts();
  const found: { name: string; people: ReadonlySet<string>; sids: ReadonlySet<string> }[] = [];
  for (const group of config.groups.only) {
    const chain = { ...means, peopleFilter, groupFilter: groupFilter(config), groupBase: way.base, doubts };
    found.push({ name: shown(config, group), ...(await findInChain(group, chain)) });
  }
  const lacking = peopleCounter();

  return {
    way: `by a search in chain for each of the ${config.groups.only.length} in groups.only`,
    attributes: primaryAttributes,
    async look() {
      return (entry) => {
        const dn = normalDn(entry.dn);
        const primary = primarySidOf(valuesIn(entry)) ?? '';
        const names = found.flatMap(({ name, people, sids }) =>
          people.has(dn) || sids.has(primary) ? [name] : [],
        );
        lacking.see(names);
        return names;
      };
    },
    doubt() {
      if (means.ofFew !== true) lacking.addTo(doubts, config);
      return doubts.inWords();
    },
  };
}

async function rosterBook(means: GroupMeans, chosen: GroupWay): Promise<GroupBook> {
  const { config, connection, signal } = means;
  const { nested, only } = config.groups;
  const memberOf = config.attributes.groups;
  const roster = createRoster();
  const doubts = collectDoubts();
  const reader = createGroupReader(config, groupFilter(config), roster, doubts, signal);

  let by = chosen.by;
  if (by !== 'member-of') await reader.sweep(connection, chosen);
  if (by === 'walk' && reader.groupsRead === 0)
    doubts.add(`No group was found under ${chosen.base}. Check groups.baseDn and groups.filter.`);
  if (by === 'walk-or-member-of' && reader.groupsRead === 0) by = 'member-of';
  const isByEntry = by === 'member-of';
  if (isByEntry && nested) await reader.sweep(connection, { ...chosen, by: 'member-of' });

  const wanted = new Map<GroupNumber, string>();
  for (const dn of only) {
    const key = normalDn(dn);
    const isKnown = roster.find(key) !== undefined || (await reader.readOne(connection, dn));
    if (isKnown) wanted.set(roster.group(key, dn), shown(config, dn));
    else doubts.add(`The group ${dn} of groups.only can't be read.`);
  }

  const side = sideConnection(means, (sentence) => doubts.add(sentence));
  const bySpelling = new Map<string, GroupNumber>();
  const lacking = peopleCounter();

  function numberOf(value: Buffer): GroupNumber {
    const spelled = value.toString('utf8');
    let number = bySpelling.get(spelled);
    if (number === undefined) {
      number = roster.group(memberByDn(value), spelled);
      bySpelling.set(spelled, number);
    }
    return number;
  }

  /** What somebody's own entry says, to its end. */
  async function toldBy(dn: string, told: ValuesOf): Promise<readonly GroupNumber[]> {
    const { values, next } = told(memberOf);
    const numbers = values.map(numberOf);
    if (next === undefined) return numbers;
    const rest = await side(async (other) => await readRest(other, dn, memberOf, next));
    if (rest?.kind === 'broken') doubts.add(rest.reason);
    return [...numbers, ...(rest?.values.map(numberOf) ?? [])];
  }

  async function primaryOf(dn: string, told: ValuesOf): Promise<readonly GroupNumber[]> {
    const sid = primarySidOf(told);
    if (sid === undefined) {
      doubts.add(
        `Some people, such as ${dn}, show no primary group. Let the account read ${primaryAttributes.join(' and ')}.`,
      );
      return [];
    }
    const known = reader.bySid(sid);
    if (known !== undefined) return [known];
    const isRead = await side(async (other) => await reader.readOne(other, `<SID=${sid}>`));
    const number = reader.bySid(sid);
    if (isRead === false || number === undefined) {
      doubts.add(`The primary group ${sid} can't be read.`);
      return [];
    }
    return [number];
  }

  const namesOf = (groups: readonly GroupNumber[]): readonly string[] => {
    const all = nested ? roster.around(groups) : [...new Set(groups)];
    if (only.length === 0) return all.map((group) => shown(config, roster.nameOf(group)));
    return all.flatMap((group) => wanted.get(group) ?? []);
  };

  const nesting = nested ? ', nested ones included' : '';
  return {
    way: `${isByEntry ? `by ${memberOf} of people` : `by the members of ${reader.groupsRead} groups under ${chosen.base}`}${nesting}`,
    attributes: [
      ...(isByEntry ? [memberOf] : memberAttributes),
      ...(chosen.hasPrimaryGroups ? primaryAttributes : []),
    ],
    async look(entries) {
      const direct = new Map<SearchEntry, readonly GroupNumber[]>();
      for (const entry of entries) {
        const { dn } = entry;
        const told = valuesIn(entry);
        const listed = namesOfMember(dn, told).flatMap((name) => roster.groupsOf(name));
        const said = isByEntry ? await toldBy(dn, told) : [];
        const primary = chosen.hasPrimaryGroups ? await primaryOf(dn, told) : [];
        direct.set(entry, [...listed, ...said, ...primary]);
      }
      if (isByEntry && nested && roster.unread().length > 0) await side((other) => reader.readUnread(other));
      return (entry) => {
        const names = namesOf(direct.get(entry) ?? []);
        lacking.see(names);
        return names;
      };
    },
    doubt() {
      if (means.ofFew !== true) lacking.addTo(doubts, config);
      return doubts.inWords();
    },
  };
}

/** Somebody is in a group, wherever groups are asked for; else more likely none of it can be seen. */
function peopleCounter() {
  const counts = { people: 0, inSome: 0 };
  return {
    see(names: readonly string[]): void {
      counts.people += 1;
      if (names.length > 0) counts.inSome += 1;
    },
    addTo(doubts: { add(sentence: string): void }, { groups, attributes }: LdapSettings): void {
      if (counts.people === 0 || counts.inSome > 0) return;
      const which = groups.only.length > 0 ? ' of groups.only' : '';
      doubts.add(
        `None of the ${counts.people} people is in any group${which}. An account without the right to read ${attributes.groups} and the members of groups sees the same.`,
      );
    },
  };
}

/** Does work on a second connection, opened when it is first needed. Undefined where there is none to be had. */
function sideConnection(means: GroupMeans, doubt: (sentence: string) => void) {
  let opened: Promise<LdapConnection> | undefined;
  return async <Result>(
    work: (connection: LdapConnection) => Promise<Result>,
  ): Promise<Result | undefined> => {
    opened ??= means.another();
    try {
      return await work(await opened);
    } catch (error) {
      if (!(error instanceof ConnectionError) && !(error instanceof DirectoryError)) throw error;
      doubt(`More of the groups could not be asked for: ${error.message}`);
      return undefined;
    }
  };
}

const shown = ({ groups }: LdapSettings, dn: string): string => (groups.names === 'cn' ? ownName(dn) : dn);

const groupFilter = ({ groups }: LdapSettings): Filter => parseFilter(groups.filter);
