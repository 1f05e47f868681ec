import type { TextHash } from './hash.ts';

/** What a row is found by: the hash of a text, as a rule. */
export type Key = Pick<TextHash, 'low' | 'high'>;

/**
 * Finds rows by a 64-bit key, in some 20 bytes a row and outside of the JavaScript heap: a Map of a million texts takes five
 * times as much, and collecting garbage walks over it. Open addressing, linear probing, at most half full.
 */
export class RowIndex {
  #lows = new Uint32Array(1_024);
  #highs = new Uint32Array(1_024);
  #rows = new Uint32Array(1_024);
  /** Places of entries, plus one; 0 is a free slot. */
  #slots = new Uint32Array(2_048);
  #size = 0;

  /** Enters a row, besides others with the same key. */
  add({ low, high }: Key, row: number): void {
    if (this.#size === this.#rows.length) this.#grow();
    this.#lows[this.#size] = low;
    this.#highs[this.#size] = high;
    this.#rows[this.#size] = row;
    this.#size += 1;
    this.#take(low, this.#size);
  }

  /** The row that was entered first; -1 where there is none. */
  first({ low, high }: Key): number {
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (place < 0) return -1;
      if (this.#lows[place] === low && this.#highs[place] === high) return this.#rows[place] ?? -1;
    }
  }

  /** Every row with this key, in the order in which they were entered. */
  all({ low, high }: Key): readonly number[] {
    const found: number[] = [];
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (place < 0) return found;
      if (this.#lows[place] === low && this.#highs[place] === high) found.push(this.#rows[place] ?? -1);
    }
  }

  #take(low: number, place: number): void {
    const mask = this.#slots.length - 1;
    let slot = low & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = place;
  }

  #grow(): void {
    this.#lows = doubled(this.#lows);
    this.#highs = doubled(this.#highs);
    this.#rows = doubled(this.#rows);
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let place = 1; place <= this.#size; place += 1) this.#take(this.#lows[place - 1] ?? 0, place);
  }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
