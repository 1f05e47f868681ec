/** Rows of 32-bit integers, in one piece of memory outside of the JavaScript heap. */
export class NumberTable {
  readonly #width: number;
  #cells: Int32Array<ArrayBuffer>;
  #size = 0;

  constructor(width: number) {
    this.#width = width;
    this.#cells = new Int32Array(1_024 * width);
  }

  get size(): number {
    return this.#size;
  }

  /** @returns the new row's number, from 0; its numbers are 0 */
  add(): number {
    if (this.#size * this.#width === this.#cells.length) {
      const larger = new Int32Array(this.#cells.length * 2);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    this.#size += 1;
    return this.#size - 1;
  }

  /** What is in one place. */
  get(row: number, column: number): number {
    return this.#cells[row * this.#width + column] ?? 0;
  }

  /** Puts an integer of 32 bits, with its sign, into one place. */
  set(row: number, column: number, value: number): void {
    this.#cells[row * this.#width + column] = value;
  }
}
