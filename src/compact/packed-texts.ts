import { PackedRows } from './packed-rows.ts';

/**
 * Texts by number, kept as {@link PackedRows}.
 *
 * @typeParam Text - what is put in, such as ids of one kind, is what comes out
 */
export class PackedTexts<Text extends string = string> {
  readonly #rows = new PackedRows();

  get size(): number {
    return this.#rows.size;
  }

  /** @returns its number, from 0 */
  add(text: Text): number {
    this.#rows.put(text);
    return this.#rows.end();
  }

  /** @throws {RangeError} where there is no such text */
  at(number: number): Text {
    return this.#rows.at(number)[0] as Text;
  }
}
