/** Rows of 32-bit numbers, in one piece of memory outside of the JavaScript heap. */
export class NumberTable {
  readonly #width: number;
  #cells: Uint32Array<ArrayBuffer>;
  #size = 0;

  constructor(width: number) {
    this.#width = width;
    this.#cells = new Uint32Array(1_024 * width);
  }

  get size(): number {
    return this.#size;
  }

  /** @returns the new row's number, from 0; its numbers are 0 */
  add(): number {
    if (this.#size * this.#width === this.#cells.length) {
      const larger = new Uint32Array(this.#cells.length * 2);
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

  /** Puts a number, from 0 to 4,294,967,295, into one place. */
  set(row: number, column: number, value: number): void {
    this.#cells[row * this.#width + column] = value;
  }
}
