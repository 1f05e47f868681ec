/**
 * Changes by Active Directory's `uSNChanged`, for accounts that may not use DirSync: numbers that one server gives to its
 * own copy. On another server, or after a restore, they mean nothing.
 */
import type { ChangesPart, Departure } from '../../connector.ts';
import { domainScope, showDeleted } from '../vendor/active-directory-controls.ts';
import { readRootDse } from '../vendor/root-dse.ts';
import type { Filter } from '../wire/filter.ts';
import { readFirstPage } from '../wire/pages.ts';
import { type Place, toCursor } from './cursor.ts';
import type { DeltaMeans, PlaceMeans } from './means.ts';
import { namingContextOf } from './naming-context.ts';
import { rereadPeople } from './reread.ts';
import { anchorsOf, everybodyInView, valuesOf } from './sweep.ts';

type UsnPlace = Extract<Place, { by: 'usn' }>;

export async function usnPlace(means: PlaceMeans): Promise<UsnPlace | undefined> {
  const root = namingContextOf(means);
  // Read anew: the number of a moment ago would tell everything since as changed, which does no harm but costs.
  const rootDse = await readRootDse(means.connection, means.settings.url);
  const [usn] = rootDse?.values('highestCommittedUSN') ?? [];
  const [service] = rootDse?.values('dsServiceName') ?? [];
  if (root === undefined || usn === undefined || service === undefined) return undefined;
  const invocationId = await invocationIdOf(means, service);
  return invocationId === undefined ? undefined : { by: 'usn', usn, invocationId, root };
}

export async function* usnChanges(means: DeltaMeans, since: UsnPlace): AsyncGenerator<ChangesPart, void> {
  const now = await usnPlace(means);
  if (now === undefined)
    return yield { kind: 'cursor-lost', reason: 'The server does not show its update number any more.' };
  if (now.invocationId !== since.invocationId || BigInt(now.usn) < BigInt(since.usn))
    return yield {
      kind: 'cursor-lost',
      reason:
        'It is another domain controller, or was restored from a backup: its update numbers are others.',
    };
  if (now.usn !== since.usn) {
    const isNewer: Filter = {
      kind: 'greaterOrEqual',
      attribute: 'uSNChanged',
      value: Buffer.from(String(BigInt(since.usn) + 1n)),
    };
    if (await hasChangedGroup(means, since.root, isNewer))
      return yield {
        kind: 'cursor-lost',
        reason: 'A group has changed, and by update numbers nobody can say whose membership.',
      };
    const changed = await anchorsOf(means, since.root, isNewer);
    if (typeof changed === 'string') return yield { kind: 'broken', reason: changed };
    const { found, broken } = yield* rereadPeople(means, changed);
    if (broken !== undefined) return yield { kind: 'broken', reason: broken };
    const departures = [
      ...changed
        .filter((anchor) => !found.has(anchor))
        .map((anchor) => ({ kind: 'out-of-view', anchor }) as const),
      ...(await deletedSince(means, since.root, isNewer)),
    ];
    yield { kind: 'batch', identities: [], skipped: [], departures };
    // What was deleted hides from most accounts without a word: the ids tell.
    const present = await everybodyInView(means);
    if (typeof present === 'string') return yield { kind: 'broken', reason: present };
    yield { kind: 'in-view', anchors: present };
  }
  yield { kind: 'end', cursor: toCursor(now) };
}

/** Who was deleted, as far as the account may see it: with the right to do so the directory's own word, else nobody. */
async function deletedSince(means: DeltaMeans, base: string, isNewer: Filter): Promise<readonly Departure[]> {
  const isDeleted: Filter = { kind: 'equal', attribute: 'isDeleted', value: Buffer.from('TRUE') };
  const filter: Filter = { kind: 'and', parts: [isDeleted, isNewer] };
  const anchors = await anchorsOf(means, base, filter, [showDeleted, domainScope]);
  if (typeof anchors === 'string') return [];
  return anchors.map((anchor) => ({
    kind: 'deleted',
    anchor,
    reason: 'The entry was deleted in the source.',
  }));
}

async function invocationIdOf({ connection }: PlaceMeans, service: string): Promise<string | undefined> {
  const search = {
    base: service,
    scope: 'base',
    filter: { kind: 'present', attribute: 'objectClass' },
    attributes: ['invocationId'],
  } as const;
  const { entries } = await readFirstPage(connection, search, 1);
  return entries.flatMap((entry) => valuesOf(entry, 'invocationId'))[0]?.toString('hex');
}

async function hasChangedGroup({ connection }: DeltaMeans, base: string, isNewer: Filter): Promise<boolean> {
  const isGroup: Filter = { kind: 'equal', attribute: 'objectClass', value: Buffer.from('group') };
  const search = {
    base,
    scope: 'sub',
    filter: { kind: 'and', parts: [isGroup, isNewer] },
    attributes: ['1.1'],
    controls: [domainScope],
  } as const;
  return (await readFirstPage(connection, search, 1)).entries.length > 0;
}
