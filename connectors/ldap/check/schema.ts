/** The attribute names that a directory knows, from its own schema (RFC 4512 section 4.2): tells typos from rare attributes. */

import { normalDescription } from '../people/entries.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { readFirstPage } from '../wire/pages.ts';

export type KnownName =
  | { readonly kind: 'known' }
  /** The server answers under this other name. */
  | { readonly kind: 'alias'; readonly of: string }
  | { readonly kind: 'unknown' };

const anyEntry: Filter = { kind: 'present', attribute: 'objectClass' };

/** A function that looks a name up; undefined where the account may not read the schema. */
export async function readAttributeNames(
  connection: LdapConnection,
): Promise<((name: string) => KnownName) | undefined> {
  const [subentry] = await readValues(connection, '', 'subschemaSubentry');
  if (subentry === undefined) return undefined;
  const types = await readValues(connection, subentry, 'attributeTypes');
  if (types.length === 0) return undefined;

  const firstNames = new Map<string, string>();
  for (const type of types) {
    const names = namesOf(type);
    for (const name of names) firstNames.set(name.toLowerCase(), names[0] ?? name);
  }
  return (description) => {
    const [name = ''] = description.split(';', 1);
    const first = firstNames.get(name.toLowerCase());
    if (first === undefined) return { kind: 'unknown' };
    return first.toLowerCase() === name.toLowerCase() ? { kind: 'known' } : { kind: 'alias', of: first };
  };
}

/** The names in a definition such as `( 2.5.4.4 NAME ( 'sn' 'surname' ) SUP name )`; its OID counts as one. */
function namesOf(definition: string): readonly string[] {
  const [, oid = ''] = /^\(\s*([\d.]+)/.exec(definition) ?? [];
  const [, one, several = ''] = /\bNAME\s+(?:'([^']*)'|\(([^)]*)\))/.exec(definition) ?? [];
  const names = one === undefined ? [...several.matchAll(/'([^']*)'/g)].map(([, name = '']) => name) : [one];
  return [...names, oid].filter((name) => name !== '');
}

async function readValues(
  connection: LdapConnection,
  base: string,
  attribute: string,
): Promise<readonly string[]> {
  const search = { base, scope: 'base', filter: anyEntry, attributes: [attribute] } as const;
  const { entries } = await readFirstPage(connection, search, 1);
  return entries.flatMap((entry) => valuesOf(entry, attribute));
}

/** An entry's values of one attribute, as text. */
function valuesOf(entry: SearchEntry, name: string): readonly string[] {
  const key = normalDescription(name);
  return entry.attributes
    .filter(({ description }) => normalDescription(description) === key)
    .flatMap(({ values }) => values.map((value) => value.toString('utf8')));
}
