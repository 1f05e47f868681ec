/** Builders for the connector's tests. */
import { configSchema, type LdapSourceConfig } from '../../../config/schema.ts';
import type {
  Completeness,
  Connector,
  SkippedRecord,
  WantedAttributes,
} from '../../../connectors/connector.ts';
import { createLdapConnector } from '../../../connectors/ldap/index.ts';
import { SourceError } from '../../../connectors/source-error.ts';
import type { Anchor, Identity } from '../../../src/identity/identity.ts';
import type { Samba } from '../../servers/samba.ts';
import { type Slapd, type SlapdOptions, startSlapd } from '../../servers/slapd.ts';

/** A source's configuration as the schema makes it of a file's lines. */
export function ldapSource(settings: Record<string, unknown>): LdapSourceConfig {
  const config = configSchema.parse({
    profileApi: { url: 'https://app.example.com', apiKey: 'key' },
    sources: [{ id: 'corp', type: 'ldap', ...settings }],
  });
  const [source] = config.sources;
  if (source?.type !== 'ldap') throw new Error('not an LDAP source');
  return source;
}

/** A connector to the people of a slapd, over LDAPS and signed in as its reader, unless told otherwise. */
export function connectorTo(slapd: Slapd, settings: Record<string, unknown> = {}): Connector {
  return createLdapConnector(
    ldapSource({
      url: slapd.ldapsUrl,
      bindDn: slapd.readerDn,
      password: slapd.readerPassword,
      tls: { ca: slapd.caFile },
      baseDn: slapd.peopleDn,
      ...settings,
    }),
  );
}

/** A connector to the people of a domain controller, over LDAPS and signed in as its reader, unless told otherwise. */
export function connectorToSamba(samba: Samba, settings: Record<string, unknown> = {}): Connector {
  return createLdapConnector(
    ldapSource({
      url: samba.ldapsUrl,
      bindDn: samba.readerName,
      password: samba.readerPassword,
      tls: { ca: samba.caFile },
      baseDn: samba.peopleDn,
      ...settings,
    }),
  );
}

/** Runs something against a slapd of its own, which is stopped whatever happens. */
export async function withSlapd<Result>(
  options: SlapdOptions,
  use: (server: Slapd) => Promise<Result>,
): Promise<Result> {
  const server = await startSlapd(options);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** A connector to a scripted server, anonymous. */
export function connectorToUrl(url: string, settings: Record<string, unknown> = {}): Connector {
  return createLdapConnector(
    ldapSource({ url, baseDn: 'ou=people', timeout: '10s', vendor: 'openldap', ...settings }),
  );
}

export interface Reading {
  readonly identities: readonly Identity[];
  readonly skipped: readonly SkippedRecord[];
  readonly completeness: Completeness;
  readonly batchSizes: readonly number[];
}

/** Reads to the end. A stream without an end is no reading. */
export async function readAll(
  connector: Connector,
  attributes: WantedAttributes = ['cn'],
  signal = new AbortController().signal,
  groups = false,
): Promise<Reading> {
  const identities: Identity[] = [];
  const skipped: SkippedRecord[] = [];
  const batchSizes: number[] = [];
  let completeness: Completeness | undefined;
  for await (const part of connector.read({ attributes, groups, signal })) {
    if (completeness !== undefined) throw new Error('something came after the end');
    if (part.kind === 'end') {
      completeness = part.completeness;
    } else {
      identities.push(...part.identities);
      skipped.push(...part.skipped);
      batchSizes.push(part.identities.length + part.skipped.length);
    }
  }
  if (completeness === undefined) throw new Error('the reading had no end');
  return { identities, skipped, completeness, batchSizes };
}

/** The source error that something fails with. */
export async function sourceErrorOf(work: Promise<unknown>): Promise<SourceError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

export const reasonOf = (completeness: Completeness): string =>
  completeness.kind === 'incomplete' ? completeness.reason : 'complete';

export const anchor = (text: string): Anchor => text as Anchor;
