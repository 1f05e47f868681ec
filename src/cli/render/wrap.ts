import { displayWidth } from './display-width.ts';

/** So that a narrow terminal breaks lines somewhere at least. */
const narrowest = 20;

/**
 * Breaks a text between words into lines of at most `width` columns, all of them indented. A word that is longer stays
 * whole: an address that is cut can't be copied. With a width of `Infinity`, one line comes back.
 */
export function wrap(text: string, width: number, indent = 0): readonly string[] {
  const room = Math.max(narrowest, width - indent);
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const word of text.split(' ')) {
    const size = displayWidth(word);
    if (line !== '' && taken + 1 + size > room) {
      lines.push(line);
      line = word;
      taken = size;
    } else {
      line = line === '' ? word : `${line} ${word}`;
      taken = line === word ? size : taken + 1 + size;
    }
  }
  lines.push(line);
  return lines.map((one) => `${' '.repeat(indent)}${one}`);
}
