/** Aligned columns without borders. */
import type { Paint, Screen } from './colours.ts';
import { displayWidth } from './display-width.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

export interface Cell {
  readonly text: string;
  readonly paint?: Paint | undefined;
}

/** Less room than this, and the last column goes to a line of its own. */
const roomForLast = 28;
const gap = 2;
const indentBelow = 4;

/**
 * The last column is the one for sentences: it is broken into lines where the screen is too narrow. Nothing is ever
 * cut. Cells may hold text from outside.
 */
export function renderTable(
  heads: readonly string[],
  rows: readonly (readonly (Cell | string)[])[],
  { colour, width }: Screen,
): readonly string[] {
  const cells = rows.map((row) =>
    row.map((cell): Cell => {
      const { text, paint } = typeof cell === 'string' ? { text: cell } : cell;
      return { text: printable(text), paint };
    }),
  );
  const last = heads.length - 1;
  const widths = heads.map((head, column) =>
    cells.reduce(
      (widest, row) => Math.max(widest, displayWidth(row[column]?.text ?? '')),
      displayWidth(head),
    ),
  );
  const start = widths.slice(0, last).reduce((sum, one) => sum + one + gap, 0);
  const lastFits = start + (widths[last] ?? 0) <= width;
  const isBelow = !lastFits && width - start < roomForLast;

  const lay = (row: readonly Cell[]): readonly string[] => {
    const left = row.slice(0, last).map((cell, column) => {
      const padding = ' '.repeat((widths[column] ?? 0) - displayWidth(cell.text) + gap);
      return `${painted(cell)}${padding}`;
    });
    const sentence = row[last];
    if (sentence === undefined || sentence.text === '') return [left.join('').trimEnd()];
    if (isBelow) {
      const below = wrap(sentence.text, width, indentBelow);
      return [left.join('').trimEnd(), ...below.map((text) => painted({ ...sentence, text }))];
    }
    const [first = '', ...more] = wrap(sentence.text, width - start);
    return [
      `${left.join('')}${painted({ ...sentence, text: first })}`,
      ...more.map((text) => `${' '.repeat(start)}${painted({ ...sentence, text })}`),
    ];
  };
  const headCells = heads.map((text, column) => ({
    text: isBelow && column === last ? '' : text,
    paint: colour.dim,
  }));
  return [headCells, ...cells].flatMap(lay);
}

const painted = ({ text, paint }: Cell): string => (paint === undefined || text === '' ? text : paint(text));
