/** Attributes in 64 bits, whatever their order, to tell whether two sets of them are the same. Pure. */
import { TextHash } from '../compact/index.ts';
import type { AttributeValue, ProfileAttributes } from '../profile-api/profile.ts';
import { emailKey } from './differences.ts';

/** The halves are fields, so that nothing is allocated for each person. */
export class Fingerprint {
  low = 0;
  high = 0;
  readonly #hash = new TextHash();
  readonly #seeds = new Map<string, number>();

  clear(): this {
    this.low = 0;
    this.high = 0;
    return this;
  }

  /** Every attribute as it is: equal only where JSON says the same. */
  addExactly(attributes: ProfileAttributes): this {
    for (const name in attributes) {
      const value = attributes[name];
      if (typeof value === 'string') this.addText(name, value);
      else if (value !== undefined) this.addText(`${name}\n`, inOrder(value));
    }
    return this;
  }

  /** Some attributes, as the server would tell two values apart: see {@link isSameValue}. */
  addAsServed(attributes: ProfileAttributes, names: readonly string[]): this {
    for (const name of names) {
      const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (value === undefined) continue;
      if (name === 'email' && typeof value === 'string') this.addText(name, emailKey(value));
      else if (typeof value === 'object') this.addText(`${name}\n`, inOrder(value));
      else this.addText(name, String(value));
    }
    return this;
  }

  addText(name: string, text: string): this {
    const { low, high } = this.#hash.of(text, this.#seedOf(name));
    this.low = (this.low + low) >>> 0;
    this.high = (this.high + high) >>> 0;
    return this;
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
