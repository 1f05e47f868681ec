/** A reading of a directory: batches of identities, then whether everybody was seen. */
import { TextSet } from '../../../src/compact/index.ts';
import type { Anchor, Identity, SourceId } from '../../../src/identity/identity.ts';
import type { Completeness, Cursor, ReadRequest, Recalled, SkippedRecord } from '../../connector.ts';
import { type GroupsOf, noGroups, openGroups } from '../groups/book.ts';
import { connectionError, searchError } from '../server/failures.ts';
import { searchTree } from '../server/referrals.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import type { SearchOutcome } from '../wire/pages.ts';
import { attributesToFetch, entryReader } from './entries.ts';
import type { ServerReadingPart } from './restart.ts';

/** Few people at a time, so that most of what is made of them is forgotten before it has to be moved in memory. */
const batchSize = 200;

/**
 * Reads everybody. Throws where nothing at all was read; what breaks off later ends as incomplete.
 *
 * @param another - opens a second connection, for groups that turn up while people are being read
 * @param cursor - where changes can be read from that came after the beginning
 */
export async function* readDirectory(
  connection: LdapConnection,
  config: LdapSettings,
  source: SourceId,
  filter: Filter,
  request: ReadRequest,
  another: () => Promise<LdapConnection>,
  cursor?: Cursor,
): AsyncGenerator<ServerReadingPart> {
  const { signal } = request;
  const groups = request.groups
    ? await openGroups({ config, peopleFilter: filter, connection, another, signal })
    : noGroups;
  const search = {
    base: config.baseDn,
    scope: 'sub',
    filter,
    attributes: attributesToFetch(request.attributes, config, groups.attributes),
  } as const;
  // What groups somebody is in is told by other entries than theirs.
  const recall = request.groups ? undefined : request.recall;
  const toBatch = batchMaker(
    entryReader(source, request.attributes, config, recall),
    config.attributes.anchor,
  );
  const seen = { nameless: 0, entries: 0 };

  const pages = searchTree(connection, config, search, request.signal);
  try {
    let step = await pages.next();
    while (!step.done) {
      seen.entries += step.value.length;
      for (let from = 0; from < step.value.length; from += batchSize) {
        const some = step.value.slice(from, from + batchSize);
        const batch = toBatch(some, await groups.look(some));
        seen.nameless += batch.nameless;
        const { identities, skipped, recalled } = batch;
        yield { kind: 'batch', identities, skipped, ...(recall !== undefined && { recalled }) };
      }
      step = await pages.next();
    }
    if (seen.entries === 0) throwIfNothingWasRead(step.value, config);
    const groupsUnknown = groups.doubt();
    if (step.value.kind === 'broken')
      return yield { kind: 'broken', reason: step.value.reason, groupsUnknown };
    const completeness = judge(step.value, { ...seen, groupsUnknown }, config);
    yield { kind: 'end', completeness, ...(completeness.kind === 'complete' ? { cursor } : {}) };
  } finally {
    await pages.return({ kind: 'partial', reason: 'The reading was stopped.' });
  }
}

/** The error for a search that gave nothing at all, if it ended badly. */
export function throwIfNothingWasRead(outcome: SearchOutcome, config: LdapSettings): void {
  if (outcome.kind === 'refused') {
    throw searchError(outcome.result, config.baseDn, config.filter, config.url);
  }
  if (outcome.kind === 'broken') {
    throw connectionError(outcome.error, config.url, config.url);
  }
}

interface Seen {
  readonly entries: number;
  readonly nameless: number;
  /** Why somebody may be in more groups than they seem to be. */
  readonly groupsUnknown: string | undefined;
}

function judge(outcome: SearchOutcome, seen: Seen, config: LdapSettings): Completeness {
  const { groupsUnknown } = seen;
  const reason = doubtInPeople(outcome, seen, config) ?? groupsUnknown;
  return reason === undefined ? { kind: 'complete' } : { kind: 'incomplete', reason, groupsUnknown };
}

/** Why somebody may be there who was not seen; undefined where that can't be. */
function doubtInPeople(outcome: SearchOutcome, seen: Seen, config: LdapSettings): string | undefined {
  if (outcome.kind !== 'whole') return outcome.reason;
  if (seen.entries === 0)
    return `The server found nobody under ${config.baseDn} with the filter ${config.filter}. An account that has lost its rights gets the same answer: check what it may read, and the filter.`;
  // Each of them may be somebody whose anchor has become unreadable, and who only looks gone.
  if (seen.nameless > 0)
    return `${seen.nameless} of ${seen.entries} entries have no usable ${config.attributes.anchor}, so nobody can say who is missing. Let the account read it, or leave such entries out by the filter.`;
  return undefined;
}

interface Batch {
  readonly identities: readonly Identity[];
  readonly skipped: readonly SkippedRecord[];
  readonly recalled: readonly Recalled[];
  readonly nameless: number;
}

export function batchMaker(toOutcome: ReturnType<typeof entryReader>, anchorName: string) {
  const known = new TextSet<Anchor>();
  return (entries: readonly SearchEntry[], groupsOf: GroupsOf): Batch => {
    const identities: Identity[] = [];
    const skipped: SkippedRecord[] = [];
    const recalled: Recalled[] = [];
    let nameless = 0;
    for (const entry of entries) {
      const outcome = toOutcome(entry, groupsOf(entry));
      if (outcome.kind === 'nameless') {
        nameless += 1;
        skipped.push(outcome.skipped);
        continue;
      }
      const { label, anchor } = outcome.kind === 'identity' ? outcome.identity : outcome;
      if (!known.add(anchor)) {
        const reason = `${label} has the same ${anchorName} as an entry before it (${anchor}); the first one counts. An anchor must be one person's own: mend the directory, or choose another attributes.anchor.`;
        skipped.push({ label, anchor, reason });
        continue;
      }
      if (outcome.kind === 'recalled') recalled.push({ anchor, branches: outcome.branches });
      else if (outcome.kind === 'identity') identities.push(outcome.identity);
      else skipped.push({ label, anchor, reason: outcome.reason });
    }
    return { identities, skipped, recalled, nameless };
  };
}
