/** The connector for LDAP directories with an immutable id, such as OpenLDAP's entryUUID. */
import type { LdapSourceConfig } from '../../config/schema.ts';
import type { Anchor, SourceId } from '../../src/identity/identity.ts';
import type {
  ChangesPart,
  ChangesRequest,
  Connector,
  Presence,
  ProbeFinding,
  ReadingPart,
  ReadRequest,
  Sighting,
} from '../connector.ts';
import { probeServers } from './check/servers.ts';
import { cannotTellChanges, readChanges, takePlace } from './deltas/changes.ts';
import { toCursor } from './deltas/cursor.ts';
import { fromFirstServer } from './deltas/first-server.ts';
import type { DeltaMeans } from './deltas/means.ts';
import { attributesToFetch, entryReader } from './people/entries.ts';
import { findPeople } from './people/find.ts';
import { lookUp } from './people/lookup.ts';
import { batchMaker, readDirectory } from './people/reading.ts';
import { readFromServers, type ServerReadingPart } from './people/restart.ts';
import { lookUpOnTwo } from './people/second-word.ts';
import { DirectoryError } from './server/directory-error.ts';
import { connectionError } from './server/failures.ts';
import { serversOf, systemDns, withFirst } from './server/servers.ts';
import { openSession } from './server/session.ts';
import type { Dns } from './server/srv.ts';
import { type RootDse, readRootDse } from './vendor/root-dse.ts';
import { type LdapSettings, settle } from './vendor/settings.ts';
import { vendorOf } from './vendor/vendor.ts';
import type { LdapConnection } from './wire/connection.ts';
import { type Filter, FilterSyntaxError, parseFilter } from './wire/filter.ts';

/** Where the connector says aloud what the operator should hear; a pino logger fits. */
export interface LdapLog {
  warn(details: object, message: string): void;
}

/** A connection, with what is to be read over it. */
interface Directory {
  readonly connection: LdapConnection;
  readonly settings: LdapSettings;
  readonly rootDse: RootDse | undefined;
  readonly filter: Filter;
}

/**
 * A connector for the source. Nothing is connected until it is asked for something; every reading and every lookup
 * has a connection of its own.
 */
