/** An LDIF export in place of a source, as if the source had been read. */
import type { LdifSourceConfig, SourceConfig } from '../config/schema.ts';
import { usualAttributes } from './ldap/index.ts';

/** The configuration of a source whose people are in the file. */
export function standIn(
  source: Exclude<SourceConfig, { readonly type: 'entra' }>,
  file: string,
): LdifSourceConfig {
  if (source.type === 'ldif') return { ...source, file };
  const { id, active, schedule } = source;
  const { email, ...attributes } = usualAttributes(source);
  return {
    ...{ type: 'ldif', id, active, schedule, file },
    attributes: { ...attributes, email: email[0] ?? 'mail' },
    filter: { objectClass: 'person' },
    maxEntrySize: 8 * 1_024 * 1_024,
  };
}
