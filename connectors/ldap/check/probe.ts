/** Tries a source out for `check`: one finding for each thing that must be right, with the mend where it is not. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { ProbeFinding, ReadRequest, WantedAttributes } from '../../connector.ts';
import { attributesToFetch } from '../people/entries.ts';
import { DirectoryError } from '../server/directory-error.ts';
import { connectionError, searchError } from '../server/failures.ts';
import { connectTo, signIn, whoSignsIn } from '../server/session.ts';
import { readRootDse } from '../vendor/root-dse.ts';
import { type LdapSettings, settle } from '../vendor/settings.ts';
import { vendorOf } from '../vendor/vendor.ts';
import { ConnectionError, type LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { readFirstPage } from '../wire/pages.ts';
import { resultCode } from '../wire/result-codes.ts';
import { countPeople } from './count.ts';
import { probeDeltas } from './deltas.ts';
import { bad, good } from './finding.ts';
import { probeGroups } from './groups.ts';
import { describeSignals, probeDeletedObjects } from './rights.ts';
import { describeSample } from './sample.ts';
import { readAttributeNames } from './schema.ts';
import { describeKind, describeSettings } from './server.ts';

const anyEntry: Filter = { kind: 'present', attribute: 'objectClass' };
const sampleSize = 100;

/** Goes from one finding to the next until one makes the rest pointless. Throws only if aborted. */
export async function probeDirectory(
  config: LdapSourceConfig,
  parse: (filter: string) => Filter,
  { attributes, groups, signal }: ReadRequest,
): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [];
  let connection: LdapConnection | undefined;
  try {
    if (config.filter !== undefined) parse(config.filter);
    connection = await connectTo(config, signal);
    findings.push(good(`Connected to ${config.url} ${describeEncryption(connection, config)}`));
    await signIn(connection, config);
    findings.push(good(`Signed in ${whoSignsIn(config)}`));

    const rootDse = await readRootDse(connection, config.url);
    const settings = settle(config, config.vendor === 'auto' ? vendorOf(rootDse) : config.vendor);
    const filter = parse(settings.filter);
    findings.push(...describeKind(rootDse, config, settings));
    findings.push(describeSettings(config, settings));
    findings.push(await probeBase(connection, config));
    findings.push(...(await probePeople(connection, settings, filter, attributes)));
    if (groups) findings.push(await probeGroups(connection, settings, filter, signal));
    findings.push(...(await probeDeletedObjects(connection, rootDse, settings)));
    findings.push(await probeDeltas({ connection, settings, rootDse, filter, signal }, { groups }));
    findings.push(await countPeople(connection, settings, filter, signal));
  } catch (error) {
    signal.throwIfAborted();
    findings.push(toFinding(error, config));
  } finally {
    connection?.close();
  }
  return findings;
}

async function probeBase(connection: LdapConnection, config: LdapSourceConfig): Promise<ProbeFinding> {
  const search = { base: config.baseDn, scope: 'base', filter: anyEntry, attributes: ['1.1'] } as const;
  const { entries, result } = await readFirstPage(connection, search, 1);
  if (result.code !== resultCode.success) {
    throw searchError(result, config.baseDn, '(objectClass=*)', config.url);
  }
  if (entries.length > 0) return good(`The base ${config.baseDn} is there`);
  return bad(
    `The base ${config.baseDn} is not visible`,
    'It may be missing, or hidden from the account: check baseDn, and what the account may read.',
  );
}

async function probePeople(
  connection: LdapConnection,
  settings: LdapSettings,
  filter: Filter,
  wanted: WantedAttributes,
): Promise<readonly ProbeFinding[]> {
  const attributes = attributesToFetch(wanted, settings);
  const entries = await readSample(connection, settings, filter, attributes);
  if (entries.length === 0) {
    throw new DirectoryError(
      'filter',
      `The filter ${settings.filter} finds nobody under ${settings.baseDn}`,
      'Check the filter, and what the account may read: without rights a directory looks empty.',
    );
  }
  // Signals are the vendor's, not somebody's typing, and rare.
  const named = attributes.filter((name) => !settings.leavers.signals.some((signal) => signal === name));
  const nameOf = await readAttributeNames(connection);
  return [
    ...describeSample(entries, named, settings.attributes, nameOf),
    ...describeSignals(entries, settings),
  ];
}

/** @throws {SourceError} where the server refuses the search */
async function readSample(
  connection: LdapConnection,
  settings: LdapSettings,
  filter: Filter,
  attributes: readonly string[],
): Promise<readonly SearchEntry[]> {
  const search = { base: settings.baseDn, scope: 'sub', filter, attributes } as const;
  const { entries, result } = await readFirstPage(
    connection,
    search,
    Math.min(settings.pageSize, sampleSize),
  );
  if (entries.length === 0 && result.code !== resultCode.success) {
    throw searchError(result, settings.baseDn, settings.filter, settings.url);
  }
  return entries;
}

function describeEncryption(connection: LdapConnection, config: LdapSourceConfig): string {
  const version = connection.tlsVersion;
  if (version === undefined) return 'without TLS: everything is readable on the way';
  return config.tls.insecureSkipVerify
    ? `with ${version}, but the server's certificate is not verified`
    : `with ${version}`;
}

function toFinding(error: unknown, { url }: LdapSourceConfig): ProbeFinding {
  const known = error instanceof ConnectionError ? connectionError(error, url, url) : error;
  if (known instanceof DirectoryError) return bad(known.problem, known.mend);
  throw known;
}
