/** Many small steps as few large ones: what is asked for while a step is under way is done together in the next. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param work - does it for all of them; an answer for each, in their order, which may be a promise that fails for that one alone
 * @param most - done together at most
 * @param apartMs - between the beginnings of two steps, at least, unless as many wait as there may be: more come together then
 * @returns does it for one, together with whatever else is asked for in the meantime
 */
export function together<Item, Answer>(
  work: (items: readonly Item[]) => Promise<readonly (Answer | Promise<Answer>)[]>,
  most: number,
  apartMs = 0,
): (item: Item) => Promise<Answer> {
  type Asked = { readonly item: Item } & Pick<PromiseWithResolvers<Answer>, 'resolve' | 'reject'>;
  const waiting: Asked[] = [];
  let isAtWork = false;
  let begunAt = Number.NEGATIVE_INFINITY;

  async function doAll(): Promise<void> {
    while (waiting.length > 0) {
      const restMs = begunAt + apartMs - performance.now();
      if (restMs > 0 && waiting.length < most) await sleep(restMs);
      begunAt = performance.now();
      const some = waiting.splice(0, most);
      try {
        const answers = await work(some.map(({ item }) => item));
        for (const [index, { resolve, reject }] of some.entries()) {
          const answer = answers[index];
          if (index < answers.length) resolve(answer as Answer | Promise<Answer>);
          else reject(new Error('There is no answer for one of those that were done together.'));
        }
      } catch (error) {
        for (const { reject } of some) reject(error);
      }
    }
    isAtWork = false;
  }

  return (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    waiting.push({ item, resolve, reject });
    if (!isAtWork) {
      isAtWork = true;
      // Those who ask in the same moment are waited for.
      setImmediate(() => void doAll());
    }
    return promise;
  };
}
