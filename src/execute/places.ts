/** How many things are done at a time; the urgent ones are next, and have a place more. */

export interface Places {
  /** How many have one. */
  readonly taken: number;
  /** How many wait for one. */
  readonly waiting: number;
  /** Does the work as soon as there is a place, which it has until it ends, or leaves it before. */
  use<Result>(work: (leave: () => void) => Promise<Result>, urgency?: 'urgent' | 'normal'): Promise<Result>;
  /** From now on; what is under way goes on. */
  setMost(most: number): void;
}

/** @param kept - places besides those, for the urgent alone */
export function openPlaces(most: number, kept = 0): Places {
  const urgent: (() => void)[] = [];
  const normal: (() => void)[] = [];
  let taken = 0;
  let limit = most;

  const callNext = (): void => {
    const next = taken < limit + kept ? urgent.shift() : undefined;
    const called = next ?? (taken < limit ? normal.shift() : undefined);
    if (called === undefined) return;
    taken += 1;
    called();
    callNext();
  };

  return {
    get taken() {
      return taken;
    },
    get waiting() {
      return urgent.length + normal.length;
    },
    async use(work, urgency = 'normal') {
      const { promise, resolve } = Promise.withResolvers<void>();
      (urgency === 'urgent' ? urgent : normal).push(resolve);
      callNext();
      await promise;
      let isThere = true;
      const leave = (): void => {
        if (!isThere) return;
        isThere = false;
        taken -= 1;
        callNext();
      };
      try {
        return await work(leave);
      } finally {
        leave();
      }
    },
    setMost(next) {
      limit = next;
      callNext();
    },
  };
}