export function createLdapConnector(
  config: LdapSourceConfig,
  log?: LdapLog,
  dns: Dns = systemDns,
): Connector {
  const source = brandSource(config.id);
  const open = new Set<LdapConnection>();
  if (log !== undefined) warnAboutTls(config, log);

  const connected = async (server: LdapSourceConfig, signal: AbortSignal): Promise<Directory> => {
    const given = server.filter === undefined ? undefined : sourceFilter(server.id, server.filter);
    const connection = await openSession(server, signal);
    open.add(connection);
    try {
      const isAsked = server.vendor === 'auto' || wantsDeltas(server);
      const rootDse = isAsked ? await readRootDse(connection, server.url) : undefined;
      const settings = settle(server, server.vendor === 'auto' ? vendorOf(rootDse) : server.vendor);
      return { connection, settings, rootDse, filter: given ?? parseFilter(settings.filter) };
    } catch (error) {
      leave(connection);
      throw connectionError(error, server.url, server.url);
    }
  };
  const passOver = ({ url }: LdapSourceConfig, reason: Error | string): void => {
    const why = reason instanceof Error ? reason.message : reason;
    log?.warn({ source: config.id, url }, `The source ${config.id} passes over ${url}: ${why}`);
  };
  const leave = (connection: LdapConnection): void => {
    open.delete(connection);
    connection.close();
  };

  /** A function that opens further connections, all noted in the list. */
  const opener =
    (server: LdapSourceConfig, signal: AbortSignal, connections: LdapConnection[]) =>
    async (): Promise<LdapConnection> => {
      const connection = await openSession(server, signal);
      open.add(connection);
      connections.push(connection);
      return connection;
    };

  const deltaMeans = (directory: Directory, { attributes, signal }: ReadRequest): DeltaMeans => {
    const { settings } = directory;
    const toOutcome = entryReader(source, attributes, settings);
    return {
      ...directory,
      attributes: attributesToFetch(attributes, settings),
      signal,
      // Somebody may come several times: each batch is looked at by itself.
      toBatch: (entries) => batchMaker(toOutcome, settings.attributes.anchor)(entries, () => []),
    };
  };

  return {
    source,

    async *read(request: ReadRequest): AsyncGenerator<ReadingPart> {
      const readFrom = async function* (server: LdapSourceConfig): AsyncGenerator<ServerReadingPart> {
        const connections: LdapConnection[] = [];
        const another = opener(server, request.signal, connections);
        const directory = await connected(server, request.signal);
        const { connection, settings, filter } = directory;
        connections.push(connection);
        try {
          // Before anything is read: what changes meanwhile is told again afterwards.
          const place = await takePlace(deltaMeans(directory, request), request).catch((error: unknown) => {
            throw connectionError(error, server.url, server.url);
          });
          const cursor = place === undefined ? undefined : toCursor(place);
          yield* readDirectory(connection, settings, source, filter, request, another, cursor);
        } finally {
          connections.forEach(leave);
        }
      };
      yield* readFromServers(await serversOf(config, dns), readFrom, passOver);
    },

    changes:
      config.delta === 'none'
        ? undefined
        : async function* (request: ChangesRequest): AsyncGenerator<ChangesPart> {
            const tell = async function* (server: LdapSourceConfig): AsyncGenerator<ChangesPart> {
              const directory = await connected(server, request.signal);
              try {
                yield* readChanges(deltaMeans(directory, request), request);
              } finally {
                leave(directory.connection);
              }
            };
            yield* fromFirstServer(await serversOf(config, dns), tell, passOver);
          },

    cannotTellChanges,

    async lookup(anchors: readonly Anchor[], signal: AbortSignal): Promise<ReadonlyMap<Anchor, Presence>> {
      if (anchors.length === 0) return new Map();
      const lookUpOn = async (server: LdapSourceConfig, some: readonly Anchor[]) => {
        const { connection, settings, filter } = await connected(server, signal);
        try {
          return await lookUp(connection, settings, filter, some, signal);
        } catch (error) {
          throw connectionError(error, server.url, server.url);
        } finally {
          leave(connection);
        }
      };
      return await lookUpOnTwo(await serversOf(config, dns), lookUpOn, anchors, passOver);
    },

    async find(names: readonly string[], request: ReadRequest): Promise<Sighting> {
      const findOn = async (server: LdapSourceConfig): Promise<Sighting> => {
        const connections: LdapConnection[] = [];
        const another = opener(server, request.signal, connections);
        const { connection, settings, filter } = await connected(server, request.signal);
        connections.push(connection);
        try {
          return await findPeople(connection, settings, source, filter, names, request, another);
        } catch (error) {
          throw connectionError(error, server.url, server.url);
        } finally {
          connections.forEach(leave);
        }
      };
      return await withFirst(await serversOf(config, dns), findOn, passOver);
    },

    probe(request: ReadRequest): Promise<readonly ProbeFinding[]> {
      return probeServers(config, dns, (text) => sourceFilter(config.id, text), request);
    },

    async close(): Promise<void> {
      for (const connection of open) connection.destroy();
      open.clear();
    },
  };
}

/** Whether the configuration speaks of deltas, so that the server has to be asked how it tells changes. */
const wantsDeltas = ({ delta, schedule }: LdapSourceConfig): boolean =>
  delta !== 'none' && (delta !== 'auto' || schedule.delta !== undefined);

/** What is wrong with the syntax of the source's filter, and the mend; undefined where nothing is. */
export function ldapFilterProblem(config: LdapSourceConfig): string | undefined {
  if (config.filter === undefined) return undefined;
  try {
    sourceFilter(config.id, config.filter);
    return undefined;
  } catch (error) {
    if (error instanceof DirectoryError) return error.message;
    throw error;
  }
}

/** The source's filter. Wrong syntax is found here, before anything is connected. */
function sourceFilter(id: string, text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    throw new DirectoryError(
      'filter',
      `The filter of the source ${id} is wrong: ${error.message} of ${text}`,
      'Mend it there; the syntax is that of RFC 4515, such as (&(objectClass=inetOrgPerson)(!(title=Guest))).',
      { cause: error },
    );
  }
}

function warnAboutTls(config: LdapSourceConfig, log: LdapLog): void {
  const details = { source: config.id, url: config.url };
  const { tls } = config;
  const plain = [config.url, ...config.failover].filter(
    (url) => /^ldap([+]srv)?:/.test(url) && !tls.startTls,
  );
  if (plain.length < 1 + config.failover.length && tls.insecureSkipVerify) {
    log.warn(
      details,
      `The source ${config.id} does not verify the server's certificate (tls.insecureSkipVerify).`,
    );
  }
  if (plain.length > 0 && tls.allowPlaintext) {
    log.warn(
      details,
      `The source ${config.id} signs in without TLS: its password is readable on the way (tls.allowPlaintext).`,
    );
  }
}

/** The border where a configured id becomes a source id. */
function brandSource(id: string): SourceId {
  return id as SourceId;
}
