/**
 * Search entries (RFC 4511 section 4.5.2). They are checked when they arrive and stay bytes until they are read, so
 * that a large directory costs the strings that somebody asks for, and nothing for the rest.
 */
import { isAscii } from 'node:buffer';
import { BerError, berTag, longLengthSize } from './ber.ts';
import { noControls, type ResponseControl } from './controls.ts';
import type { EntryPrint } from './entry-print.ts';

interface RawAttribute {
  /** The attribute description as the server spells it, options included: `cn;lang-de`. */
  readonly description: string;
  /** Views into what arrived: copy what is kept. */
  readonly values: readonly Buffer[];
}

/** What somebody makes of an attribute's values. */
export interface AttributeUse {
  /** The text of the value that lies between two offsets. */
  text(bytes: Buffer, start: number, end: number): string;
  /** Whether ASCII is its own text, and nobody keeps the text for long: a piece of a text keeps all of it in memory. */
  readonly isPlain: boolean;
}

export class SearchEntry {
  /** What the server sent with it. */
  readonly controls: readonly ResponseControl[];
  readonly #bytes: Buffer;
  readonly #dnStart: number;
  readonly #dnEnd: number;
  readonly #listStart: number;
  readonly #listEnd: number;

  /**
   * @param start where the content of the SearchResultEntry begins in `bytes`.
   * @param end where it ends.
   * @throws {BerError} where it is none.
   */
  constructor(bytes: Buffer, start: number, end: number, controls: readonly ResponseControl[] = noControls) {
    this.controls = controls;
    const element = new Element(bytes);
    element.enter(berTag.octets, start, end);
    this.#bytes = bytes;
    this.#dnStart = element.start;
    this.#dnEnd = element.end;
    element.enter(berTag.sequence, element.end, end);
    this.#listStart = element.start;
    this.#listEnd = element.end;
    checkAttributes(element, element.start, element.end);
  }

  get dn(): string {
    return this.#bytes.toString(undefined, this.#dnStart, this.#dnEnd);
  }

