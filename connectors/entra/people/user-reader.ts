/** Reads users by their ids: fifteen in a filter, twenty filters in a batch, so three hundred in one request. */
import { EntraError } from '../entra-error.ts';
import { isObject, type JsonObject } from '../graph/answer.ts';
import { askAll, chunksOf } from '../graph/batch.ts';
import { GraphFailure } from '../graph/failures.ts';
import type { Graph, Patience } from '../graph/graph.ts';

/** Graph takes no more than this in a filter. */
const idsInFilter = 15;

export interface UserReader {
  /**
   * The users that are there, by id. Who is not in it was not there: every part of the batch was answered.
   *
   * @throws {EntraError} when a part of it was not answered
   */
  readByIds(
    ids: readonly string[],
    selection: { readonly properties: readonly string[]; readonly hasManager: boolean },
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, JsonObject>>;
}

const asked = { what: 'Reading users by their ids', permission: 'User.Read.All' };

export function createUserReader(graph: Graph, patience: Patience): UserReader {
  return {
    async readByIds(ids, { properties, hasManager }, signal) {
      const select = `$select=${properties.join(',')}`;
      const expand = hasManager ? '&$expand=manager($select=id)' : '';
      const parts = chunksOf([...new Set(ids)], idsInFilter).map((chunk) => {
        const filter = encodeURIComponent(`id in (${chunk.map((id) => `'${id}'`).join(',')})`);
        return { method: 'GET', address: `/users?${select}${expand}&$filter=${filter}` } as const;
      });
      const found = new Map<string, JsonObject>();
      for (const answer of await askAll(graph, { ...asked, parts, signal }, patience)) {
        if (answer.kind === 'error') throw new GraphFailure(asked, answer.error);
        const list = answer.kind === 'object' ? answer.body.value : undefined;
        if (!Array.isArray(list)) throw unanswered(answer);
        for (const user of list) {
          const id = isObject(user) && typeof user.id === 'string' ? user.id.toLowerCase() : undefined;
          if (id !== undefined) found.set(id, user);
        }
      }
      return found;
    },
  };
}

const unanswered = (answer: { readonly kind: string; readonly what?: string }): EntraError =>
  new EntraError(
    'protocol',
    `${asked.what} failed: a part of the batch had ${answer.what ?? 'no list of users'}`,
    'The next run asks again.',
  );
