/** Who is among the deleted users, where an account stays for 30 days. */
import { EntraError } from '../entra-error.ts';
import { askAll } from '../graph/batch.ts';
import { GraphFailure } from '../graph/failures.ts';
import type { ReadingMeans } from './means.ts';

const asked = { what: 'Looking among the deleted users', permission: 'User.Read.All' };

/** @throws {EntraError} when one of them was not answered for */
export async function findDeleted(
  { graph, patience }: Pick<ReadingMeans, 'graph' | 'patience'>,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const parts = ids.map(
    (id) => ({ method: 'GET', address: `/directory/deletedItems/${id}?$select=id` }) as const,
  );
  const answers = await askAll(graph, { ...asked, parts, signal }, patience);
  return new Set(
    answers.flatMap((answer, index) => {
      if (answer.kind === 'object') return ids[index] ?? [];
      if (answer.kind !== 'error')
        throw new EntraError(
          'protocol',
          `${asked.what} failed: a part was not answered`,
          'The next run asks again.',
        );
      if (answer.error.status === 404) return [];
      throw new GraphFailure(asked, answer.error);
    }),
  );
}
