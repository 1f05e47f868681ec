/** What a server says of itself, in the entry without a name (RFC 4512 section 5.1). */
import { searchError } from '../server/failures.ts';
import type { LdapConnection } from '../wire/connection.ts';
import { readFirstPage } from '../wire/pages.ts';
import { resultCode } from '../wire/result-codes.ts';

export interface RootDse {
  /** The values of an attribute, as text; none where it is not there, or may not be seen. */
  values(name: string): readonly string[];
}

const refusals: ReadonlySet<number> = new Set([
  resultCode.noSuchObject,
  resultCode.insufficientAccessRights,
  resultCode.operationsError,
  resultCode.unwillingToPerform,
]);

/**
 * Reads it; undefined where the account may not.
 *
 * @throws {ConnectionError}; {SourceError} where the server can't answer now; or the signal's reason.
 */
export async function readRootDse(connection: LdapConnection, url: string): Promise<RootDse | undefined> {
  const { entries, result } = await readFirstPage(
    connection,
    {
      base: '',
      scope: 'base',
      filter: { kind: 'present', attribute: 'objectClass' },
      // `*` leaves out operational attributes; most of these are.
      attributes: ['*', '+'],
    },
    1,
  );
  if (refusals.has(result.code)) return undefined;
  if (result.code !== resultCode.success) throw searchError(result, '(root DSE)', '(objectClass=*)', url);
  const [entry] = entries;
  if (entry === undefined) return undefined;
  const values = new Map(
    entry.attributes.map(({ description, values: octets }) => [
      description.toLowerCase(),
      octets.map((value) => value.toString('utf8')),
    ]),
  );
  return { values: (name) => values.get(name.toLowerCase()) ?? [] };
}
