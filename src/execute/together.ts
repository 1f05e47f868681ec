/** Many small steps as few large ones: what is asked for while a step is under way is done together in the next. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Who waits for a step, at the moment. */
export interface Waiting {
  readonly count: number;
  /** The one who waits the longest. */
  readonly forMs: number;
}

/** When a step is taken: at once, if nothing is given. */
export interface Rhythm {
  /** Whether a step is not worth it yet; asked every few milliseconds, unless as many wait as there may be. */
  readonly isEarly?: (waiting: Waiting) => boolean;
  /** Takes a step when it is its turn; whoever asks until then is part of it. */
  readonly inTurn?: (step: () => Promise<void>) => Promise<void>;
}

const askedAgainMs = 4;

/**
 * @param work - does it for all of them; an answer for each, in their order, which may be a promise that fails for that one alone
 * @param most - done together at most
 * @returns does it for one, together with whatever else is asked for in the meantime
 */
export function together<Item, Answer>(
  work: (items: readonly Item[]) => Promise<readonly (Answer | Promise<Answer>)[]>,
  most: number,
  { isEarly = () => false, inTurn = (step) => step() }: Rhythm = {},
): (item: Item) => Promise<Answer> {
  type Asked = { readonly item: Item; readonly at: number } & Pick<
    PromiseWithResolvers<Answer>,
    'resolve' | 'reject'
  >;
  const waiting: Asked[] = [];
  let isAtWork = false;

  async function step(): Promise<void> {
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

  async function doAll(): Promise<void> {
    for (;;) {
      const [first] = waiting;
      if (first === undefined) break;
      const count = waiting.length;
      const isTooEarly = count < most && isEarly({ count, forMs: performance.now() - first.at });
      await (isTooEarly ? sleep(askedAgainMs) : inTurn(step));
    }
    isAtWork = false;
  }

  return (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    waiting.push({ item, at: performance.now(), resolve, reject });
    if (!isAtWork) {
      isAtWork = true;
      // Those who ask in the same moment are waited for.
      setImmediate(() => void doAll());
    }
    return promise;
  };
}
