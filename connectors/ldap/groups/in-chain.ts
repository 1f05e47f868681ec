/** Who is in a few named groups at any depth, as Active Directory itself works it out ([MS-ADTS] 3.1.1.3.4.4.3). */

import { normalDn } from '../names/dn.ts';
import { connectionError } from '../server/failures.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { readFirstPage } from '../wire/pages.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';
import type { Doubts } from './doubts.ts';
import { takeEveryEntry } from './every-entry.ts';
import { sidOf } from './primary.ts';
import { valuesIn } from './ranges.ts';

const inChain = '1.2.840.113556.1.4.1941';
const anyEntry: Filter = { kind: 'present', attribute: 'objectClass' };

export interface ChainMembers {
  /** People in the group, by normal DN, without those who are in it by their primary group. */
  readonly people: ReadonlySet<string>;
  /** The identifiers of the group and of all groups in it: whoever has one of them as primary group is a member. */
  readonly sids: ReadonlySet<string>;
}

export interface ChainMeans {
  readonly connection: LdapConnection;
  readonly config: LdapSettings;
  readonly peopleFilter: Filter;
  readonly groupFilter: Filter;
  readonly groupBase: string;
  readonly doubts: Doubts;
  readonly signal: AbortSignal;
}

/**
 * Finds the members of one group.
 *
 * @throws {SourceError} when the connection breaks. Whatever else is missing becomes a doubt.
 */
export async function findInChain(group: string, means: ChainMeans): Promise<ChainMembers> {
  const { connection, config, peopleFilter, groupFilter, groupBase, doubts } = means;
  const isInside: Filter = {
    ...{ kind: 'extensible', attribute: config.attributes.groups, rule: inChain },
    ...{ dnAttributes: false, value: Buffer.from(group) },
  };
  const people = new Set<string>();
  const sids = new Set<string>();
  const takeSid = (entry: SearchEntry): void => {
    const sid = sidOf(valuesIn(entry));
    if (sid !== undefined) sids.add(sid);
  };
  try {
    const itself = { base: group, scope: 'base', filter: anyEntry, attributes: ['objectSid'] } as const;
    const { entries, result } = await readFirstPage(connection, itself, 1);
    if (result.code !== resultCode.success || entries.length === 0) {
      const why = result.code === resultCode.success ? 'it is not there' : describeResult(result);
      doubts.add(`The group ${group} of groups.only can't be read: ${why}.`);
      return { people, sids };
    }
    entries.forEach(takeSid);
    await all(means, config.baseDn, peopleFilter, '1.1', isInside, ({ dn }) => people.add(normalDn(dn)));
    await all(means, groupBase, groupFilter, 'objectSid', isInside, takeSid);
  } catch (error) {
    throw connectionError(error, config.url, config.url);
  }
  return { people, sids };
}

async function all(
  { connection, config, doubts, signal }: ChainMeans,
  base: string,
  filter: Filter,
  attribute: string,
  isInside: Filter,
  take: (entry: SearchEntry) => void,
): Promise<void> {
  const search = {
    base,
    scope: 'sub',
    filter: { kind: 'and', parts: [filter, isInside] },
    attributes: [attribute],
  } as const;
  const lacking = await takeEveryEntry(connection, config, search, signal, take);
  if (lacking !== undefined) doubts.add(`The members of a group were not read wholly: ${lacking}`);
}
