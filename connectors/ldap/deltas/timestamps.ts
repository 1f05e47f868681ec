/**
 * Changes by `modifyTimestamp`, for servers that tell nothing better: every entry's id and stamp are read, and then those
 * people whose stamp is not older than the newest one of the last time. Whoever is not among the ids is out of view.
 */
import type { Anchor } from '../../../src/identity/identity.ts';
import type { ChangesPart } from '../../connector.ts';
import { searchPages } from '../wire/pages.ts';
import { type Place, toCursor } from './cursor.ts';
import type { DeltaMeans, PlaceMeans } from './means.ts';
import { rereadPeople } from './reread.ts';
import { anchorReader, seesNobody, valuesOf } from './sweep.ts';

const stampAttribute = 'modifyTimestamp';

interface Stamped {
  readonly anchor: Anchor;
  readonly stamp: string;
}

/** Where the newest change stands, by the stamps that the server itself sets. */
export async function timestampsPlace(means: PlaceMeans): Promise<Place | undefined> {
  const sweep = await stamps(means);
  const since = typeof sweep === 'string' ? undefined : newest(sweep, '');
  return since === undefined || since === ''
    ? undefined
    : { by: 'timestamps', since, url: means.settings.url };
}

export async function* timestampsChanges(
  means: DeltaMeans,
  place: Extract<Place, { by: 'timestamps' }>,
): AsyncGenerator<ChangesPart, void> {
  const { url } = means.settings;
  if (url !== place.url)
    return yield {
      kind: 'cursor-lost',
      reason: `${url} is another server than the last time, and its stamps may come late.`,
    };
  const sweep = await stamps(means);
  if (typeof sweep === 'string') return yield { kind: 'broken', reason: sweep };
  // Several changes can have one stamp, and some of them come after the stamp was read.
  const changed = sweep.filter(({ stamp }) => stamp >= place.since).map(({ anchor }) => anchor);
  const { broken } = yield* rereadPeople(means, changed);
  if (broken !== undefined) return yield { kind: 'broken', reason: broken };
  yield { kind: 'in-view', anchors: sweep.map(({ anchor }) => anchor) };
  yield { kind: 'end', cursor: toCursor({ by: 'timestamps', since: newest(sweep, place.since), url }) };
}

/** Everybody's id and stamp; or why they can't be had whole. */
async function stamps({
  connection,
  settings,
  filter,
  signal,
}: PlaceMeans): Promise<readonly Stamped[] | string> {
  const attribute = settings.attributes.anchor;
  const search = {
    base: settings.baseDn,
    scope: 'sub',
    filter,
    attributes: [attribute, stampAttribute],
  } as const;
  const toAnchor = anchorReader(attribute);
  const all: Stamped[] = [];
  const pages = searchPages(connection, search, settings.pageSize, signal);
  let step = await pages.next();
  while (!step.done) {
    for (const entry of step.value) {
      const [anchor] = valuesOf(entry, attribute);
      const [stamp] = valuesOf(entry, stampAttribute);
      if (anchor === undefined || stamp === undefined) {
        await pages.return({ kind: 'partial', reason: '' });
        return `${entry.dn} shows no ${anchor === undefined ? attribute : stampAttribute}, so nobody can say what has changed. Let the account read it.`;
      }
      all.push({ anchor: toAnchor(anchor), stamp: stamp.toString('latin1') });
    }
    step = await pages.next();
  }
  if (step.value.kind !== 'whole') return step.value.reason;
  return all.length === 0 ? seesNobody({ settings }) : all;
}

/** Generalized times of one server are of one form and so in the order of their text. */
const newest = (sweep: readonly Stamped[], than: string): string =>
  sweep.reduce((latest, { stamp }) => (stamp > latest ? stamp : latest), than);
