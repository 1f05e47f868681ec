/** Tries every server of a source out for `check`: one that fails is found before it is needed. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { ProbeFinding, ReadRequest } from '../../connector.ts';
import { DirectoryError } from '../server/directory-error.ts';
import { serversOf } from '../server/servers.ts';
import type { Dns } from '../server/srv.ts';
import type { Filter } from '../wire/filter.ts';
import { probeDirectory } from './probe.ts';

/** The first server is tried out in full; of the others what is wrong with them, or that they do. */
export async function probeServers(
  config: LdapSourceConfig,
  dns: Dns,
  parse: (filter: string) => Filter,
  request: ReadRequest,
): Promise<readonly ProbeFinding[]> {
  let servers: readonly LdapSourceConfig[];
  try {
    servers = await serversOf(config, dns);
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return [{ ok: false, text: error.problem, mend: error.mend }];
  }
  const findings: ProbeFinding[] = [];
  for (const [index, server] of servers.entries()) {
    const found = await probeDirectory(server, parse, request);
    const bad = found.filter(({ ok }) => !ok);
    if (index === 0) findings.push(...found);
    else if (bad.length > 0) findings.push(...bad);
    else
      findings.push({
        ok: true,
        text: `${server.url} would stand in for the servers before it`,
        mend: undefined,
      });
  }
  return findings;
}
