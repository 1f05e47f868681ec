/** Cuts what arrives from the network into whole LDAP messages. */
import { BerError, berTag, readHeader } from './ber.ts';

/** A message of more bytes than this is refused: a page is many messages, an entry is one. */
const maxMessageBytes = 64 * 1_024 * 1_024;

export class FrameSplitter {
  #chunks: Buffer[] = [];
  #length = 0;
  /** How many bytes must be there before looking again. */
  #needed = 1;

  /** Bytes that belong to a message that hasn't wholly arrived. */
  get pendingBytes(): number {
    return this.#length;
  }

  /**
   * Hands over each message that is complete with this chunk, as the place of its bytes.
   *
   * @throws {BerError} when what arrives can't be LDAP.
   */
  push(chunk: Buffer, take: (bytes: Buffer, start: number, end: number) => void): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return;

    const [only] = this.#chunks;
    const buffer =
      this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks, this.#length);
    let offset = 0;
    this.#needed = 1;
    while (offset < buffer.length) {
      if (buffer[offset] !== berTag.sequence)
        throw new BerError('what the server sent is not an LDAP message');
      const header = readHeader(buffer, offset);
      if (header === undefined) {
        this.#needed = buffer.length - offset + 1;
        break;
      }
      if (header.end - offset > maxMessageBytes) {
        throw new BerError(
          `a message of ${header.end - offset} bytes is larger than the ${maxMessageBytes} allowed`,
        );
      }
      if (header.end > buffer.length) {
        this.#needed = header.end - offset;
        break;
      }
      take(buffer, offset, header.end);
      offset = header.end;
    }
    const rest = buffer.subarray(offset);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
  }
}
