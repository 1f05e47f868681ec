/**
 * 64 bits of a text, in two halves: enough that of a million people no two are taken for one another (one chance in
 * thirty million), and not for secrets. The halves are fields, so that nothing is allocated for each text; and they are signed
 * numbers of 32 bits, since V8 makes an object of a larger one.
 */
export class TextHash {
  low = 0;
  high = 0;

  /**
   * Makes it that of another text.
   *
   * @param seed - so that one text under two names has two hashes
   */
  of(text: string, seed = 0): this {
    let one = 0xdeadbeef ^ seed;
    let other = 0x41c6ce57 ^ seed;
    const even = text.length & ~1;
    for (let index = 0; index < even; index += 2) {
      one = Math.imul(one ^ text.charCodeAt(index) ^ (text.charCodeAt(index + 1) << 16), 0x9e3779b1);
      // Of two texts that come to the same in one half, what it went through on the way was another.
      other = ((other << 5) - other + (one ^ (one >>> 15))) | 0;
    }
    if (even < text.length) one = Math.imul(one ^ text.charCodeAt(even) ^ (1 << 16), 0x9e3779b1);
    other = (other << 5) - other + (one ^ (one >>> 15)) + text.length;
    // Every bit of the text tells on every bit of both halves.
    one = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
    other = Math.imul(other ^ (other >>> 16), 0x85ebca6b) ^ Math.imul(one ^ (one >>> 13), 0xc2b2ae35);
    this.low = one | 0;
    this.high = other | 0;
    return this;
  }
}
