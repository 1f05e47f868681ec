/** Reads what has changed, by whatever mechanism the cursor is of, and whoever else is asked for. */
import type { ChangesPart, ChangesRequest, ReadRequest } from '../../connector.ts';
import { ConnectionError } from '../wire/connection.ts';
import { changelogChanges, changelogPlace } from './changelog.ts';
import { contentSyncChanges, contentSyncPlace } from './content-sync.ts';
import { type Place, placeOf } from './cursor.ts';
import { dirSyncChanges, dirSyncPlace } from './dirsync.ts';
import type { DeltaMeans, PlaceMeans } from './means.ts';
import { mechanismsOf } from './mechanism.ts';
import { rereadPeople } from './reread.ts';
import { timestampsChanges, timestampsPlace } from './timestamps.ts';
import { usnChanges, usnPlace } from './usn.ts';

/** A group that changes moves people whose own entries stay as they are, and those of nested groups with them. */
export const cannotTellChanges = ({ groups }: Pick<ReadRequest, 'groups'>): string | undefined =>
  groups
    ? 'The rules ask for groups (user.groups), and a group that changes moves people whose own entries stay as they are: whom it moves, only the whole source tells.'
    : undefined;

/**
 * Where the directory stands now, before a whole reading begins: what changes during it is told again afterwards.
 *
 * @returns undefined where the server can't tell changes, or the account may not know them
 */
export async function takePlace(
  means: PlaceMeans,
  request: Pick<ReadRequest, 'groups'>,
): Promise<Place | undefined> {
  if (cannotTellChanges(request) !== undefined) return undefined;
  for (const mechanism of mechanismsOf(means.settings, means.rootDse)) {
    const place = await placeBy[mechanism](means);
    if (place !== undefined) return place;
  }
  return undefined;
}

const placeBy = {
  'content-sync': contentSyncPlace,
  changelog: changelogPlace,
  timestamps: timestampsPlace,
  dirsync: dirSyncPlace,
  usn: usnPlace,
} as const;

export async function* readChanges(
  means: DeltaMeans,
  request: ChangesRequest,
): AsyncGenerator<ChangesPart, void> {
  const { since, also } = request;
  const impossible = cannotTellChanges(request);
  if (impossible !== undefined) return yield { kind: 'cursor-lost', reason: impossible };
  const place = placeOf(since);
  if (place === undefined || !mechanismsOf(means.settings, means.rootDse).includes(place.by))
    return yield { kind: 'cursor-lost', reason: 'The cursor is of another way of reading changes.' };
  try {
    for await (const part of changesBy(means, place)) {
      if (part.kind === 'end') {
        // After the changes, so that theirs is the last word.
        const { broken } = yield* rereadPeople(means, also);
        if (broken !== undefined) return yield { kind: 'broken', reason: broken };
      }
      yield part;
    }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    yield { kind: 'broken', reason: `The connection was lost while reading changes: ${error.message}.` };
  }
}

function changesBy(means: DeltaMeans, place: Place): AsyncGenerator<ChangesPart, void> {
  switch (place.by) {
    case 'content-sync':
      return contentSyncChanges(means, place);
    case 'changelog':
      return changelogChanges(means, place);
    case 'timestamps':
      return timestampsChanges(means, place);
    case 'dirsync':
      return dirSyncChanges(means, place);
    case 'usn':
      return usnChanges(means, place);
    default:
      return place satisfies never;
  }
}
