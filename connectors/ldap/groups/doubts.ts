/** Why somebody may be in more groups than a reading of them tells. */
export interface Doubts {
  add(sentence: string): void;
  /** All of them in one sentence or a few; undefined where there are none. */
  inWords(): string | undefined;
}

const toldAtMost = 3;

export function collectDoubts(): Doubts {
  const sentences = new Set<string>();
  let untold = 0;
  return {
    add(sentence) {
      if (sentences.size < toldAtMost || sentences.has(sentence)) sentences.add(sentence);
      else untold += 1;
    },
    inWords() {
      if (sentences.size === 0) return undefined;
      const more = untold === 0 ? '' : ` There are ${untold} more such reasons.`;
      return `Who is in which group is not wholly known, so nobody is removed for being in none. ${[...sentences].join(' ')}${more}`;
    },
  };
}