  /** Every attribute as it came. For many entries, {@link SearchEntry.read} is several times as fast. */
  get attributes(): readonly RawAttribute[] {
    const attributes: RawAttribute[] = [];
    const element = new Element(this.#bytes);
    for (let at = this.#listStart; at < this.#listEnd; ) {
      element.enter(berTag.sequence, at, this.#listEnd);
      at = element.end;
      element.enter(berTag.octets, element.start, at);
      const description = this.#bytes.toString('utf8', element.start, element.end);
      element.enter(berTag.set, element.end, at);
      const values: Buffer[] = [];
      for (let next = element.start, end = element.end; next < end; next = element.end) {
        element.enter(berTag.octets, next, end);
        values.push(this.#bytes.subarray(element.start, element.end));
      }
      attributes.push({ description, values });
    }
    return attributes;
  }

  /** Makes the print that of this entry: its name and all its attributes, as they came. */
  printInto(print: EntryPrint): EntryPrint {
    return print.of(this.#bytes, this.#dnStart, this.#listEnd);
  }

  /** The values of the first attribute that there is a use for, without a look at any other's. */
  pick<Use extends AttributeUse>(uses: DescriptionTable<Use>): readonly string[] {
    const bytes = this.#bytes;
    const walk = new Walk(bytes, this.#listStart, this.#listEnd, uses);
    const use = walk.step();
    const texts: string[] = [];
    if (use === undefined) return texts;
    for (let next = walk.start, end = walk.end; next < end; next = walk.end) {
      walk.enter(berTag.octets, next, end);
      texts.push(use.text(bytes, walk.start, walk.end));
    }
    return texts;
  }

  /** Hands over the values of each attribute that there is a use for. */
  read<Use extends AttributeUse>(
    uses: DescriptionTable<Use>,
    take: (use: Use, texts: readonly string[]) => void,
  ): void {
    const bytes = this.#bytes;
    const first = this.#listStart;
    // Cutting a text up is several times as fast as making each of its parts from bytes.
    const whole = isAscii(bytes.subarray(first, this.#listEnd))
      ? bytes.toString('latin1', first, this.#listEnd)
      : undefined;
    const walk = new Walk(bytes, first, this.#listEnd, uses);
    for (let use = walk.step(); use !== undefined; use = walk.step()) {
      const texts: string[] = [];
      for (let next = walk.start, end = walk.end; next < end; next = walk.end) {
        walk.enter(berTag.octets, next, end);
        texts.push(
          whole !== undefined && use.isPlain
            ? whole.slice(walk.start - first, walk.end - first)
            : use.text(bytes, walk.start, walk.end),
        );
      }
      take(use, texts);
    }
  }
}

/** Goes over every header once, so that reading can't fail later. */
function checkAttributes(element: Element, start: number, end: number): void {
  for (let at = start; at < end; ) {
    element.enter(berTag.sequence, at, end);
    at = element.end;
    element.enter(berTag.octets, element.start, at);
    element.enter(berTag.set, element.end, at);
    for (let next = element.start, setEnd = element.end; next < setEnd; next = element.end) {
      element.enter(berTag.octets, next, setEnd);
    }
  }
}

/** One element's place. It is used again for the next one: an object for each would cost as much as all the rest. */
class Element {
  start = 0;
  end = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Steps to the content of the element at `at`, which must have this tag and end before `limit`. */
  enter(tag: number, at: number, limit: number): void {
    const bytes = this.#bytes;
    if (at + 2 > limit || bytes[at] !== tag) throw new BerError(`an entry is broken at byte ${at}`);
    const first = bytes[at + 1] ?? 0;
    if (first < 0x80) {
      this.start = at + 2;
      this.end = this.start + first;
    } else {
      const size = longLengthSize(first, at);
      this.start = at + 2 + size;
      if (this.start > limit) throw new BerError(`an entry's element at byte ${at} reaches beyond it`);
      this.end = this.start + bytes.readUIntBE(at + 2, size);
    }
    if (this.end > limit) throw new BerError(`an entry's element at byte ${at} reaches beyond it`);
  }
}

/** Goes from each attribute that there is a use for to the next one. */
class Walk<Use> extends Element {
  readonly #bytes: Buffer;
  readonly #limit: number;
  readonly #uses: DescriptionTable<Use>;
  #at: number;

  constructor(bytes: Buffer, start: number, limit: number, uses: DescriptionTable<Use>) {
    super(bytes);
    this.#bytes = bytes;
    this.#limit = limit;
    this.#uses = uses;
    this.#at = start;
  }

  /** Steps to the set of the next one's values; undefined where there is none. */
  step(): Use | undefined {
    while (this.#at < this.#limit) {
      this.enter(berTag.sequence, this.#at, this.#limit);
      this.#at = this.end;
      this.enter(berTag.octets, this.start, this.#at);
      const use = this.#uses.find(this.#bytes, this.start, this.end);
      if (use === undefined) continue;
      this.enter(berTag.set, this.end, this.#at);
      return use;
    }
    return undefined;
  }
}

/** A server that makes descriptions up without end doesn't fill memory with them. */
const maxKnown = 1_000;

interface Known<Use> {
  readonly bytes: Uint8Array;
  readonly use: Use | undefined;
  /** What came behind it the last time. */
  next: Known<Use> | undefined;
}

/**
 * What is to be done with an attribute, worked out once for each description and found again by its bytes: entries of
 * one search have their attributes in the same order, so that the next one is known before it is looked at.
 */
export class DescriptionTable<Use> {
  readonly #decide: (description: string) => Use | undefined;
  readonly #known = new Map<string, Known<Use>>();
  #last: Known<Use> | undefined;

  constructor(decide: (description: string) => Use | undefined) {
    this.#decide = decide;
  }

  find(bytes: Buffer, start: number, end: number): Use | undefined {
    const guess = this.#last?.next;
    const known =
      guess !== undefined && isSame(guess.bytes, bytes, start, end)
        ? guess
        : this.#lookUp(bytes.subarray(start, end));
    if (this.#last !== undefined) this.#last.next = known;
    this.#last = known;
    return known.use;
  }

  #lookUp(bytes: Buffer): Known<Use> {
    const key = bytes.toString('latin1');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fresh = {
      bytes: Uint8Array.from(bytes),
      use: this.#decide(bytes.toString('utf8')),
      next: undefined,
    };
    if (this.#known.size < maxKnown) this.#known.set(key, fresh);
    return fresh;
  }
}

function isSame(known: Uint8Array, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let index = 0; index < known.length; index += 1) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
}
