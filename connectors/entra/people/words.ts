/** What the changes say of each user: the last word of a reading counts. */
import type { JsonObject } from '../graph/answer.ts';
import type { Graph } from '../graph/graph.ts';
import { pagesOf } from '../graph/pages.ts';
import { userOf } from './people.ts';
import { usersQuestion } from './reading.ts';

export type Word =
  /** With the properties that it told; what it did not tell is as it was. */
  | { readonly kind: 'changed'; readonly told: JsonObject }
  /** `changed` is Graph's word for somebody who can be restored. */
  | { readonly kind: 'removed'; readonly isForGood: boolean };

export interface Words {
  readonly byId: ReadonlyMap<string, Word>;
  readonly deltaLink: string;
  /** How many changes came without an id. */
  readonly nameless: number;
}

/** @param onPage called after each page, so that one knows whether a failure broke something off */
export async function readWords(
  graph: Graph,
  link: string,
  signal: AbortSignal,
  onPage: () => void,
): Promise<Words> {
  const byId = new Map<string, Word>();
  let nameless = 0;
  let end: string | undefined;
  for await (const { items, deltaLink } of pagesOf(graph, {
    ...usersQuestion,
    address: link,
    form: 'delta',
    signal,
  })) {
    for (const item of items) {
      const user = userOf(item);
      if (user === undefined) nameless += 1;
      else byId.set(user.id, wordOf(user, byId.get(user.id)));
    }
    end = deltaLink;
    onPage();
  }
  if (end === undefined) throw new Error('The pages of a delta ended without a delta link.');
  return { byId, deltaLink: end, nameless };
}

/** Of several partial words, a later one adds to what earlier ones told. */
function wordOf(user: JsonObject, earlier: Word | undefined): Word {
  const removed = user['@removed'];
  if (removed !== undefined) return { kind: 'removed', isForGood: Object(removed).reason === 'deleted' };
  return { kind: 'changed', told: earlier?.kind === 'changed' ? { ...earlier.told, ...user } : user };
}
