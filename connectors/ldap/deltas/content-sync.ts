/** Changes by content synchronisation (RFC 4533, refreshOnly), as OpenLDAP's syncprov overlay tells them. */
import type { ChangesPart } from '../../connector.ts';
import { ConnectionError, type SearchEnd } from '../wire/connection.ts';
import type { Filter } from '../wire/filter.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';
import { stateOf, syncEndOf, syncRequest, uuidSetOf } from './content-sync-control.ts';
import { type Place, toCursor } from './cursor.ts';
import { brandAnchor, type DeltaMeans, type PlaceMeans } from './means.ts';
import { searchOnce } from './search-once.ts';

/** e-syncRefreshRequired, RFC 4533 section 2.7: the cookie is too old. */
const refreshRequired = 4096;

const limits: ReadonlySet<number> = new Set([
  resultCode.sizeLimitExceeded,
  resultCode.timeLimitExceeded,
  resultCode.adminLimitExceeded,
]);

const nobody: Filter = { kind: 'not', part: { kind: 'present', attribute: 'objectClass' } };

/** Where the content stands now. Nothing is read for it: OpenLDAP's cookie holds for any filter. */
export async function contentSyncPlace({ connection, settings }: PlaceMeans): Promise<Place | undefined> {
  const search = {
    base: settings.baseDn,
    scope: 'sub',
    filter: nobody,
    attributes: ['1.1'],
    controls: [syncRequest(undefined)],
  } as const;
  const { result } = await searchOnce(connection, search, () => undefined);
  if (result.code !== resultCode.success) return undefined;
  const cookie = syncEndOf(result)?.cookie;
  return cookie === undefined ? undefined : { by: 'content-sync', cookie: cookie.toString('base64') };
}

export async function* contentSyncChanges(
  means: DeltaMeans,
  place: Extract<Place, { by: 'content-sync' }>,
): AsyncGenerator<ChangesPart, void> {
  const { connection, settings, filter, attributes, toBatch } = means;
  const search = {
    base: settings.baseDn,
    scope: 'sub',
    filter,
    attributes,
    controls: [syncRequest(Buffer.from(place.cookie, 'base64'))],
  } as const;
  const present: string[] = [];
  const gone = new Set<string>();
  try {
    let ended: SearchEnd | undefined;
    for await (const { entries, end } of connection.search(search, undefined, settings.pageSize)) {
      const changed = entries.filter((entry) => {
        const told = stateOf(entry);
        if (told?.state === 'gone') gone.add(told.uuid);
        else if (told !== undefined) present.push(told.uuid);
        return told?.state === 'changed';
      });
      ended = end;
      if (changed.length > 0) yield { kind: 'batch', ...toBatch(changed), departures: [] };
    }
    if (ended === undefined) return yield { kind: 'broken', reason: 'The changes ended without an end.' };
    const { result, references, intermediates } = ended;
    if (result.code === refreshRequired)
      return yield {
        kind: 'cursor-lost',
        reason: 'The server does not know any more what has changed since.',
      };
    // Changes come without pages: with more of them than a search may answer, only a whole reading gets through.
    if (limits.has(result.code))
      return yield {
        kind: 'cursor-lost',
        reason: `The changes are more than the server answers at once: ${describeResult(result)}.`,
      };
    // OpenLDAP: `consumer state is newer than provider!`. It would refuse the cookie until it has caught up.
    if (result.code === resultCode.unwillingToPerform)
      return yield {
        kind: 'cursor-lost',
        reason: `The server refused the cookie: ${describeResult(result)}. It is another server than the last time and behind that one, or was restored from a backup.`,
      };
    if (result.code !== resultCode.success)
      return yield { kind: 'broken', reason: `The server ended the changes with ${describeResult(result)}.` };
    const end = syncEndOf(result);
    if (end === undefined)
      return yield { kind: 'broken', reason: 'The server did not say where the changes end.' };
    if (references.length > 0)
      return yield {
        kind: 'cursor-lost',
        reason: 'Parts of the tree are on other servers, which tell no changes.',
      };

    let namesPresent = false;
    for (const set of intermediates.flatMap((message) => uuidSetOf(message) ?? [])) {
      if (!set.areGone) namesPresent = true;
      for (const uuid of set.uuids)
        if (set.areGone) gone.add(uuid);
        else present.push(uuid);
    }
    if (gone.size > 0) {
      // It left the content: deleted, moved, or no longer of the filter. Which, the server does not say.
      const departures = [...gone].map(
        (uuid) => ({ kind: 'out-of-view', anchor: brandAnchor(uuid) }) as const,
      );
      yield { kind: 'batch', identities: [], skipped: [], departures };
    }
    const isSame = end.cookie === undefined || end.cookie.toString('base64') === place.cookie;
    // Without the names of those who left, everybody else was named; and where nothing has changed, nobody at all.
    if (!end.namesDeletions && (namesPresent || !isSame))
      yield { kind: 'in-view', anchors: present.map(brandAnchor) };
    const cookie = end.cookie?.toString('base64') ?? place.cookie;
    yield { kind: 'end', cursor: toCursor({ by: 'content-sync', cookie }) };
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    yield { kind: 'broken', reason: `The connection was lost while reading changes: ${error.message}.` };
  }
}
