import { highOf, type Key, KeyList } from './key-list.ts';

/**
 * Finds rows by a 64-bit key, in some 16 bytes a row and outside of the JavaScript heap: a Map of a million texts takes six
 * times as much, and collecting garbage walks over it. Open addressing, linear probing, at most half full. Rows get their
 * places when something is looked for: an index that nobody asks costs the keys alone, and one that is asked late grows once.
 */
export class RowIndex {
  /** Of each row. */
  readonly #keys = new KeyList();
  /** Rows, plus one, and above them as many bits of the key as there is room for, so that others' keys are rarely fetched; 0 is free. */
  #slots = new Int32Array(2_048);
  /** How many rows have got their places. */
  #placed = 0;
  readonly #repeated: number[] = [];

  /** Enters the next row, counted from 0, besides others with the same key. Without a key nobody finds it. */
  add(key: Key | undefined): void {
    this.#keys.add(key);
  }

  /** The row that was entered first; -1 where there is none. */
  first(key: Key): number {
    this.#placeAll();
    return this.#rowAt(this.#slotOf(key.low, highOf(key), key.low));
  }

  /**
   * The same for many keys: looked up right after one another, they are fetched from memory several at a time, where one that
   * is looked up among other work is waited for.
   */
  firsts(keys: KeyList): Int32Array {
    this.#placeAll();
    const rows = new Int32Array(keys.size);
    for (let at = 0; at < rows.length; at += 1)
      rows[at] = this.#rowAt(this.#slotOf(keys.low(at), keys.high(at), keys.low(at)));
    return rows;
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
    const { size } = this.#keys;
    if (this.#placed === size) return;
    let room = this.#slots.length;
    while (size * 2 > room) room *= 2;
    if (room > this.#slots.length) {
      this.#slots = new Int32Array(room);
      this.#placed = 0;
      this.#repeated.length = 0;
    }
    for (; this.#placed < size; this.#placed += 1) this.#place(this.#placed);
  }

  #place(row: number): void {
    const [low, high] = [this.#keys.low(row), this.#keys.high(row)];
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
      if (this.#keys.low(row) === low && this.#keys.high(row) === high) return slot;
    }
  }

  /** -1 where it is free. */
  #rowAt(slot: number): number {
    return ((this.#slots[slot] ?? 0) & (this.#slots.length - 1)) - 1;
  }
}
