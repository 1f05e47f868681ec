/** Entries as they came over the wire, in 64 bits: to find out fast that one is just as it was the last time. */
import type { RecordPrint } from '../../../src/identity/identity.ts';

/** The halves are fields, so that nothing is allocated for each entry; they are signed numbers of 32 bits. */
export class EntryPrint implements RecordPrint {
  low = 0;
  high = 0;
  readonly #seed: RecordPrint;
  #bytes: Buffer | undefined;
  #view = new DataView<ArrayBufferLike>(new ArrayBuffer(0));

  /** @param context - whatever else decides what somebody makes of an entry: with another one, all prints are others */
  constructor(context = '') {
    this.#seed = { low: 0x9e3779b1 | 0, high: 0x41c6ce57 };
    if (context === '') return;
    const bytes = Buffer.from(context);
    const { low, high } = this.of(bytes, 0, bytes.length);
    this.#seed = { low, high };
  }

  /** Makes it that of the bytes between two offsets. */
  of(bytes: Buffer, start: number, end: number): this {
    if (bytes !== this.#bytes) {
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#bytes = bytes;
    }
    const view = this.#view;
    let { low: one, high: other } = this.#seed;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      one = Math.imul(one ^ view.getInt32(at, true), 0x9e3779b1);
      one ^= one >>> 15;
      // Where the one half comes to the same, what it went through on the way was another.
      other = (Math.imul(other, 31) + one) | 0;
    }
    for (; at < end; at += 1) {
      one = Math.imul(one ^ view.getUint8(at), 0x9e3779b1);
      one ^= one >>> 15;
      other = (Math.imul(other, 31) + one) | 0;
    }
    other = (other + (end - start)) | 0;
    // Every bit of the entry tells on every bit of both halves.
    one = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
    other = Math.imul(other ^ (other >>> 16), 0x85ebca6b) ^ Math.imul(one ^ (one >>> 13), 0xc2b2ae35);
    this.low = one | 0;
    this.high = other | 0;
    return this;
  }
}
