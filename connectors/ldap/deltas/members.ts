/** Whose membership of a group has changed: memberOf is worked out by the server and changes no entry of theirs. */
import type { Anchor } from '../../../src/identity/identity.ts';
import type { Filter } from '../wire/filter.ts';
import type { DeltaMeans } from './means.ts';
import { anchorsOf } from './sweep.ts';

const namesPerSearch = 50;

/** The anchors of people by their DNs, within base and filter; or why they can't be had whole. */
export async function membersByName(
  means: DeltaMeans,
  names: ReadonlySet<string>,
): Promise<readonly Anchor[] | string> {
  const anchors: Anchor[] = [];
  const all = [...names];
  for (let from = 0; from < all.length; from += namesPerSearch) {
    const parts = all
      .slice(from, from + namesPerSearch)
      .map((dn): Filter => ({ kind: 'equal', attribute: 'distinguishedName', value: Buffer.from(dn) }));
    const filter: Filter = { kind: 'and', parts: [means.filter, { kind: 'or', parts }] };
    const found = await anchorsOf(means, means.settings.baseDn, filter);
    if (typeof found === 'string') return found;
    anchors.push(...found);
  }
  return anchors;
}
