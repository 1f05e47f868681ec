/** An LDIF file as a source: an export of the directory that somebody else puts there. */
import type { LdifSourceConfig } from '../../config/schema.ts';
import type { Anchor, Identity, SourceId } from '../../src/identity/identity.ts';
import type {
  Completeness,
  Connector,
  Presence,
  ReadingPart,
  ReadRequest,
  Sighting,
  SkippedRecord,
} from '../connector.ts';
import { SourceError } from '../source-error.ts';
import { createEntryReader } from './identity.ts';
import { probeLdif } from './probe.ts';
import { readLdifFile } from './read-file.ts';
import type { LdifItem } from './record.ts';

const batchSize = 1_000;

/** After so many unreadable records without a single entry, the file is taken for something other than LDIF. */
const hopelessAfter = 1_000;

type Malformed = Extract<LdifItem, { kind: 'malformed' }>;

/** What a reading has seen so far, and what that makes of it. */
interface Tally {
  entries: number;
  people: number;
  malformed: number;
  firstMalformed: Malformed | undefined;
  partial: string | undefined;
}

const notLdif = (file: string, reason: string): SourceError =>
  new SourceError(
    'file',
    `${file} can't be read as LDIF. ${reason} Export the directory as LDIF (RFC 2849).`,
  );

function completenessOf(tally: Tally, config: LdifSourceConfig): Completeness {
  const incomplete = (reason: string): Completeness => ({ kind: 'incomplete', reason });
  if (tally.partial !== undefined) return incomplete(`${config.file}: ${tally.partial}.`);
  if (tally.malformed > 0)
    return incomplete(
      `${config.file}: ${tally.malformed} of its records can't be read, so nobody knows who is missing. ${tally.firstMalformed?.reason ?? ''}`,
    );
  if (tally.entries === 0)
    return incomplete(`${config.file} holds no entry. Look whether the export failed.`);
  if (tally.people === 0)
    return incomplete(
      `${config.file}: none of its ${tally.entries} entries is a person of objectClass ${config.filter.objectClass} with ${config.attributes.anchor}. Correct filter.objectClass or attributes.anchor.`,
    );
  return { kind: 'complete' };
}

function countUnreadable(tally: Tally, item: Malformed, file: string): SkippedRecord {
  tally.malformed += 1;
  tally.firstMalformed ??= item;
  if (tally.entries === 0 && tally.malformed >= hopelessAfter)
    throw notLdif(file, tally.firstMalformed.reason);
  return { label: item.label || `line ${item.line}`, anchor: undefined, reason: item.reason };
}

async function* readBatches(config: LdifSourceConfig, request: ReadRequest): AsyncGenerator<ReadingPart> {
  const { file, maxEntrySize } = config;
  const entryReader = createEntryReader(config, request.attributes);
  const tally: Tally = { entries: 0, people: 0, malformed: 0, firstMalformed: undefined, partial: undefined };
  let identities: Identity[] = [];
  let skipped: SkippedRecord[] = [];

  for await (const items of readLdifFile(file, { maxEntrySize, signal: request.signal })) {
    for (const item of items) {
      if (item.kind === 'refused') throw notLdif(file, `Line ${item.line}: ${item.reason}`);
      if (item.kind === 'partial') tally.partial ??= item.reason;
      if (item.kind === 'malformed') skipped.push(countUnreadable(tally, item, file));
      if (item.kind === 'entry') {
        tally.entries += 1;
        const read = entryReader.read(item);
        if (read.kind === 'person') {
          tally.people += 1;
          identities.push(read.identity);
        }
        if (read.kind === 'skipped') skipped.push(read.record);
      }
      if (identities.length >= batchSize || (tally.entries > 0 && skipped.length >= batchSize)) {
        yield { kind: 'batch', identities, skipped };
        identities = [];
        skipped = [];
      }
    }
  }
  if (tally.entries === 0 && tally.firstMalformed !== undefined)
    throw notLdif(file, tally.firstMalformed.reason);
  if (identities.length > 0 || skipped.length > 0) yield { kind: 'batch', identities, skipped };
  yield { kind: 'end', completeness: completenessOf(tally, config) };
}

async function lookUp(
  config: LdifSourceConfig,
  anchors: readonly Anchor[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Anchor, Presence>> {
  const seen = new Set<Anchor>();
  const asked = new Set(anchors);
  let completeness: Completeness = { kind: 'complete' };
  for await (const part of readBatches(config, { attributes: [], signal })) {
    if (part.kind === 'end') {
      completeness = part.completeness;
      continue;
    }
    for (const { anchor } of [...part.identities, ...part.skipped])
      if (anchor !== undefined && asked.has(anchor)) seen.add(anchor);
  }
  const missing: Presence =
    completeness.kind === 'complete' ? { kind: 'absent' } : { kind: 'unknown', reason: completeness.reason };
  return new Map(anchors.map((anchor) => [anchor, seen.has(anchor) ? { kind: 'present' } : missing]));
}

/** Reads the file to its end: somebody later in it may have the same name. */
async function find(
  config: LdifSourceConfig,
  names: readonly string[],
  request: ReadRequest,
): Promise<Sighting> {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const isNamed = (...candidates: readonly (string | undefined)[]): boolean =>
    candidates.some((name) => name !== undefined && wanted.has(name.toLowerCase()));
  const identities: Identity[] = [];
  const skipped: SkippedRecord[] = [];
  let completeness: Completeness = { kind: 'complete' };
  for await (const part of readBatches(config, request)) {
    if (part.kind === 'end') {
      completeness = part.completeness;
      continue;
    }
    identities.push(...part.identities.filter((one) => isNamed(one.email, one.login, one.anchor)));
    skipped.push(...part.skipped.filter(({ anchor }) => isNamed(anchor)));
  }
  return {
    identities,
    skipped,
    incomplete: completeness.kind === 'complete' ? undefined : completeness.reason,
  };
}

/**
 * A connector for an LDIF file (RFC 2849), read anew each time. A record that can't be read is skipped by line and
 * reason, and makes the reading incomplete, because it may be anybody. Relative paths are taken as they are: the
 * configuration's loader has made them absolute.
 */
export function createLdifConnector(config: LdifSourceConfig): Connector {
  return {
    source: config.id as SourceId,
    read: (request) => readBatches(config, request),
    lookup: (anchors, signal) => lookUp(config, anchors, signal),
    find: (names, request) => find(config, names, request),
    probe: (request) => probeLdif(config, request),
    close: async () => {},
  };
}
