/** Whatever JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** What each value begins with. Most are short texts, which are written without making JSON of them first. */
const kind = { null: 0, false: 1, true: 2, integer: 3, text: 4, json: 5 } as const;

/** The bytes of a short text are counted by one byte, and each of its units takes three at most. */
const longestShort = 85;
const mostOfShort = 2 + longestShort * 3;
const beforeJson = 5;

/** So many letters are written here, one by one, in the time of a call that has them written. */
const lettersOfACall = 16;

/** Each block is one buffer of exactly the size that it needs. */
const rowsPerBlock = 1_024;

interface Block {
  readonly bytes: Buffer;
  /** Where each row ends. */
  readonly ends: Uint32Array;
}

/**
 * Rows of JSON values by number, kept as bytes outside of the JavaScript heap: what is rarely read again costs no garbage
 * collection. They come out as JSON would have them: -0 as 0, and what is no number as null.
 */
export class PackedRows {
  readonly #blocks: Block[] = [];
  #bytes = Buffer.allocUnsafeSlow(64 * 1_024);
  #ends = new Uint32Array(rowsPerBlock);
  #rows = 0;
  #length = 0;

  get size(): number {
    return this.#blocks.length * rowsPerBlock + this.#rows;
  }

  /** Puts a value into the row that is being written. */
  put(value: JsonValue): void {
    this.#makeRoom(mostOfShort);
    if (typeof value === 'string' && isShort(value)) this.#putShort(value);
    else if (typeof value === 'number' && (value | 0) === value) this.#putInteger(value);
    else if (value === null) this.#putConstant(kind.null);
    else if (typeof value === 'boolean') this.#putConstant(value ? kind.true : kind.false);
    else this.#putJson(value);
  }

  /** Ends the row that is being written. @returns its number, from 0 */
  end(): number {
    this.#ends[this.#rows] = this.#length;
    this.#rows += 1;
    const number = this.size - 1;
    if (this.#rows === rowsPerBlock) this.#close();
    return number;
  }

  /** Throws away what was put into the row that is being written. */
  drop(): void {
    this.#length = this.#rows === 0 ? 0 : (this.#ends[this.#rows - 1] ?? 0);
  }

  /** @throws {RangeError} where there is no such row */
  at(number: number): readonly JsonValue[] {
    const block = Math.floor(number / rowsPerBlock);
    const row = number % rowsPerBlock;
    const { bytes, ends } = this.#blocks[block] ?? this.#unclosed(block);
    const end = ends[row];
    if (end === undefined) throw new RangeError(`There is no row ${number}.`);
    const values: JsonValue[] = [];
    for (let at = row === 0 ? 0 : (ends[row - 1] ?? 0); at < end; ) at = readValue(bytes, at, values);
    return values;
  }

  #unclosed(block: number): Block {
    const rows = block === this.#blocks.length ? this.#rows : 0;
    return { bytes: this.#bytes, ends: this.#ends.subarray(0, rows) };
  }

  #putShort(text: string): void {
    const bytes = this.#bytes;
    const from = this.#length + 2;
    const isWritten = text.length <= lettersOfACall && writeLetters(bytes, text, from);
    const length = isWritten ? text.length : bytes.write(text, from);
    bytes[from - 2] = kind.text;
    bytes[from - 1] = length;
    this.#length = from + length;
  }

  #putInteger(value: number): void {
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = kind.integer;
    bytes[at + 1] = value;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value >> 16;
    bytes[at + 4] = value >> 24;
    this.#length = at + 5;
  }

  #putConstant(itself: number): void {
    this.#bytes[this.#length] = itself;
    this.#length += 1;
  }

  #putJson(value: JsonValue): void {
    const text = JSON.stringify(value);
    this.#makeRoom(beforeJson + text.length * 3);
    const at = this.#length;
    const length = this.#bytes.write(text, at + beforeJson);
    this.#bytes[at] = kind.json;
    this.#bytes.writeUInt32LE(length, at + 1);
    this.#length = at + beforeJson + length;
  }

  #makeRoom(bytes: number): void {
    const most = this.#length + bytes;
    if (most <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(most * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
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

/** Half of a character has no bytes of its own: JSON knows how to write it. */
const isShort = (text: string): boolean => text.length <= longestShort && text.isWellFormed();

/** @returns whether they are that, and are written: each is a byte then */
function writeLetters(bytes: Buffer, text: string, from: number): boolean {
  let bits = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    bytes[from + index] = unit;
    bits |= unit;
  }
  return bits <= 0x7f;
}

/** Reads the value at a place. @returns where the next one is */
function readValue(bytes: Buffer, at: number, values: JsonValue[]): number {
  switch (bytes[at]) {
    case kind.null:
      values.push(null);
      return at + 1;
    case kind.false:
    case kind.true:
      values.push(bytes[at] === kind.true);
      return at + 1;
    case kind.integer:
      values.push(bytes.readInt32LE(at + 1));
      return at + 5;
    case kind.text: {
      const from = at + 2;
      const end = from + bytes.readUInt8(at + 1);
      values.push(bytes.toString('utf8', from, end));
      return end;
    }
    default: {
      const from = at + beforeJson;
      const end = from + bytes.readUInt32LE(at + 1);
      values.push(JSON.parse(bytes.toString('utf8', from, end)));
      return end;
    }
  }
}
