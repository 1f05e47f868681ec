/** Reads groups into a roster: all of them in one search, then what that search could not show. */

import { normalDn } from '../names/dn.ts';
import { connectionError } from '../server/failures.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import { ConnectionError, type LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { readFirstPage } from '../wire/pages.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';
import type { Doubts } from './doubts.ts';
import { findDynamicMembers } from './dynamic.ts';
import { takeEveryEntry } from './every-entry.ts';
import { memberByDn, memberNamed, primaryMembers } from './members.ts';
import { sidOf } from './primary.ts';
import { readRest, type ValuesOf, valuesIn } from './ranges.ts';
import type { GroupNumber, Roster } from './roster.ts';
import { type GroupWay, isWithin } from './way.ts';

export interface GroupReader {
  /**
   * Reads all groups under the base.
   *
   * @throws {SourceError} when the connection breaks: nobody was read yet. Whatever else is missing becomes a doubt.
   */
  sweep(connection: LdapConnection, way: GroupWay): Promise<void>;
  /** Reads groups that were only heard of, those around them too; who can't be read becomes a doubt. */
  readUnread(connection: LdapConnection): Promise<void>;
  /** Reads one group by name; false where it can't be read. */
  readOne(connection: LdapConnection, dn: string): Promise<boolean>;
  /** A group by its security identifier. */
  bySid(sid: string): GroupNumber | undefined;
  readonly groupsRead: number;
}

interface Unfinished {
  readonly group: GroupNumber;
  readonly dn: string;
  readonly attribute: string;
  readonly from: number;
}

const anyEntry: Filter = { kind: 'present', attribute: 'objectClass' };

/** A group must have a member in these classes: one without shows that its members are hidden. */
const neverEmpty = new Set(['groupofnames', 'groupofuniquenames']);

/** Looking up more members outside of people and groups than this would take longer than it is worth. */
const maxStrangers = 1_000;

