import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { ChangesPart } from '../../connector.ts';
import type { SourceError } from '../../source-error.ts';
import { isOneServers, noneUsable } from '../server/servers.ts';

/**
 * Reads changes from the first server that can be used. One whose connection breaks later is not followed by another: the
 * next delta begins at the same place again.
 */
export async function* fromFirstServer(
  servers: readonly LdapSourceConfig[],
  tell: (server: LdapSourceConfig) => AsyncGenerator<ChangesPart>,
  passOver: (server: LdapSourceConfig, error: SourceError | string) => void,
): AsyncGenerator<ChangesPart> {
  const failures: SourceError[] = [];
  for (const server of servers) {
    try {
      yield* tell(server);
      return;
    } catch (error) {
      if (!isOneServers(error)) throw error;
      failures.push(error);
      passOver(server, error);
    }
  }
  throw noneUsable(servers[0]?.id ?? '', failures);
}
