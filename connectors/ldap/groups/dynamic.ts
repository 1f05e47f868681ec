/** Dynamic groups: those whose members are the entries that a search finds (`memberURL`, an LDAP URL of RFC 4516). */
import { normalDn } from '../names/dn.ts';
import { searchTree } from '../server/referrals.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import { FilterSyntaxError, parseFilter } from '../wire/filter.ts';
import type { Search } from '../wire/requests.ts';

const scopes = { '': 'base', base: 'base', one: 'one', sub: 'sub' } as const;

/** The search that an LDAP URL stands for; undefined where it is broken, or about another server. */
export function searchOfUrl(url: string): Search | undefined {
  const [, path] = /^ldap:\/\/\/(.*)$/is.exec(url.trim()) ?? [];
  if (path === undefined) return undefined;
  try {
    const [base = '', , scope = '', filter = ''] = path.split('?').map(decodeURIComponent);
    const known = Object.entries(scopes).find(([name]) => name === scope.toLowerCase());
    if (known === undefined) return undefined;
    const parsed = parseFilter(filter === '' ? '(objectClass=*)' : filter);
    return { base, scope: known[1], filter: parsed, attributes: ['1.1'] };
  } catch (error) {
    if (error instanceof FilterSyntaxError || error instanceof URIError) return undefined;
    throw error;
  }
}

/**
 * Finds the members of a dynamic group.
 *
 * @returns why some of them may be missing; undefined where all were found
 */
export async function findDynamicMembers(
  connection: LdapConnection,
  url: string,
  settings: LdapSettings,
  signal: AbortSignal,
  onMember: (key: string) => void,
): Promise<string | undefined> {
  const search = searchOfUrl(url);
  if (search === undefined) return `${url} is no search that can be done here`;
  const pages = searchTree(connection, settings, search, signal);
  let step = await pages.next();
  while (!step.done) {
    for (const { dn } of step.value) onMember(normalDn(dn));
    step = await pages.next();
  }
  return step.value.kind === 'whole' ? undefined : step.value.reason.replace(/\.$/, '');
}