export function createGroupReader(
  config: LdapSettings,
  filter: Filter,
  roster: Roster,
  doubts: Doubts,
  signal: AbortSignal,
): GroupReader {
  const { groups: settings, attributes: names } = config;
  const memberOf = names.groups;
  let members: readonly string[] = [];
  const sids = new Map<string, GroupNumber>();
  const unfinished: Unfinished[] = [];
  const dynamic: { readonly group: GroupNumber; readonly url: string }[] = [];
  const counts = { groups: 0, withMembers: 0, hidden: 0 };

  /** What groups say of their members; or else, of the groups that they are in. */
  const told = () => (members.length > 0 ? members : [memberOf]);
  const attributes = () => [...told(), 'memberURL', 'gidNumber', 'objectClass', 'objectSid'];

  function enterMembers(group: GroupNumber, attribute: string, values: readonly Buffer[]): void {
    const keyOf = memberNamed(attribute);
    for (const value of values) roster.enter(keyOf(value), group);
  }

  function enterOuter(group: GroupNumber, values: readonly Buffer[]): void {
    for (const value of values) {
      const outer = roster.group(memberByDn(value), value.toString('utf8'));
      roster.enter(roster.keyOf(group), outer);
    }
  }

  const enter = (group: GroupNumber, attribute: string, values: readonly Buffer[]): void =>
    attribute === memberOf ? enterOuter(group, values) : enterMembers(group, attribute, values);

  function take(entry: SearchEntry): void {
    const { dn } = entry;
    const valuesOf = valuesIn(entry);
    const group = roster.group(normalDn(dn), dn);
    roster.markRead(group, dn);
    counts.groups += 1;
    const sid = sidOf(valuesOf);
    if (sid !== undefined) sids.set(sid, group);
    const urls = valuesOf('memberURL').values;
    for (const url of urls) dynamic.push({ group, url: url.toString('utf8') });

    let count = 0;
    for (const attribute of told()) {
      const { values, next } = valuesOf(attribute);
      count += values.length;
      enter(group, attribute, values);
      if (next !== undefined) unfinished.push({ group, dn, attribute, from: next });
    }
    if (members.length === 0) return;
    for (const key of primaryMembers(valuesOf)) roster.enter(key, group);
    if (count > 0 || urls.length > 0) counts.withMembers += 1;
    else if (isNeverEmpty(valuesOf)) counts.hidden += 1;
  }

  async function finish(connection: LdapConnection): Promise<void> {
    for (const { group, dn, attribute, from } of unfinished.splice(0)) {
      const rest = await readRest(connection, dn, attribute, from);
      enter(group, attribute, rest.values);
      if (rest.kind === 'broken') doubts.add(rest.reason);
    }
    for (const { group, url } of dynamic.splice(0)) {
      const problem = await findDynamicMembers(connection, url, config, signal, (key) =>
        roster.enter(key, group),
      );
      if (problem !== undefined)
        doubts.add(`The dynamic group ${roster.nameOf(group)} can't be evaluated: ${problem}.`);
    }
  }

  async function readOne(connection: LdapConnection, dn: string): Promise<boolean> {
    try {
      const search = { base: dn, scope: 'base', filter: anyEntry, attributes: attributes() } as const;
      const { entries, result } = await readFirstPage(connection, search, 1);
      const [entry] = entries;
      if (result.code !== resultCode.success || entry === undefined) return false;
      take(entry);
      await finish(connection);
      return true;
    } catch (error) {
      if (error instanceof ConnectionError) return false;
      throw error;
    }
  }

  async function readUnread(connection: LdapConnection): Promise<void> {
    for (let unread = roster.unread(); unread.length > 0; unread = roster.unread()) {
      for (const { key, name } of unread) {
        const group = roster.group(key, name);
        const isRead = await readOne(connection, name);
        roster.markRead(group, roster.nameOf(group));
        if (!isRead)
          doubts.add(`The group ${name} can't be read, so nobody knows in which groups it is itself.`);
      }
    }
  }

  /** Groups outside of the base that are members of those inside. People are found by their own reading. */
  async function readStrangers(connection: LdapConnection, base: string): Promise<void> {
    const isStranger = (key: string): boolean =>
      !key.startsWith('=') && !isWithin(key, base) && !isWithin(key, config.baseDn);
    const asked = new Set<string>();
    for (;;) {
      const strangers = roster
        .members()
        .filter((key) => !asked.has(key) && roster.find(key) === undefined && isStranger(key));
      if (strangers.length === 0) return;
      if (asked.size + strangers.length > maxStrangers) {
        doubts.add(
          `${asked.size + strangers.length} members of groups are neither under ${config.baseDn} nor under ${base}, and may be groups themselves. Set groups.baseDn to what holds all groups.`,
        );
        return;
      }
      for (const dn of strangers) {
        asked.add(dn);
        await readStranger(connection, dn);
      }
    }
  }

  async function readStranger(connection: LdapConnection, dn: string): Promise<void> {
    const search = { base: dn, scope: 'base', filter, attributes: attributes() } as const;
    const { entries, result } = await readFirstPage(connection, search, 1);
    // What does not fit the filter is no group: success without an entry. Else nobody can tell.
    if (result.code !== resultCode.success)
      doubts.add(`Whether ${dn} is a group can't be seen: the server answered ${describeResult(result)}.`);
    for (const entry of entries) take(entry);
    await finish(connection);
  }

  return {
    async sweep(connection, { by, base }) {
      members = by === 'member-of' ? [] : settings.members;
      const search = { base, scope: 'sub', filter, attributes: attributes() } as const;
      try {
        const lacking = await takeEveryEntry(connection, config, search, signal, take);
        if (lacking !== undefined) doubts.add(`The groups under ${base} were not read wholly: ${lacking}`);
        await finish(connection);
        if (by === 'member-of') await readUnread(connection);
        else if (settings.nested) await readStrangers(connection, base);
      } catch (error) {
        throw connectionError(error, config.url, config.url);
      }
      if (members.length > 0 && counts.groups > 0 && counts.withMembers === 0)
        doubts.add(
          `None of the ${counts.groups} groups under ${base} shows a member. Let the account read ${members.join(', ')}.`,
        );
      if (counts.hidden > 0 && counts.withMembers > 0)
        doubts.add(
          `${counts.hidden} groups show no member, although their object class demands one. Let the account read ${members.join(', ')} of all groups.`,
        );
    },
    readUnread,
    readOne,
    bySid: (sid) => sids.get(sid),
    get groupsRead() {
      return counts.groups;
    },
  };
}

const isNeverEmpty = (group: ValuesOf): boolean =>
  group('objectClass').values.some((value) => neverEmpty.has(value.toString('utf8').toLowerCase()));
