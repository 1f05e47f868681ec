/** Sound input that something has happened to: what a reader meets when a network, an editor or an attacker had it before. */
import fc from 'fast-check';

type Damage = (bytes: Buffer) => Buffer;

/** Nothing is repeated that is longer: the time belongs to many cases. */
const longest = 20_000;

/** A place in any input, as a share of its length, so that a case stays itself while it shrinks. */
const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (share: number, { length }: Buffer): number => Math.min(length, Math.floor(share * (length + 1)));

/** @param words - what readers of this kind take notice of, to be put in anywhere */
function damage(words: readonly string[]): fc.Arbitrary<Damage> {
  const piece = fc.oneof(
    fc.constantFrom(...words).map((word) => Buffer.from(word, 'latin1')),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('\0', '\uFEFF', '\u202E', '\u{1F600}', '\r', '\n', '\u2028', ' '.repeat(300))
      .map((text) => Buffer.from(text)),
  );
  const cut = fc.tuple(place, place).map(
    ([one, other]): Damage =>
      (bytes) => {
        const [from, to] = [at(one, bytes), at(other, bytes)].sort((a, b) => a - b);
        return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
      },
  );
  const put = fc.tuple(place, piece).map(
    ([where, more]): Damage =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(where, bytes)), more, bytes.subarray(at(where, bytes))]),
  );
  const change = fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(
    ([where, byte]): Damage =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        const index = at(where, bytes);
        if (index < copy.length) copy[index] = byte;
        return copy;
      },
  );
  const repeat = fc.tuple(place, place, fc.integer({ min: 1, max: 40 })).map(
    ([one, other, times]): Damage =>
      (bytes) => {
        if (bytes.length > longest) return bytes;
        const [from = 0, to] = [at(one, bytes), at(other, bytes)].sort((a, b) => a - b);
        const again = Array<Buffer>(times).fill(bytes.subarray(from, to));
        return Buffer.concat([bytes.subarray(0, to), ...again, bytes.subarray(to)]);
      },
  );
  const end = place.map(
    (where): Damage =>
      (bytes) =>
        bytes.subarray(0, at(where, bytes)),
  );
  return fc.oneof(put, change, cut, repeat, end);
}

/** A sound input with nothing to eight things done to it. */
export const damaged = (
  sound: readonly (string | Buffer)[],
  words: readonly string[],
): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...sound), fc.array(damage(words), { maxLength: 8 }))
    .map(([whole, done]) => done.reduce<Buffer>((now, each) => each(now), Buffer.from(whole)));

/** What readers of JSON take notice of. */
export const jsonMarks = ['{', '}', '[', ']', '"', ',', ':', 'null', '\\ud800'] as const;

/** How long to go on: so many cases in the tests, and in `npm run fuzz` as many as fit into FUZZ_SECONDS. */
export function asLongAs(cases: number): fc.Parameters<unknown> {
  const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
  if (!(seconds > 0)) return { numRuns: cases };
  return { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1_000 };
}
