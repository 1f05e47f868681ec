import type { TextHash } from './hash.ts';

/** What a row is found by: the hash of a text, as a rule. */
export type Key = Pick<TextHash, 'low' | 'high'>;

/**
 * Finds rows by a 64-bit key, in some 16 bytes a row and outside of the JavaScript heap: a Map of a million texts takes six
 * times as much, and collecting garbage walks over it. Open addressing, linear probing, at most half full. Rows get their
 * places when something is looked for: an index that nobody asks costs the keys alone, and one that is asked late grows once.
 */
export class RowIndex {
  /** Both halves of each row's key, beside each other, since memory is what takes the time; two zeros where it has none. */
  #keys = new Int32Array(1_024 * 2);
  /** Rows, plus one; 0 is a free slot. */
  #slots = new Uint32Array(2_048);
  #size = 0;
  /** How many rows have got their places. */
  #placed = 0;
  readonly #repeated: number[] = [];

  /** Enters the next row, counted from 0, besides others with the same key. Without a key nobody finds it. */
  add(key: Key | undefined): void {
    if (this.#size * 2 === this.#keys.length) this.#keys = doubled(this.#keys);
    if (key !== undefined) {
      this.#keys[this.#size * 2] = key.low;
      this.#keys[this.#size * 2 + 1] = highOf(key);
    }
    this.#size += 1;
  }

  /** The row that was entered first; -1 where there is none. */
  first(key: Key): number {
    this.#placeAll();
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
    this.#placeAll();
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

  /** Rows with the key of a row before them, in the order in which they were entered. */
  repeated(): readonly number[] {
    this.#placeAll();
    return this.#repeated;
  }

  #placeAll(): void {
    if (this.#placed === this.#size) return;
    let room = this.#slots.length;
    while (this.#size * 2 > room) room *= 2;
    if (room > this.#slots.length) {
      this.#slots = new Uint32Array(room);
      this.#placed = 0;
      this.#repeated.length = 0;
    }
    for (; this.#placed < this.#size; this.#placed += 1) this.#place(this.#placed);
  }

  #place(row: number): void {
    const low = this.#keys[row * 2] ?? 0;
    const high = this.#keys[row * 2 + 1] ?? 0;
    if (low === 0 && high === 0) return;
    const mask = this.#slots.length - 1;
    let slot = low & mask;
    let isRepeated = false;
    for (let other = this.#slots[slot] ?? 0; other !== 0; other = this.#slots[slot] ?? 0) {
      isRepeated ||= this.#keys[other * 2 - 2] === low && this.#keys[other * 2 - 1] === high;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = row + 1;
    if (isRepeated) this.#repeated.push(row);
  }
}

function doubled(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** A key is never two zeros. */
const highOf = ({ low, high }: Key): number => (low === 0 && high === 0 ? 1 : high);
