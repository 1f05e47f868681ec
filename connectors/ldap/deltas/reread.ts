/** Reads single people again by their anchors, as a whole reading would show them. */
import type { Anchor } from '../../../src/identity/identity.ts';
import type { ChangesPart } from '../../connector.ts';
import { anchorOctets } from '../people/values.ts';
import type { Filter } from '../wire/filter.ts';
import { searchPages } from '../wire/pages.ts';
import type { DeltaMeans } from './means.ts';

const anchorsPerSearch = 50;

export interface Reread {
  readonly found: ReadonlySet<Anchor>;
  /** Why somebody may be there although they were not found; undefined where all was read. */
  readonly broken: string | undefined;
}

/** Yields whoever is within base and filter, and returns who that was. */
export async function* rereadPeople(
  means: DeltaMeans,
  anchors: Iterable<Anchor>,
): AsyncGenerator<Extract<ChangesPart, { kind: 'batch' }>, Reread> {
  const { connection, settings, filter, attributes, toBatch, signal } = means;
  const attribute = settings.attributes.anchor;
  const wanted = [...new Set(anchors)];
  const found = new Set<Anchor>();
  for (let from = 0; from < wanted.length; from += anchorsPerSearch) {
    const parts = wanted.slice(from, from + anchorsPerSearch).flatMap((anchor): readonly Filter[] => {
      const value = anchorOctets(attribute, anchor);
      return value === undefined ? [] : [{ kind: 'equal', attribute, value }];
    });
    if (parts.length === 0) continue;
    const search = {
      base: settings.baseDn,
      scope: 'sub',
      filter: { kind: 'and', parts: [filter, { kind: 'or', parts }] },
      attributes,
    } as const;
    const pages = searchPages(connection, search, settings.pageSize, signal);
    let step = await pages.next();
    while (!step.done) {
      const batch = toBatch(step.value);
      for (const { anchor } of batch.identities) found.add(anchor);
      for (const { anchor } of batch.skipped) if (anchor !== undefined) found.add(anchor);
      yield { kind: 'batch', ...batch, departures: [] };
      step = await pages.next();
    }
    if (step.value.kind !== 'whole') return { found, broken: step.value.reason };
  }
  return { found, broken: undefined };
}
