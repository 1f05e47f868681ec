/**
 * Changes by the retro changelog of 389 Directory Server: numbered entries, one for each change, that one server writes for
 * itself. The place is the last of them, told by its own id, which no other server and no changelog made anew has.
 */
import type { Anchor } from '../../../src/identity/identity.ts';
import type { ChangesPart } from '../../connector.ts';
import { readRootDse } from '../vendor/root-dse.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { readFirstPage, searchPages } from '../wire/pages.ts';
import { type Place, toCursor } from './cursor.ts';
import type { DeltaMeans, PlaceMeans } from './means.ts';
import { namingContextOf } from './naming-context.ts';
import { rereadPeople } from './reread.ts';
import { anchorReader, valuesOf } from './sweep.ts';

type ChangelogPlace = Extract<Place, { by: 'changelog' }>;

interface Change {
  readonly number: number;
  readonly id: string;
  readonly type: string;
  readonly target: Anchor;
}

const anchorAttribute = 'nsUniqueId';
const toAnchor = anchorReader(anchorAttribute);

/** Never what was changed: that holds passwords. */
const attributes = ['changeNumber', 'changeType', 'targetUniqueId', anchorAttribute];

export async function changelogPlace(means: PlaceMeans): Promise<ChangelogPlace | undefined> {
  const { connection, settings } = means;
  if (settings.attributes.anchor.toLowerCase() !== anchorAttribute.toLowerCase()) return undefined;
  const log = await changelogOf(means);
  if (log === undefined) return undefined;
  const find = async (filter: Filter): Promise<Change | undefined> => {
    const search = { base: log.base, scope: 'one', filter, attributes } as const;
    const [entry] = (await readFirstPage(connection, search, 1)).entries;
    return entry && changeOf(entry);
  };
  // It can be limited to other parts of the tree, and would then be silent about everybody.
  const base = Buffer.from(`,${settings.baseDn}`);
  const ofPeople: Filter = {
    kind: 'substrings',
    attribute: 'targetDn',
    initial: undefined,
    any: [],
    final: base,
  };
  if ((await find(ofPeople)) === undefined) return undefined;
  const last = await find({ kind: 'equal', attribute: 'changeNumber', value: Buffer.from(`${log.last}`) });
  return last && { by: 'changelog', number: last.number, id: last.id };
}

export async function* changelogChanges(
  means: DeltaMeans,
  since: ChangelogPlace,
): AsyncGenerator<ChangesPart, void> {
  const log = await changelogOf(means);
  if (log === undefined)
    return yield { kind: 'cursor-lost', reason: 'The server does not show a changelog any more.' };
  const changes: Change[] = [];
  const filter: Filter = {
    kind: 'greaterOrEqual',
    attribute: 'changeNumber',
    value: Buffer.from(`${since.number}`),
  };
  const search = { base: log.base, scope: 'one', filter, attributes } as const;
  const pages = searchPages(means.connection, search, means.settings.pageSize, means.signal);
  let step = await pages.next();
  while (!step.done) {
    changes.push(...step.value.flatMap((entry) => changeOf(entry) ?? []));
    step = await pages.next();
  }
  const outcome = step.value;
  if (outcome.kind === 'broken') return yield { kind: 'broken', reason: outcome.reason };
  if (outcome.kind !== 'whole')
    return yield { kind: 'cursor-lost', reason: `The changelog can't be read whole. ${outcome.reason}` };
  changes.sort((one, other) => one.number - other.number);
  const [place, ...news] = changes;
  if (place?.number !== since.number || place.id !== since.id)
    return yield {
      kind: 'cursor-lost',
      reason: `The changelog does not have change ${since.number} of the last time any more: it was trimmed or made anew, is another server's, or the account may not read it.`,
    };
  const last = changes.at(-1) ?? place;
  if (changes.length !== last.number - since.number + 1 || last.number < log.last)
    return yield {
      kind: 'cursor-lost',
      reason: `Changes are missing between ${since.number} and ${Math.max(last.number, log.last)}, or do not name their targetUniqueId.`,
    };
  // The last word about each of them.
  const types = new Map(news.map(({ target, type }) => [target, type]));
  for (const target of new Set(news.filter(({ type }) => type === 'modrdn').map((change) => change.target)))
    if (types.get(target) !== 'delete' && !(await isLeaf(means, target)))
      return yield {
        kind: 'cursor-lost',
        reason: `The entry with nsUniqueId ${target} was renamed or moved and has others below it, or the account may not see it: whom it took along, the changelog does not say.`,
      };
  const { found, broken } = yield* rereadPeople(means, types.keys());
  if (broken !== undefined) return yield { kind: 'broken', reason: broken };
  const departures = [...types]
    .filter(([anchor]) => !found.has(anchor))
    .map(([anchor, type]) =>
      type === 'delete'
        ? ({ kind: 'deleted', anchor, reason: 'The entry was deleted in the source.' } as const)
        : ({ kind: 'out-of-view', anchor } as const),
    );
  if (departures.length > 0) yield { kind: 'batch', identities: [], skipped: [], departures };
  yield { kind: 'end', cursor: toCursor({ by: 'changelog', number: last.number, id: last.id }) };
}

/** Read anew, since the number of a moment ago is too low. */
async function changelogOf({ connection, settings }: PlaceMeans) {
  const rootDse = await readRootDse(connection, settings.url);
  const [base] = rootDse?.values('changeLog') ?? [];
  const [last] = rootDse?.values('lastChangeNumber') ?? [];
  return base === undefined || last === undefined ? undefined : { base, last: Number(last) };
}

function changeOf(entry: SearchEntry): Change | undefined {
  const [number, type, target, id] = attributes.map((name) => valuesOf(entry, name)[0]);
  return number === undefined || type === undefined || target === undefined || id === undefined
    ? undefined
    : {
        number: Number(number.toString()),
        id: id.toString(),
        type: type.toString().toLowerCase(),
        target: toAnchor(target),
      };
}

async function isLeaf(means: PlaceMeans, target: Anchor): Promise<boolean> {
  const search = {
    base: namingContextOf(means) ?? means.settings.baseDn,
    scope: 'sub',
    filter: { kind: 'equal', attribute: anchorAttribute, value: Buffer.from(target) },
    attributes: ['hasSubordinates'],
  } as const;
  const [entry] = (await readFirstPage(means.connection, search, 1)).entries;
  return entry !== undefined && valuesOf(entry, 'hasSubordinates')[0]?.toString() === 'FALSE';
}
