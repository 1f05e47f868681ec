/** An emulated tenant of a test's own, and a source that reads it. */
import { readFileSync } from 'node:fs';
import { setDefaultCACertificates } from 'node:tls';
import { z } from 'zod';
import type { EntraSourceConfig } from '../../../config/schema.ts';
import { entraSource } from '../../../config/sections/sources/entra.ts';
import type {
  ChangesPart,
  Connector,
  Cursor,
  Departure,
  ReadingPart,
  SkippedRecord,
  WantedAttributes,
} from '../../../connectors/connector.ts';
import { createEntraConnector } from '../../../connectors/entra/index.ts';
import type { Anchor, Identity } from '../../../src/identity/identity.ts';
import { type EntraServer, type EntraServerOptions, startEntra } from '../../servers/entra/server.ts';

export interface Tenant extends EntraServer, AsyncDisposable {
  /** A connector for this tenant; it is closed with it. */
  connect(settings?: Record<string, unknown>): Connector;
}

/** Quick, so that a test of seven tries takes no minute. */
export const briefly = { tries: 4, waitMs: 5, longestWaitMs: 3_000 };

export async function emulatedTenant(options: EntraServerOptions = {}): Promise<Tenant> {
  const server = await startEntra(options);
  // No test goes out to the Internet, and a short list makes connections quick.
  setDefaultCACertificates([readFileSync(server.caFile, 'utf8')]);
  const opened: Connector[] = [];
  return {
    ...server,
    connect(settings = {}) {
      const connector = createEntraConnector(sourceOf(server, settings), briefly);
      opened.push(connector);
      return connector;
    },
    async [Symbol.asyncDispose]() {
      for (const one of opened) await one.close();
      await server.stop();
    },
  };
}

/** What the configuration of a source for this tenant is. */
export function sourceOf(server: EntraServer, settings: Record<string, unknown> = {}): EntraSourceConfig {
  const { tenantId, clientId, secret } = server.registration;
  const given = {
    id: 'cloud',
    type: 'entra',
    tenantId,
    clientId,
    auth: { secret },
    cloud: { login: server.url, graph: server.url },
    timeout: '10s',
    ...settings,
  };
  const parsed = z.safeParse(entraSource, given);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}

export interface Reading {
  readonly identities: readonly Identity[];
  readonly skipped: readonly SkippedRecord[];
  readonly end: Extract<ReadingPart, { readonly kind: 'end' }>;
}

const usual = ['mail', 'displayName', 'jobTitle'];
const never = new AbortController().signal;

/** A whole reading, to its end. @param groups - whether people's groups are asked for */
export async function readAll(
  connector: Connector,
  attributes: WantedAttributes = usual,
  groups = false,
): Promise<Reading> {
  const identities: Identity[] = [];
  const skipped: SkippedRecord[] = [];
  for await (const part of connector.read({ attributes, groups, signal: never })) {
    if (part.kind === 'end') return { identities, skipped, end: part };
    identities.push(...part.identities);
    skipped.push(...part.skipped);
  }
  throw new Error('The reading ended without an end.');
}

/** A whole reading that must be complete, for its cursor. */
export async function cursorAfterReading(
  connector: Connector,
  attributes: WantedAttributes = usual,
  groups = false,
): Promise<Cursor> {
  const { end } = await readAll(connector, attributes, groups);
  if (end.cursor === undefined) throw new Error(`The reading gave no cursor: ${JSON.stringify(end)}`);
  return end.cursor;
}

export interface Changes {
  readonly identities: readonly Identity[];
  readonly departures: readonly Departure[];
  readonly end: Exclude<ChangesPart, { readonly kind: 'batch' | 'in-view' }>;
  /** Where to go on; fails the test where there is no such place. */
  readonly cursor: Cursor;
}

export async function changesSince(
  connector: Connector,
  since: Cursor,
  also: readonly Anchor[] = [],
  attributes: WantedAttributes = usual,
  groups = false,
): Promise<Changes> {
  if (connector.changes === undefined) throw new Error('The connector tells no changes.');
  const identities: Identity[] = [];
  const departures: Departure[] = [];
  for await (const part of connector.changes({ since, also, attributes, groups, signal: never })) {
    if (part.kind === 'batch') {
      identities.push(...part.identities);
      departures.push(...part.departures);
      continue;
    }
    if (part.kind === 'in-view')
      throw new Error('Graph tells who has gone, and the connector said that it does not.');
    return {
      identities,
      departures,
      end: part,
      get cursor() {
        if (part.kind === 'end') return part.cursor;
        throw new Error(`The changes ended as ${part.kind}: ${part.reason}`);
      },
    };
  }
  throw new Error('The changes ended without an end.');
}

export const namesOf = (identities: readonly Identity[]): readonly string[] =>
  identities.map((one) => one.attributes.displayName?.[0] ?? one.label).sort();

/** The requests that went to Graph since a count, without those for tokens. */
export const graphRequests = ({ requests }: EntraServer, since = 0): readonly string[] =>
  requests
    .slice(since)
    .filter((line) => !line.includes('/oauth2/') && !line.includes('openid-configuration'));
