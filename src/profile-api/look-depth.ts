/** How many of an org's newest users are asked for, to find some of them: others create at the same time. */

export interface LookDepth {
  /** Rows to ask for, to find so many. */
  rowsFor(wanted: number): number;
  /** @param rows - of the newest, in which all of so many were; undefined where they were not */
  foundWithin(rows: number | undefined, wanted: number): void;
}

const fewest = 25;
const usual = 4;
const least = 1.5;
/** Of what was needed: a larger page costs less than a second one. */
const reserve = 1.5;
/** How deep fewer people were says who else was made just then, and nothing of the next look. */
const telling = 8;
/** What was needed once is not needed for ever. */
const fading = 0.9;

const rowsOf = (each: number, wanted: number): number => Math.max(fewest, Math.ceil(each * wanted));

/** Rows to ask for where nothing is known. */
export const usualRows = (wanted: number): number => rowsOf(usual, wanted);

/** Learns from the looks before: where others hardly create, a third of the usual rows is enough, and where many do, one page is. */
export function openLookDepth(): LookDepth {
  let rowsEach = usual;
  return {
    rowsFor: (wanted) => rowsOf(rowsEach, wanted),
    foundWithin(rows, wanted) {
      if (rows === undefined) rowsEach = Math.max(usual, rowsEach);
      else if (wanted >= telling) rowsEach = Math.max(least, (reserve * rows) / wanted, fading * rowsEach);
    },
  };
}
