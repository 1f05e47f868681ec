import { TextHash } from './hash.ts';
import { PackedTexts } from './packed-texts.ts';
import { RowIndex } from './row-index.ts';

/**
 * Texts, each once, outside of the JavaScript heap. A Set keeps the strings that it was given: of a million people those are a
 * hundred MiB that collecting garbage walks over.
 */
export class TextSet<Text extends string = string> {
  readonly #texts = new PackedTexts<Text>();
  readonly #rows = new RowIndex();
  readonly #hash = new TextHash();

  get size(): number {
    return this.#texts.size;
  }

  /** @returns whether it was not there before */
  add(text: Text): boolean {
    const key = this.#hash.of(text);
    if (this.#isThere(key, text)) return false;
    this.#texts.add(text);
    this.#rows.add(key);
    return true;
  }

  /** Whether it was added. */
  has(text: Text): boolean {
    return this.#isThere(this.#hash.of(text), text);
  }

  /** In the order in which they were added. */
  *[Symbol.iterator](): Generator<Text> {
    for (let number = 0; number < this.#texts.size; number += 1) yield this.#texts.at(number);
  }

  #isThere(key: TextHash, text: Text): boolean {
    return this.#rows.first(key) >= 0 && this.#rows.all(key).some((row) => this.#texts.at(row) === text);
  }
}
