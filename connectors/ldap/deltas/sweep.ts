/** Ids alone, of many: for servers that do not tell who has gone. */
import type { Anchor } from '../../../src/identity/identity.ts';
import { normalDescription } from '../people/entries.ts';
import { ignoresCase, valueRenderer } from '../people/values.ts';
import { domainScope } from '../vendor/active-directory-controls.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { searchPages } from '../wire/pages.ts';
import type { RequestControl } from '../wire/requests.ts';
import { brandAnchor, type DeltaMeans } from './means.ts';

/** The anchors of everybody within the source's base and filter; or why they can't be had whole. */
export async function everybodyInView(means: DeltaMeans): Promise<readonly Anchor[] | string> {
  const anchors = await anchorsOf(means, means.settings.baseDn, means.filter);
  return typeof anchors !== 'string' && anchors.length === 0 ? seesNobody(means) : anchors;
}

export const seesNobody = ({ settings }: Pick<DeltaMeans, 'settings'>): string =>
  `The server found nobody under ${settings.baseDn}. An account that has lost its rights gets the same answer.`;

/** The anchors of whatever a filter finds; or why they can't be had whole. */
export async function anchorsOf(
  { connection, settings, signal }: DeltaMeans,
  base: string,
  filter: Filter,
  controls: readonly RequestControl[] = [domainScope],
): Promise<readonly Anchor[] | string> {
  const attribute = settings.attributes.anchor;
  const toAnchor = anchorReader(attribute);
  const anchors: Anchor[] = [];
  const search = { base, scope: 'sub', filter, attributes: [attribute], controls } as const;
  const pages = searchPages(connection, search, settings.pageSize, signal);
  let step = await pages.next();
  while (!step.done) {
    for (const entry of step.value) anchors.push(...valuesOf(entry, attribute).map(toAnchor));
    step = await pages.next();
  }
  return step.value.kind === 'whole' ? anchors : step.value.reason;
}

/** A function that makes an attribute's octets into an anchor, in the form in which anchors are kept. */
export function anchorReader(attribute: string): (value: Buffer) => Anchor {
  const textOf = valueRenderer(attribute);
  const folds = ignoresCase(attribute);
  return (value) => brandAnchor(folds ? textOf(value).toLowerCase() : textOf(value));
}

export const valuesOf = (entry: SearchEntry, name: string): readonly Buffer[] =>
  entry.attributes.flatMap(({ description, values }) =>
    normalDescription(description) === normalDescription(name) ? values : [],
  );
