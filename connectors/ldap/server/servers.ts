/** Which servers hold a source's directory, and what becomes of a server that can't be used. */
import { resolveSrv } from 'node:dns/promises';
import type { LdapSourceConfig } from '../../../config/schema.ts';
import { SourceError, type SourceErrorKind } from '../../source-error.ts';
import { DirectoryError } from './directory-error.ts';
import { type Dns, discoverServers } from './srv.ts';

export const systemDns: Dns = { resolveSrv, random: Math.random };

/**
 * The source's settings once for each of its servers, in the order in which they are asked: `url`, then `failover`.
 * A domain stands for all servers that DNS names for it.
 *
 * @throws {DirectoryError} where DNS names none at all.
 */
export async function serversOf(config: LdapSourceConfig, dns: Dns): Promise<readonly LdapSourceConfig[]> {
  const urls: string[] = [];
  const problems: DirectoryError[] = [];
  for (const url of [config.url, ...config.failover]) {
    if (!isDomain(url)) urls.push(url);
    else {
      try {
        urls.push(...(await discoverServers(url, dns, config.tls.serverName !== undefined)));
      } catch (error) {
        if (!(error instanceof DirectoryError)) throw error;
        problems.push(error);
      }
    }
  }
  if (urls.length === 0) throw noneUsable(config.id, problems);
  return [...new Set(urls)].map((url) => ({ ...config, url }));
}

/** Whether DNS is to be asked for the servers: `ldap+srv://example.com`. */
function isDomain(url: string): boolean {
  return /^ldaps?\+srv:/.test(url);
}

/** What another server may not have. Wrong credentials are no such thing: they would lock the account everywhere. */
const elsewhereBetter: ReadonlySet<SourceErrorKind> = new Set(['unreachable', 'certificate', 'protocol']);

/** Whether it makes sense to ask another server after this failure. */
export function isOneServers(error: unknown): error is SourceError {
  return error instanceof SourceError && elsewhereBetter.has(error.kind);
}

/**
 * Does something with the first server with which it can be done.
 *
 * @param passOver told of each server that could not be used while there are others.
 * @throws {SourceError} the one of a lone server; or one that tells of all.
 */
export async function withFirst<Result>(
  servers: readonly LdapSourceConfig[],
  attempt: (server: LdapSourceConfig) => Promise<Result>,
  passOver: (server: LdapSourceConfig, error: SourceError) => void,
): Promise<Result> {
  const failures: SourceError[] = [];
  for (const server of servers) {
    try {
      return await attempt(server);
    } catch (error) {
      if (!isOneServers(error)) throw error;
      failures.push(error);
      passOver(server, error);
    }
  }
  throw noneUsable(servers[0]?.id ?? '', failures);
}

/** One error for all servers. */
export function noneUsable(id: string, failures: readonly SourceError[]): SourceError {
  const [first, ...others] = failures;
  if (first === undefined) throw new Error('No server failed.');
  if (others.length === 0) return first;
  const list = failures.map(({ message }, index) => `(${index + 1}) ${message}`).join(' ');
  return new DirectoryError(
    first.kind,
    `None of the ${failures.length} servers of the source ${id} can be used`,
    `One is enough; what each of them lacks: ${list}`,
    { cause: first },
  );
}
