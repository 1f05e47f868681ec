/**
 * Long lists in pieces: Active Directory shows `member;range=0-1499` beside an empty `member`, and hands out the rest
 * only when it is asked for ([MS-ADTS] 3.1.1.3.1.3.3). Taken as it comes, a group of 13,000 reads as empty.
 */
import { normalDescription } from '../people/entries.ts';
import { ConnectionError, type LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { readFirstPage } from '../wire/pages.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';

export interface Values {
  readonly values: readonly Buffer[];
  /** Where the list goes on; undefined where this is all of it. */
  readonly next: number | undefined;
}

/** What an entry says of some attributes; of one that it lacks, nothing. */
export type ValuesOf = (attribute: string) => Values;

const anyEntry: Filter = { kind: 'present', attribute: 'objectClass' };
const none: Values = { values: [], next: undefined };

/** Reads an entry's attributes, those of a range together with the plain one; `member;lang-de` is another one. */
export function valuesIn(entry: SearchEntry): ValuesOf {
  const found = new Map<string, { values: Buffer[]; next: number | undefined }>();
  for (const { description, values } of entry.attributes) {
    const key = normalDescription(description);
    const [, name = key, last] = /^(.*);range=\d+-(\d+|\*)$/.exec(key) ?? [];
    const known = found.get(name) ?? { values: [], next: undefined };
    known.values.push(...values);
    // What follows `member;range=0-1499` begins at 1500. After `range=1500-*` nothing does.
    if (last !== undefined && last !== '*') known.next = Number(last) + 1;
    found.set(name, known);
  }
  return (attribute) => found.get(normalDescription(attribute)) ?? none;
}

export type Rest =
  | { readonly kind: 'whole'; readonly values: readonly Buffer[] }
  /** Some of the list is missing. */
  | { readonly kind: 'broken'; readonly values: readonly Buffer[]; readonly reason: string };

/** Reads the rest of a list from a place on; throws only if aborted. */
export async function readRest(
  connection: LdapConnection,
  dn: string,
  attribute: string,
  from: number,
): Promise<Rest> {
  const values: Buffer[] = [];
  const broken = (why: string): Rest => ({
    kind: 'broken',
    values,
    reason: `The list of ${attribute} of ${dn} broke off after ${from + values.length} values: ${why}.`,
  });
  for (let at: number | undefined = from; at !== undefined; ) {
    const search = {
      base: dn,
      scope: 'base',
      filter: anyEntry,
      attributes: [`${attribute};range=${at}-*`],
    } as const;
    try {
      const { entries, result } = await readFirstPage(connection, search, 1);
      if (result.code !== resultCode.success) return broken(`the server answered ${describeResult(result)}`);
      const [entry] = entries;
      const step: Values | undefined = entry && valuesIn(entry)(attribute);
      if (step === undefined || step.values.length === 0) return broken('the server sent no more of them');
      if (step.next !== undefined && step.next <= at) return broken('the server sent a part of it again');
      values.push(...step.values);
      at = step.next;
    } catch (error) {
      if (error instanceof ConnectionError) return broken(error.message);
      throw error;
    }
  }
  return { kind: 'whole', values };
}
