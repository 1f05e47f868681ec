import { stripVTControlCharacters } from 'node:util';
import { displayWidth, graphemeWidths } from './display-width.ts';

/** So that a narrow terminal breaks lines somewhere at least. */
const narrowest = 20;

/**
 * Breaks a text between words into lines of at most `width` columns, all of them indented. A word that is longer stays
 * whole: an address that is cut can't be copied. Chinese and Japanese, which have no spaces, break between characters.
 * With a width of `Infinity`, one line comes back. The text may be painted.
 */
export function wrap(text: string, width: number, indent = 0): readonly string[] {
  const room = Math.max(narrowest, width - indent);
  return fill(text, () => room).map((line) => `${' '.repeat(indent)}${line}`);
}

/**
 * A line that was laid out already, broken where it is wider than the terminal after all; what it goes on with stands two
 * columns further in. A command stays whole, since it is there to be copied.
 */
export function fit(line: string, width: number): readonly string[] {
  if (displayWidth(line) <= width || stripVTControlCharacters(line).trimStart().startsWith('rollcall '))
    return [line];
  const lead = /^ */.exec(line)?.[0] ?? '';
  const room = (indent: string): number => Math.max(narrowest, width - indent.length);
  const next = `${lead}  `;
  return fill(line.slice(lead.length), (index) => room(index === 0 ? lead : next)).map(
    (part, index) => `${index === 0 ? lead : next}${part}`,
  );
}

/** @param roomOf - the columns that a line has, by its number */
function fill(text: string, roomOf: (index: number) => number): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  let taken = 0;
  for (const { piece, gap } of piecesOf(text, roomOf(1))) {
    const size = displayWidth(piece);
    if (line !== undefined && taken > 0 && taken + gap.length + size > roomOf(lines.length)) {
      lines.push(line);
      line = undefined;
    }
    taken = line === undefined ? size : taken + gap.length + size;
    line = line === undefined ? piece : `${line}${gap}${piece}`;
  }
  lines.push(line ?? '');
  return lines;
}

interface Piece {
  readonly piece: string;
  /** What separates it from the one before, on the same line. */
  readonly gap: string;
}

function piecesOf(text: string, room: number): readonly Piece[] {
  return text.split(' ').flatMap((word, index): readonly Piece[] => {
    const gap = index === 0 ? '' : ' ';
    if (displayWidth(word) <= room) return [{ piece: word, gap }];
    return betweenWide(word).map((piece, at) => ({ piece, gap: at === 0 ? gap : '' }));
  });
}

/** The parts of a long word between which a line may end: before and after each wide character. */
function betweenWide(word: string): readonly string[] {
  // A colour's code must not be torn apart; painted texts of that kind are rare.
  if (word.includes('\u001b')) return [word];
  const parts: string[] = [];
  let part = '';
  let previous = 0;
  for (const { grapheme, width } of graphemeWidths(word)) {
    if (part !== '' && width > 0 && Math.max(width, previous) === 2) {
      parts.push(part);
      part = '';
    }
    part += grapheme;
    if (width > 0) previous = width;
  }
  return [...parts, part];
}
