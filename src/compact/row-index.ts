import type { TextHash } from './hash.ts';

/** What a row is found by: the hash of a text, as a rule. */
export type Key = Pick<TextHash, 'low' | 'high'>;

/**
 * Finds rows by a 64-bit key, in some 16 bytes a row and outside of the JavaScript heap: a Map of a million texts takes six
 * times as much, and collecting garbage walks over it. Open addressing, linear probing, at most half full.
 */
export class RowIndex {
  /** Both halves of each row's key, beside each other, since memory is what takes the time; two zeros where it has none. */
  #keys = new Int32Array(1_024 * 2);
  /** Rows, plus one; 0 is a free slot. */
  #slots = new Uint32Array(2_048);
  #size = 0;

  /** Enters the next row, counted from 0, besides others with the same key. Without a key nobody finds it. */
  add(key: Key | undefined): void {
    if (this.#size * 2 === this.#keys.length) this.#grow();
    const row = this.#size;
    this.#size += 1;
    if (key === undefined) return;
    this.#keys[row * 2] = key.low;
    this.#keys[row * 2 + 1] = highOf(key);
    this.#take(row);
  }

  /** The row that was entered first; -1 where there is none. */
  first(key: Key): number {
    const { low } = key;
    const high = highOf(key);
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] ?? 0) - 1;
      if (row < 0 || (this.#keys[row * 2] === low && this.#keys[row * 2 + 1] === high)) return row;
    }
  }

  /** Every row with this key, in the order in which they were entered. */
  all(key: Key): readonly number[] {
    const { low } = key;
    const high = highOf(key);
    const found: number[] = [];
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] ?? 0) - 1;
      if (row < 0) return found;
      if (this.#keys[row * 2] === low && this.#keys[row * 2 + 1] === high) found.push(row);
    }
  }

  #take(row: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#keys[row * 2] ?? 0) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = row + 1;
  }

  #grow(): void {
    const larger = new Int32Array(this.#keys.length * 2);
    larger.set(this.#keys);
    this.#keys = larger;
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let row = 0; row < this.#size; row += 1)
      if (larger[row * 2] !== 0 || larger[row * 2 + 1] !== 0) this.#take(row);
  }
}

/** A key is never two zeros. */
const highOf = ({ low, high }: Key): number => (low === 0 && high === 0 ? 1 : high);
