/** What rules want to know about people's managers, looked up once for each manager. */

import type { JsonObject } from '../graph/answer.ts';
import { chunksOf } from '../graph/batch.ts';
import type { UserReader } from './user-reader.ts';

export interface Managers {
  /** Makes sure that these are known, as far as they are there. */
  know(ids: readonly string[]): Promise<void>;
  /** The manager's own object, with what was asked for. */
  of(id: string): JsonObject | undefined;
}

const atOnce = 300;

export function createManagers(
  reader: UserReader,
  properties: readonly string[],
  signal: AbortSignal,
): Managers {
  const known = new Map<string, JsonObject | undefined>();
  return {
    async know(ids) {
      if (properties.length === 0) return;
      const unknown = [...new Set(ids)].filter((id) => !known.has(id));
      for (const chunk of chunksOf(unknown, atOnce)) {
        const found = await reader.readByIds(
          chunk,
          { properties: ['id', ...properties], hasManager: false },
          signal,
        );
        for (const id of chunk) known.set(id, found.get(id));
      }
    },
    of: (id) => known.get(id),
  };
}
