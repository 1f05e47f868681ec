/** Attributes in 64 bits, whatever their order, to tell whether two sets of them are the same. Pure. */
import { TextHash } from '../compact/index.ts';
import type { AttributeValue, ProfileAttributes } from '../profile-api/profile.ts';
import { emailKey } from './differences.ts';

/** 64 bits, in two halves of 32. */
export interface Print {
  readonly low: number;
  readonly high: number;
}

/** Where attributes of those names go as well, as the server would tell them apart. */
export interface Served {
  readonly print: Fingerprint;
  readonly names: ReadonlySet<string>;
}

/** The halves are fields, so that nothing is allocated for each person. */
export class Fingerprint implements Print {
  low = 0;
  high = 0;
  readonly #hash = new TextHash();
  readonly #seeds = new Map<string, number>();

  clear(): this {
    this.low = 0;
    this.high = 0;
    return this;
  }

  /**
   * Every attribute as it is: equal only where JSON says the same.
   *
   * @param served - takes in some of them too, as {@link addAsServed} does
   */
  addExactly(attributes: ProfileAttributes, served?: Served): this {
    for (const name in attributes) {
      const value = attributes[name];
      if (value === undefined) continue;
      const isText = typeof value === 'string';
      if (isText) this.addText(name, value);
      else this.addText(`${name}\n`, inOrder(value));
      if (served?.names.has(name) !== true) continue;
      // Nearly every text is the same both ways, and is hashed once.
      if (isText && name !== 'email') served.print.#plus(this.#hash);
      else served.print.#addServed(name, value);
    }
    return this;
  }

  /** Some attributes, as the server would tell two values apart: see {@link isSameValue}. */
  addAsServed(attributes: ProfileAttributes, names: ReadonlySet<string>): this {
    for (const name of names) {
      const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (value !== undefined) this.#addServed(name, value);
    }
    return this;
  }

  addText(name: string, text: string): this {
    this.#plus(this.#hash.of(text, this.#seedOf(name)));
    return this;
  }

  #addServed(name: string, value: AttributeValue): void {
    if (name === 'email' && typeof value === 'string') this.addText(name, emailKey(value));
    else if (typeof value === 'object') this.addText(`${name}\n`, inOrder(value));
    else this.addText(name, String(value));
  }

  #plus({ low, high }: Print): void {
    this.low = (this.low + low) >>> 0;
    this.high = (this.high + high) >>> 0;
  }

  #seedOf(name: string): number {
    let seed = this.#seeds.get(name);
    if (seed === undefined) {
      seed = this.#hash.of(name).low;
      this.#seeds.set(name, seed);
    }
    return seed;
  }
}

/** JSON with the names of objects in order: the store keeps them in an order of its own. */
const inOrder = (value: AttributeValue): string =>
  JSON.stringify(value, (_name, inner: AttributeValue) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
