/** A part of the configuration in words, for whoever has to agree with it. */
export interface Chapter {
  readonly title: string;
  readonly sentences: readonly Sentence[];
}

/** One decision of the configuration, as a sentence. */
export interface Sentence {
  readonly text: string;
  /** The key that decides it, such as `lifecycle.grace`. */
  readonly key: string;
}

export const say = (key: string, text: string): Sentence => ({ key, text });

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** Such as `36 hours`: in the largest unit that needs no fraction. */
export function lengthInWords(ms: number): string {
  const [unit, size] = units.find(([, one]) => ms > 0 && ms % one === 0) ?? (['millisecond', 1] as const);
  const count = ms / size;
  return ms === 0 ? 'no time' : `${count} ${unit}${count === 1 ? '' : 's'}`;
}

export const listInWords = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
