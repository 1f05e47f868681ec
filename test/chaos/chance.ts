/** Chance with a seed: the same seed draws the same, so that a seed that failed can be run again. */
import { createHash } from 'node:crypto';

export interface Chance {
  /** A whole number, both ends included. */
  between(from: number, to: number): number;
  /** True so many times in a hundred. */
  percent(share: number): boolean;
  pick<Item>(from: readonly Item[]): Item;
  /** Different ones, in an order of their own; all of them where there are fewer. */
  some<Item>(from: readonly Item[], count: number): Item[];
  /** A stream of its own: what it draws does not depend on how much is drawn here. */
  stream(name: string): Chance;
}

export function chanceOf(seed: number | string): Chance {
  let drawn = 0;
  const next = (): number => {
    drawn += 1;
    return createHash('sha256').update(`${seed}/${drawn}`).digest().readUInt32BE(0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const some = <Item>(from: readonly Item[], count: number): Item[] => {
    const left = [...from];
    const taken: Item[] = [];
    while (taken.length < count && left.length > 0)
      taken.push(...left.splice(between(0, left.length - 1), 1));
    return taken;
  };
  return {
    between,
    some,
    percent: (share) => next() * 100 < share,
    pick: (from) => {
      const [one] = some(from, 1);
      if (one === undefined) throw new RangeError('There is nothing to pick from.');
      return one;
    },
    stream: (name) => chanceOf(`${seed}:${name}`),
  };
}
