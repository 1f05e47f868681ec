/** How many people the filter finds, to the last one: a finding for `check`. */
import type { ProbeFinding } from '../../connector.ts';
import { searchError } from '../server/failures.ts';
import { searchTree } from '../server/referrals.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { Filter } from '../wire/filter.ts';
import { bad, good } from './finding.ts';

const seconds = 10;

/**
 * Counts all pages, without attributes, for as long as a person at a terminal waits. The connection may be closed by it.
 *
 * @throws {SourceError} where the server ends the search
 */
export async function countPeople(
  connection: LdapConnection,
  settings: LdapSettings,
  filter: Filter,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  const search = { base: settings.baseDn, scope: 'sub', filter, attributes: ['1.1'] } as const;
  const budget = AbortSignal.timeout(seconds * 1_000);
  const pages = searchTree(connection, settings, search, signal);
  let count = 0;
  let step = await pages.next();
  while (!step.done) {
    count += step.value.length;
    if (budget.aborted) {
      await pages.return({ kind: 'partial', reason: 'The time is up.' });
      return good(`The filter ${settings.filter} finds more than ${count} people, counted in ${seconds} s`);
    }
    step = await pages.next();
  }
  const outcome = step.value;
  switch (outcome.kind) {
    case 'whole':
      return good(`The filter ${settings.filter} finds ${count} ${count === 1 ? 'person' : 'people'}`);
    case 'refused':
      throw searchError(outcome.result, settings.baseDn, settings.filter, settings.url);
    case 'broken':
      throw outcome.error;
    case 'referred':
    case 'partial':
      return bad(
        `The filter ${settings.filter} finds ${count} people, but not everybody was seen. ${outcome.reason}`,
        'A reading like this removes nobody.',
      );
    default:
      return outcome satisfies never;
  }
}
