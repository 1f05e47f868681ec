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
  /** Rows, plus one, and above them as many bits of the key as there is room for, so that others' keys are rarely fetched; 0 is free. */
  #slots = new Int32Array(2_048);
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
    return this.#rowAt(this.#slotOf(key.low, highOf(key), key.low));
  }

  /** Every row with this key, in the order in which they were entered. */
  all(key: Key): readonly number[] {
    this.#placeAll();
    const { low } = key;
    const high = highOf(key);
    const found: number[] = [];
    for (let slot = this.#slotOf(low, high, low); ; slot = this.#slotOf(low, high, slot + 1)) {
      const row = this.#rowAt(slot);
      if (row < 0) return found;
      found.push(row);
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
      this.#slots = new Int32Array(room);
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
    let slot = this.#slotOf(low, high, low);
    if (this.#slots[slot] !== 0) {
      this.#repeated.push(row);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    }
    this.#slots[slot] = (row + 1) | (high & ~mask);
  }

  /** The next slot from that one on which has a row of the key, or else the first that is free. */
  #slotOf(low: number, high: number, from: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = from & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0) return slot;
      if (((entry ^ high) & ~mask) !== 0) continue;
      const row = (entry & mask) - 1;
      if (this.#keys[row * 2] === low && this.#keys[row * 2 + 1] === high) return slot;
    }
  }

  /** -1 where it is free. */
  #rowAt(slot: number): number {
    return ((this.#slots[slot] ?? 0) & (this.#slots.length - 1)) - 1;
  }
}

function doubled(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** A key is never two zeros. */
const highOf = ({ low, high }: Key): number => (low === 0 && high === 0 ? 1 : high);
