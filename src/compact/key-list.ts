import type { TextHash } from './hash.ts';

/** What a row is found by: the hash of a text, as a rule. */
export type Key = Pick<TextHash, 'low' | 'high'>;

/** 64-bit keys one after the other, outside of the JavaScript heap: both halves beside each other, since memory is what takes the time. */
export class KeyList {
  #halves = new Int32Array(1_024 * 2);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /**
   * Puts one at the end.
   *
   * @param key - undefined for none, which comes out as two zeros
   */
  add(key: Key | undefined): void {
    if (this.#size * 2 === this.#halves.length) this.#halves = doubled(this.#halves);
    this.#halves[this.#size * 2] = key === undefined ? 0 : key.low;
    this.#halves[this.#size * 2 + 1] = key === undefined ? 0 : highOf(key);
    this.#size += 1;
  }

  /** Empties it; its memory is kept for the next ones. */
  clear(): void {
    this.#size = 0;
  }

  /** The lower half of the one at a place, from 0. */
  low(at: number): number {
    return this.#halves[at * 2] ?? 0;
  }

  /** The upper half of the one at a place. */
  high(at: number): number {
    return this.#halves[at * 2 + 1] ?? 0;
  }
}

function doubled(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** A key is never two zeros. */
export const highOf = ({ low, high }: Key): number => (low === 0 && high === 0 ? 1 : high);
