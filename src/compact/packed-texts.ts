/** Each block is one buffer of exactly the size that it needs. */
const rowsPerBlock = 1_024;

interface Block {
  readonly bytes: Buffer;
  /** Where each text ends. */
  readonly ends: Uint32Array;
}

/**
 * Texts by number, kept as bytes outside of the JavaScript heap: what is rarely read again costs no garbage collection.
 *
 * @typeParam Text - what is put in, such as ids of one kind, is what comes out
 */
export class PackedTexts<Text extends string = string> {
  readonly #blocks: Block[] = [];
  #bytes = Buffer.allocUnsafeSlow(64 * 1_024);
  #ends = new Uint32Array(rowsPerBlock);
  #rows = 0;
  #length = 0;

  get size(): number {
    return this.#blocks.length * rowsPerBlock + this.#rows;
  }

  /** @returns its number, from 0 */
  add(text: Text): number {
    const most = this.#length + text.length * 3;
    if (most > this.#bytes.length) this.#bytes = enlarged(this.#bytes, this.#length, most);
    this.#length += this.#bytes.write(text, this.#length);
    this.#ends[this.#rows] = this.#length;
    this.#rows += 1;
    const number = this.size - 1;
    if (this.#rows === rowsPerBlock) this.#close();
    return number;
  }

  /** @throws {RangeError} where there is no such text */
  at(number: number): Text {
    const index = Math.floor(number / rowsPerBlock);
    const row = number % rowsPerBlock;
    const block = this.#blocks[index] ?? { bytes: this.#bytes, ends: this.#ends.subarray(0, this.#rows) };
    const end = block.ends[row];
    if (end === undefined || index > this.#blocks.length) throw new RangeError(`There is no text ${number}.`);
    return block.bytes.toString('utf8', row === 0 ? 0 : block.ends[row - 1], end) as Text;
  }

  #close(): void {
    const bytes = Buffer.allocUnsafeSlow(this.#length);
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#blocks.push({ bytes, ends: this.#ends });
    this.#ends = new Uint32Array(rowsPerBlock);
    this.#rows = 0;
    this.#length = 0;
  }
}

function enlarged(bytes: Buffer, length: number, most: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(most * 2);
  bytes.copy(larger, 0, 0, length);
  return larger;
}
