/** Servers by DNS (RFC 2782): a domain names those that hold its directory, with an order among them. */
import { DirectoryError } from './directory-error.ts';

export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  /** Lower ones are asked first. */
  readonly priority: number;
  /** Among those of one priority, the share that each gets. */
  readonly weight: number;
}

/** What is asked of DNS, and of chance. Tests have their own. */
export interface Dns {
  resolveSrv(name: string): Promise<readonly SrvRecord[]>;
  /** From 0 to less than 1. */
  random(): number;
}

/**
 * The servers that DNS names for a domain, in the order in which they are to be asked.
 *
 * @param url such as `ldap+srv://example.com`
 * @param trustsAnyName whether the name in the certificate is given, so that it doesn't come from DNS
 * @throws {DirectoryError} of kind unreachable.
 */
export async function discoverServers(
  url: string,
  dns: Dns,
  trustsAnyName: boolean,
): Promise<readonly string[]> {
  const { protocol, hostname: domain } = new URL(url);
  const scheme = protocol.startsWith('ldaps') ? 'ldaps' : 'ldap';
  const service = `_${scheme}._tcp.${domain}`;
  const records = await ask(dns, service, url);
  const isWithin = (name: string) => name === domain || name.endsWith(`.${domain}`);
  const found = records
    .map((record) => ({ ...record, name: record.name.toLowerCase().replace(/\.$/, '') }))
    // A lone dot says that the domain has no such service.
    .filter(({ name }) => name !== '');
  const trusted = found.filter(({ name }) => trustsAnyName || isWithin(name));
  if (trusted.length === 0) {
    const [stranger] = found;
    throw stranger === undefined
      ? new DirectoryError('unreachable', `DNS names no server under ${service}`, mendOf(scheme, domain))
      : new DirectoryError(
          'unreachable',
          `DNS names only servers outside of ${domain} under ${service}, such as ${stranger.name}; whoever forges an answer of DNS could name their own`,
          'Give the servers by their own addresses (url, failover), or the name in their certificate as tls.serverName.',
        );
  }
  return inOrder(trusted, dns.random).map(({ name, port }) => `${scheme}://${name}:${port}`);
}

async function ask(dns: Dns, service: string, url: string): Promise<readonly SrvRecord[]> {
  try {
    return await dns.resolveSrv(service);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    const { protocol, hostname } = new URL(url);
    throw new DirectoryError(
      'unreachable',
      `DNS has no answer for ${service} (${code}), where ${url} looks for servers`,
      mendOf(protocol.startsWith('ldaps') ? 'ldaps' : 'ldap', hostname),
      { cause: error },
    );
  }
}

const mendOf = (scheme: 'ldap' | 'ldaps', domain: string): string =>
  scheme === 'ldaps'
    ? `Active Directory has records for ldap alone: use ldap+srv://${domain} with tls.startTls, or give the servers by their own addresses.`
    : 'Check the domain, and which DNS servers this machine asks; or give the servers by their own addresses.';

/** By priority, and by chance according to weight within one: the way that RFC 2782 tells. */
export function inOrder(records: readonly SrvRecord[], random: () => number): readonly SrvRecord[] {
  const ordered: SrvRecord[] = [];
  const byPriority = Map.groupBy(records, ({ priority }) => priority);
  for (const priority of [...byPriority.keys()].sort((one, other) => one - other)) {
    // Those without weight stand first, so that they too are chosen once in a while.
    let left = (byPriority.get(priority) ?? []).toSorted((one, other) => one.weight - other.weight);
    while (left.length > 0) {
      const chosen = chooseOne(left, random());
      ordered.push(chosen);
      left = left.filter((record) => record !== chosen);
    }
  }
  return ordered;
}

function chooseOne(records: readonly SrvRecord[], chance: number): SrvRecord {
  const [first, ...others] = records;
  if (first === undefined) throw new Error('There is nothing to choose from.');
  const total = records.reduce((sum, { weight }) => sum + weight, 0);
  const wanted = Math.floor(chance * (total + 1));
  let running = first.weight;
  let chosen = first;
  for (const record of others) {
    if (running >= wanted) break;
    running += record.weight;
    chosen = record;
  }
  return chosen;
}
