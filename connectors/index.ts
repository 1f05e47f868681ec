/** Opens the connector that a source's configuration asks for. */
import type { SourceConfig } from '../config/schema.ts';
import type { Connector } from './connector.ts';
import { createLdapConnector, ldapFilterProblem } from './ldap/index.ts';
import { createLdifConnector } from './ldif/index.ts';

export type { Connector, ProbeFinding } from './connector.ts';
export { SourceError } from './source-error.ts';
export { standIn } from './stand-in.ts';

/** What is wrong with the form of a source's filter; a server may still refuse what it asks for. */
export const filterProblem = (source: SourceConfig): string | undefined =>
  source.type === 'ldap' ? ldapFilterProblem(source) : undefined;

/** Microsoft's libraries take most of a second to load: only those who have such a source wait for them. */
export async function openConnector(source: SourceConfig): Promise<Connector> {
  switch (source.type) {
    case 'ldap':
      return createLdapConnector(source);
    case 'entra': {
      const { createEntraConnector } = await import('./entra/index.ts');
      return createEntraConnector(source);
    }
    case 'ldif':
      return createLdifConnector(source);
    default:
      return source satisfies never;
  }
}
