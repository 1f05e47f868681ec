/** Opens the connector that a source's configuration asks for. */
import type { SourceConfig } from '../config/schema.ts';
import type { Connector } from './connector.ts';
import { createEntraConnector } from './entra/index.ts';
import { createLdapConnector, ldapFilterProblem } from './ldap/index.ts';
import { createLdifConnector } from './ldif/index.ts';

export type { Connector, ProbeFinding } from './connector.ts';
export { SourceError } from './source-error.ts';
export { standIn } from './stand-in.ts';

/** What is wrong with the form of a source's filter; a server may still refuse what it asks for. */
export const filterProblem = (source: SourceConfig): string | undefined =>
  source.type === 'ldap' ? ldapFilterProblem(source) : undefined;

export function openConnector(source: SourceConfig): Connector {
  switch (source.type) {
    case 'ldap':
      return createLdapConnector(source);
    case 'entra':
      return createEntraConnector(source);
    case 'ldif':
      return createLdifConnector(source);
    default:
      return source satisfies never;
  }
}
