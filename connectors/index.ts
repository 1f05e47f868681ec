/** Opens the connector that a source's configuration asks for. */
import type { SourceConfig } from '../config/schema.ts';
import type { Connector } from './connector.ts';
import { createLdapConnector } from './ldap/index.ts';
import { createLdifConnector } from './ldif/index.ts';

export type { Connector, ProbeFinding } from './connector.ts';
export { SourceError } from './source-error.ts';

export function openConnector(source: SourceConfig): Connector {
  switch (source.type) {
    case 'ldap':
      return createLdapConnector(source);
    case 'ldif':
      return createLdifConnector(source);
    default:
      return source satisfies never;
  }
}
