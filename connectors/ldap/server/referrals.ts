/** A search of a tree of which other servers hold parts (RFC 4511 sections 4.1.10 and 4.5.3). */
import { SourceError } from '../../source-error.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import { type SearchOutcome, searchPages } from '../wire/pages.ts';
import type { RequestControl, Search } from '../wire/requests.ts';
import { resultCode, shortList } from '../wire/result-codes.ts';
import { type LdapUrl, parseLdapUrl } from './ldap-url.ts';
import { openSession } from './session.ts';

/** Asks Active Directory for its own domain alone, without references to its other partitions ([MS-ADTS] 3.1.1.3.4.1.5). */
const domainScope: RequestControl = { oid: '1.2.840.113556.1.4.1339', isCritical: false };

/** Partitions of Active Directory that hold no people, of which it sends references for each search of a domain. */
const withoutPeople = /^(DC=(Domain|Forest)DnsZones|CN=Configuration)(,|$)/i;

/** References that lead on and on end here. */
const maxDepth = 5;

interface Trail {
  readonly depth: number;
  /** What was searched already: a reference that leads back has nothing new. */
  readonly visited: Set<string>;
}

/**
 * Searches like {@link searchPages}, and follows references to other servers where the settings say so. The outcome
 * is whole where everything was followed to its end.
 */
export async function* searchTree(
  connection: LdapConnection,
  settings: LdapSettings,
  search: Search,
  signal: AbortSignal,
): AsyncGenerator<readonly SearchEntry[], SearchOutcome> {
  const start = parseLdapUrl(settings.url);
  const visited = new Set(start === undefined ? [] : [placeOf(start, search)]);
  return yield* searchFrom(connection, settings, search, signal, { depth: 0, visited });
}

async function* searchFrom(
  connection: LdapConnection,
  settings: LdapSettings,
  search: Search,
  signal: AbortSignal,
  trail: Trail,
): AsyncGenerator<readonly SearchEntry[], SearchOutcome> {
  const controls = settings.vendor === 'active-directory' ? [domainScope] : [];
  const outcome = yield* searchPages(
    connection,
    { ...search, controls: [...(search.controls ?? []), ...controls] },
    settings.pageSize,
    signal,
  );
  const references = referencesOf(outcome).filter((uris) => !uris.every((uri) => holdsNobody(uri, settings)));
  if (references.length === 0) return outcome.kind === 'referred' ? { kind: 'whole' } : outcome;
  if (!settings.referrals.follow) return outcome;

  for (const uris of references) {
    const reason = yield* follow(uris, settings, search, signal, trail);
    if (reason !== undefined) return { kind: 'partial', reason };
  }
  return { kind: 'whole' };
}

function referencesOf(outcome: SearchOutcome): readonly (readonly string[])[] {
  if (outcome.kind === 'referred') return outcome.references;
  // The server holds nothing of what was searched, and says who does.
  const isReferral = outcome.kind === 'refused' && outcome.result.code === resultCode.referral;
  return isReferral && outcome.result.referrals.length > 0 ? [outcome.result.referrals] : [];
}

function holdsNobody(uri: string, { vendor }: LdapSettings): boolean {
  return vendor === 'active-directory' && withoutPeople.test(parseLdapUrl(uri)?.base ?? '');
}

/** Reads the part at the first of its addresses that can be read. Returns why it could not be read to its end. */
async function* follow(
  uris: readonly string[],
  settings: LdapSettings,
  search: Search,
  signal: AbortSignal,
  { depth, visited }: Trail,
): AsyncGenerator<readonly SearchEntry[], string | undefined> {
  if (depth >= maxDepth) {
    return `References lead on over more than ${maxDepth} servers, at last to ${shortList(uris)}, which was not followed. Mend the referrals in the directory.`;
  }
  const problems: string[] = [];
  for (const uri of uris) {
    const target = parseLdapUrl(uri);
    if (target === undefined) {
      problems.push(`${uri} is no address that can be followed.`);
      continue;
    }
    if (!mayBeFollowed(target, settings)) {
      problems.push(
        `${target.host} is none of the servers that may be followed: name it in referrals.hosts if it may be shown the source's credentials.`,
      );
      continue;
    }
    const part: Search = {
      ...search,
      base: target.base ?? search.base,
      scope: target.scope ?? search.scope,
      filter: target.filter ?? search.filter,
    };
    const place = placeOf(target, part);
    if (visited.has(place)) return undefined;
    visited.add(place);
    let connection: LdapConnection;
    try {
      connection = await openSession(atServer(settings, target), signal);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      problems.push(error.message);
      continue;
    }
    try {
      const outcome = yield* searchFrom(connection, settings, part, signal, { depth: depth + 1, visited });
      return outcome.kind === 'whole'
        ? undefined
        : `At ${uri}, where a part of the tree is: ${outcome.reason}`;
    } finally {
      connection.close();
    }
  }
  return `A part of the tree is at ${shortList(uris)} and was not read. ${problems.join(' ')}`;
}

/** Only hosts that the configuration names: a directory's referral must not send credentials anywhere else. */
function mayBeFollowed({ host }: LdapUrl, { url, failover, referrals }: LdapSettings): boolean {
  const known = [url, ...failover].map((own) => parseLdapUrl(own)?.host);
  return known.includes(host) || referrals.hosts.some((name) => name.toLowerCase() === host);
}

/** The source's settings for another server. Where the source uses TLS, a reference without TLS gets StartTLS. */
function atServer(settings: LdapSettings, { server }: LdapUrl): LdapSettings {
  const usesTls = settings.url.startsWith('ldaps:') || settings.tls.startTls;
  const { serverName: _ofAnother, ...tls } = settings.tls;
  return { ...settings, url: server, tls: { ...tls, startTls: usesTls && server.startsWith('ldap:') } };
}

function placeOf({ server }: LdapUrl, { base, scope }: Search): string {
  return `${server}/${base.toLowerCase()}?${scope}`;
}
