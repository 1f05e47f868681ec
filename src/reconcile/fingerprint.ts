/** Attributes in 64 bits, whatever their order, to tell whether two sets of them are the same. Pure. */
import { TextHash } from '../compact/index.ts';
import type { Brand } from '../identity/brand.ts';
import type { AttributeValue, ProfileAttributes } from '../profile-api/profile.ts';
import { emailKey } from './differences.ts';

/** 64 bits, in two halves of 32 with their signs. */
export interface Print {
  readonly low: number;
  readonly high: number;
}

/** What a text's name comes to. */
export type TextName = Brand<number, 'TextName'>;

export const textName = (name: string): TextName => new TextHash().of(name).low as TextName;

/** What there is to know of an attribute's name. */
interface Name {
  readonly name: string;
  /** For texts, and for all other values. */
  readonly seed: TextName;
  readonly seedOfOthers: TextName;
  readonly isCompared: boolean;
}

/** The halves are fields, so that nothing is allocated for each person. */
export class Fingerprint implements Print {
  low = 0;
  high = 0;
  readonly #hash = new TextHash();
  readonly #compared: readonly string[];
  readonly #served: Fingerprint | undefined;
  readonly #names = new Map<string, Name>();
  /** Which name came at which place the last time: mostly the same ones do again. */
  readonly #lastTime: Name[] = [];

  /**
   * @param compared - the attributes of which it matters how the server would tell them apart
   * @param served - takes those in besides, as {@link addAsServed} does
   */
  constructor(compared: readonly string[] = [], served?: Fingerprint) {
    this.#compared = compared;
    this.#served = served;
  }

  clear(): this {
    this.low = 0;
    this.high = 0;
    return this;
  }

  /** Every attribute as it is: equal only where JSON says the same. */
  addExactly(attributes: ProfileAttributes): this {
    let place = 0;
    for (const name in attributes) {
      const value = attributes[name];
      if (value === undefined) continue;
      const known = this.#nameAt(place, name);
      place += 1;
      if (typeof value === 'string') this.#add(this.#hash.of(value, known.seed));
      else this.#add(this.#hash.of(inOrder(value), known.seedOfOthers));
      if (!known.isCompared || this.#served === undefined) continue;
      // Nearly every text is the same both ways, and is hashed once.
      if (typeof value === 'string' && (name !== 'email' || emailKey(value) === value))
        this.#served.#add(this.#hash);
      else this.#served.#addServed(known, value);
    }
    return this;
  }

  /**
   * Those attributes that are compared, as the server would tell two values apart: see {@link isSameValue}.
   *
   * @returns how many of them there are
   */
  addAsServed(attributes: ProfileAttributes): number {
    let [place, count] = [0, 0];
    for (const name in attributes) {
      const value = attributes[name];
      if (value === undefined) continue;
      const known = this.#nameAt(place, name);
      place += 1;
      if (!known.isCompared) continue;
      this.#addServed(known, value);
      count += 1;
    }
    return count;
  }

  /** A text of which the name is known from the beginning. */
  addText(name: TextName, text: string): this {
    this.#add(this.#hash.of(text, name));
    return this;
  }

  #addServed({ name, seed, seedOfOthers }: Name, value: AttributeValue): void {
    if (name === 'email' && typeof value === 'string') this.#add(this.#hash.of(emailKey(value), seed));
    else if (typeof value === 'object') this.#add(this.#hash.of(inOrder(value), seedOfOthers));
    else this.#add(this.#hash.of(String(value), seed));
  }

  #add(hash: TextHash): void {
    this.low = (this.low + hash.low) | 0;
    this.high = (this.high + hash.high) | 0;
  }

  #nameAt(place: number, name: string): Name {
    const expected = this.#lastTime[place];
    if (expected?.name === name) return expected;
    const known = this.#nameOf(name);
    this.#lastTime[place] = known;
    return known;
  }

  #nameOf(name: string): Name {
    let known = this.#names.get(name);
    if (known === undefined) {
      const [seed, seedOfOthers] = [textName(name), textName(`${name}\n`)];
      known = { name, seed, seedOfOthers, isCompared: this.#compared.includes(name) };
      this.#names.set(name, known);
    }
    return known;
  }
}

/** JSON with the names of objects in order: the store keeps them in an order of its own. */
const inOrder = (value: AttributeValue): string =>
  JSON.stringify(value, (_name, inner: AttributeValue) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
