/** Strict reading of BER (X.690, as LDAP uses it: definite lengths): what doesn't fit throws, nothing is guessed. */

/** Bytes that are not the BER that was expected. */
export class BerError extends Error {
  override readonly name = 'BerError';
}

export const berTag = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

interface Header {
  readonly tag: number;
  /** Where the content starts and ends (exclusive), as offsets into the buffer. */
  readonly start: number;
  readonly end: number;
}

/** The header of the element at `offset`, or undefined if the buffer ends before the header does. */
export function readHeader(buffer: Buffer, offset: number): Header | undefined {
  const tag = buffer[offset];
  const first = buffer[offset + 1];
  if (tag === undefined || first === undefined) return undefined;
  if (first < 0x80) return { tag, start: offset + 2, end: offset + 2 + first };

  const count = longLengthSize(first, offset);
  const start = offset + 2 + count;
  if (start > buffer.length) return undefined;
  return { tag, start, end: start + buffer.readUIntBE(offset + 2, count) };
}

/** How many bytes of length follow a first one of 0x80 or more: 1 to 4, however many would do. */
export function longLengthSize(first: number, offset: number): number {
  const count = first & 0x7f;
  if (count === 0 || count > 4)
    throw new BerError(`a length of ${count} bytes is not allowed at byte ${offset}`);
  return count;
}

/** Walks over the elements between two offsets. */
export class BerCursor {
  readonly #buffer: Buffer;
  readonly #end: number;
  #offset: number;

  constructor(buffer: Buffer, start = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.#offset = start;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#end;
  }

  /** The next element's tag, or undefined at the end. */
  peek(): number | undefined {
    return this.atEnd ? undefined : this.#buffer[this.#offset];
  }

  /** Steps over the next element, whatever it is. */
  skip(): Header {
    const header = readHeader(this.#buffer, this.#offset);
    if (header === undefined || header.end > this.#end) {
      throw new BerError(`an element at byte ${this.#offset} reaches beyond its frame`);
    }
    this.#offset = header.end;
    return header;
  }

  /** The inside of the next element, which must have this tag. */
  enter(tag: number): BerCursor {
    const { start, end } = this.#expect(tag);
    return new BerCursor(this.#buffer, start, end);
  }

  /** The bytes of the next element: a view, so copy what is kept. */
  bytes(tag: number = berTag.octets): Buffer {
    const { start, end } = this.#expect(tag);
    return this.#buffer.subarray(start, end);
  }

  text(tag: number = berTag.octets): string {
    return this.bytes(tag).toString('utf8');
  }

  /** An INTEGER or ENUMERATED of up to four bytes. */
  integer(tag: number = berTag.integer): number {
    const bytes = this.bytes(tag);
    if (bytes.length === 0 || bytes.length > 4)
      throw new BerError(`an integer of ${bytes.length} bytes is not allowed`);
    return bytes.readIntBE(0, bytes.length);
  }

  #expect(tag: number): Header {
    const at = this.#offset;
    const header = this.skip();
    if (header.tag !== tag) {
      throw new BerError(
        `found tag 0x${header.tag.toString(16)} at byte ${at} in place of 0x${tag.toString(16)}`,
      );
    }
    return header;
  }
}
