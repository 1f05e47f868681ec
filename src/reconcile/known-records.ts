/** Records of the source of which is known that they say what a link does, in 16 bytes each. Pure. */
import { NumberTable, TextHash } from '../compact/index.ts';
import type { RecordPrint } from '../identity/identity.ts';
import type { Print } from './fingerprint.ts';

/** A record, and what the org ought to show of whoever has it. Both prints are worth something under the same conditions alone. */
export interface KnownRecord {
  readonly of: RecordPrint;
  readonly shown: Print;
}

const column = { record: 0, shown: 2 } as const;

export class KnownRecords {
  readonly #prints = new NumberTable(4);
  readonly #conditions = new TextHash();

  /** From now on, records are known under these conditions: those under others are never the same. */
  under(conditions: string): void {
    this.#conditions.of(conditions);
  }

  /** Enters one as it was kept. @returns its number, from 0 */
  add({ of, shown }: KnownRecord): number {
    return this.#put(this.#prints.add(), of.low, of.high, shown);
  }

  /**
   * Enters one as the source shows it.
   *
   * @param before - the number of the one in whose place it comes; undefined where there is none
   * @returns its number
   */
  learn({ of, shown }: KnownRecord, before: number | undefined): number {
    const { low, high } = this.#conditions;
    return this.#put(before ?? this.#prints.add(), of.low ^ low, of.high ^ high, shown);
  }

  /** Whether the source shows that one. */
  is(number: number, { low, high }: RecordPrint): boolean {
    return (
      this.#prints.get(number, column.record) === (low ^ this.#conditions.low) &&
      this.#prints.get(number, column.record + 1) === (high ^ this.#conditions.high)
    );
  }

  /** As it is to be kept: with the conditions in it. */
  at(number: number): KnownRecord {
    return { of: this.#printAt(number, column.record), shown: this.#printAt(number, column.shown) };
  }

  #put(number: number, low: number, high: number, shown: Print): number {
    this.#prints.set(number, column.record, low);
    this.#prints.set(number, column.record + 1, high);
    this.#prints.set(number, column.shown, shown.low);
    this.#prints.set(number, column.shown + 1, shown.high);
    return number;
  }

  #printAt(number: number, at: number): Print {
    return { low: this.#prints.get(number, at), high: this.#prints.get(number, at + 1) };
  }
}
