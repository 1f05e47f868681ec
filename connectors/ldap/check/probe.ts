/** Tries a source out for `check`: one finding for each thing that must be right, with the mend where it is not. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { ProbeFinding, ReadRequest, WantedAttributes } from '../../connector.ts';
import { attributesToFetch } from '../people/entries.ts';
import { DirectoryError } from '../server/directory-error.ts';
import { connectionError, searchError } from '../server/failures.ts';
import { connectTo, signIn } from '../server/session.ts';
import { readRootDse } from '../vendor/root-dse.ts';
import { type LdapSettings, settle } from '../vendor/settings.ts';
import { vendorOf } from '../vendor/vendor.ts';
import { ConnectionError, type LdapConnection } from '../wire/connection.ts';
import type { Filter } from '../wire/filter.ts';
import { pagedResultsOid } from '../wire/messages.ts';
import { readFirstPage } from '../wire/pages.ts';
import { resultCode } from '../wire/result-codes.ts';
import { describeSample } from './sample.ts';
import { readAttributeNames, valuesOf } from './schema.ts';

const anyEntry: Filter = { kind: 'present', attribute: 'objectClass' };

/** Goes from one finding to the next until one makes the rest pointless. Throws only if aborted. */
export async function probeDirectory(
  config: LdapSourceConfig,
  parse: (text: string) => Filter,
  request: ReadRequest,
): Promise<readonly ProbeFinding[]> {
  const findings: ProbeFinding[] = [];
  let connection: LdapConnection | undefined;
  try {
    if (config.filter !== undefined) parse(config.filter);
    connection = await connectTo(config, request.signal);
    findings.push(good(`Connected to ${config.url} ${describeEncryption(connection, config)}`));
    await signIn(connection, config);
    findings.push(good(config.bindDn === '' ? 'Signed in anonymously' : `Signed in as ${config.bindDn}`));
    const rootDse = await readRootDse(connection, config.url);
    const settings = settle(config, config.vendor === 'auto' ? vendorOf(rootDse) : config.vendor);
    findings.push(await probePaging(connection, config));
    findings.push(await probeBase(connection, config));
    findings.push(...(await probePeople(connection, settings, parse(settings.filter), request.attributes)));
  } catch (error) {
    request.signal.throwIfAborted();
    findings.push(toFinding(error, config));
  } finally {
    connection?.close();
  }
  return findings;
}

async function probePaging(connection: LdapConnection, config: LdapSourceConfig): Promise<ProbeFinding> {
  const search = { base: '', scope: 'base', filter: anyEntry, attributes: ['supportedControl'] } as const;
  const { entries } = await readFirstPage(connection, search, 1);
  const controls = entries.flatMap((entry) => valuesOf(entry, 'supportedControl'));
  if (controls.includes(pagedResultsOid)) return good('The server supports paged results');
  if (controls.length === 0) return good('The server does not say whether it supports paged results');
  return bad(
    `${config.url} does not support paged results`,
    'A directory larger than its size limit will never be read completely: raise the limit for this account.',
  );
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
  config: LdapSettings,
  filter: Filter,
  wanted: WantedAttributes,
): Promise<readonly ProbeFinding[]> {
  const attributes = attributesToFetch(wanted, config);
  // Signals are the vendor's, not somebody's typing, and rare.
  const named = attributes.filter((name) => !config.leavers.signals.some((signal) => signal === name));
  const search = { base: config.baseDn, scope: 'sub', filter, attributes } as const;
  const { entries, result } = await readFirstPage(connection, search, config.pageSize);
  if (entries.length === 0) {
    if (result.code !== resultCode.success) {
      throw searchError(result, config.baseDn, config.filter, config.url);
    }
    return [
      bad(
        `The filter ${config.filter} finds nobody under ${config.baseDn}`,
        'Check the filter, and what the account may read: without rights a directory looks empty.',
      ),
    ];
  }
  const more = (result.pageCookie?.length ?? 0) > 0;
  const people = `${more ? 'at least ' : ''}${entries.length} ${entries.length === 1 ? 'person' : 'people'}`;
  const seen =
    result.code === resultCode.success
      ? good(`The filter ${config.filter} finds ${people}`)
      : toFinding(searchError(result, config.baseDn, config.filter, config.url), config);
  const nameOf = await readAttributeNames(connection);
  return [seen, ...describeSample(entries, named, config.attributes, nameOf)];
}

function describeEncryption(connection: LdapConnection, config: LdapSourceConfig): string {
  const version = connection.tlsVersion;
  if (version === undefined) return 'without TLS: everything is readable on the way';
  return config.tls.insecureSkipVerify
    ? `with ${version}, but the server's certificate is not verified`
    : `with ${version}`;
}

function toFinding(error: unknown, config: Pick<LdapSourceConfig, 'url'>): ProbeFinding {
  const known = error instanceof ConnectionError ? connectionError(error, config.url, config.url) : error;
  if (known instanceof DirectoryError) return bad(known.problem, known.mend);
  throw known;
}

function good(text: string): ProbeFinding {
  return { ok: true, text, mend: undefined };
}

function bad(text: string, mend: string): ProbeFinding {
  return { ok: false, text, mend };
}
