/** The connector for Microsoft Entra ID, by Microsoft Graph. */
import type { EntraSourceConfig } from '../../config/schema.ts';
import type { Anchor } from '../../src/identity/identity.ts';
import type { ChangesRequest, Connector, ReadRequest } from '../connector.ts';
import { probeTenant } from './check/probe.ts';
import { createGraph, type Patience } from './graph/graph.ts';
import { paceOf } from './graph/pace.ts';
import { createTransport } from './graph/transport.ts';
import { watchUsers } from './notices/subscription.ts';
import { readChangesSince } from './people/changes.ts';
import { findUsers } from './people/find.ts';
import { brandSource } from './people/identity.ts';
import { lookUp } from './people/lookup.ts';
import type { ReadingMeans } from './people/means.ts';
import { readTenant } from './people/reading.ts';
import { createUserReader } from './people/user-reader.ts';
import { scopeOf } from './scope/scope.ts';
import { readClaims } from './sign-in/claims.ts';
import { cloudOf } from './sign-in/clouds.ts';
import { createTokens } from './sign-in/tokens.ts';

/** Graph asks for a few seconds as a rule, and for minutes in trouble. */
const usualPatience: Patience = { tries: 7, waitMs: 500, longestWaitMs: 300_000 };

/** A connector for the source. Nothing is connected until it is asked for something. */
export function createEntraConnector(
  config: EntraSourceConfig,
  patience: Patience = usualPatience,
): Connector {
  const closing = new AbortController();
  const means = meansOf(config, patience);
  const during = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing.signal]);

  return {
    source: brandSource(config.id),
    read: (request: ReadRequest) => readTenant(means, { ...request, signal: during(request.signal) }),
    changes: (request: ChangesRequest) =>
      readChangesSince(means, { ...request, signal: during(request.signal) }),
    lookup: (anchors: readonly Anchor[], signal: AbortSignal) => lookUp(means, anchors, during(signal)),
    find: (names: readonly string[], request: ReadRequest) =>
      findUsers(means, names, { ...request, signal: during(request.signal) }),
    watch:
      config.notifications === undefined
        ? undefined
        : watchUsers(means.graph, config.notifications.url, during),
    probe: (request: ReadRequest) => probeTenant(means, { ...request, signal: during(request.signal) }),
    async close() {
      closing.abort(new Error('The connector was closed.'));
    },
  };
}

function meansOf(config: EntraSourceConfig, patience: Patience): ReadingMeans {
  const cloud = cloudOf(config);
  const tokens = createTokens(config, cloud, { tries: Math.min(patience.tries, 4), waitMs: patience.waitMs });
  const graph = createGraph({
    host: cloud.graph,
    transport: createTransport(cloud.graph),
    tokens,
    pace: paceOf(cloud.graph, config.tenantId),
    patience,
    timeoutMs: config.timeout,
  });
  return {
    config,
    graph,
    patience,
    reader: createUserReader(graph, patience),
    scope: scopeOf(config, graph, patience),
    claims: async (signal) => readClaims(await tokens.get(signal)),
  };
}
