/** Aligned columns without borders. */

import { printable } from '../../words/printable.ts';
import type { Paint, Screen } from './colours.ts';
import { displayWidth } from './display-width.ts';
import { wrap } from './wrap.ts';

export interface Cell {
  readonly text: string;
  readonly paint?: Paint | undefined;
}

/** Less room than this, and the last column goes to a line of its own. */
const roomForLast = 28;
const gap = 2;
const indentBelow = 4;
const listIndent = 2;

/**
 * The last column is the one for sentences: it is broken into lines where the screen is too narrow. Where not even the others
 * fit beside one another, each row is a list of its cells. Nothing is ever cut. Cells may hold text from outside.
 */
export function renderTable(
  heads: readonly string[],
  rows: readonly (readonly (Cell | string)[])[],
  screen: Screen,
): readonly string[] {
  const { colour, width } = screen;
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
  if (start - gap > width) return cells.flatMap((row) => asList(heads, row, screen));
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

/** The first cell is the title of its row; empty ones are left out. */
function asList(
  heads: readonly string[],
  [title, ...rest]: readonly Cell[],
  { colour, width }: Screen,
): readonly string[] {
  const names = heads.slice(1).map((head) => head.toLowerCase());
  const start = listIndent + Math.max(0, ...names.map(displayWidth)) + gap;
  const isBelow = width - start < roomForLast / 2;
  const lines = rest.flatMap((cell, index) => {
    if (cell.text === '') return [];
    const name = names[index] ?? '';
    const label = colour.dim(name);
    const paintedLines = (room: number, indent = 0) =>
      wrap(cell.text, room, indent).map((text) => painted({ ...cell, text }));
    if (isBelow) return [`${' '.repeat(listIndent)}${label}`, ...paintedLines(width, indentBelow)];
    const [first = '', ...more] = paintedLines(width - start);
    const padding = ' '.repeat(start - listIndent - displayWidth(name));
    return [
      `${' '.repeat(listIndent)}${label}${padding}${first}`,
      ...more.map((line) => `${' '.repeat(start)}${line}`),
    ];
  });
  return [...(title === undefined ? [] : [painted(title)]), ...lines];
}

const painted = ({ text, paint }: Cell): string => (paint === undefined || text === '' ? text : paint(text));
