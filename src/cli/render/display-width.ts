/** How many columns a text takes on a terminal: wide characters take two, accents on a letter none. */
import { stripVTControlCharacters } from 'node:util';

const escapeCode = '\u001b';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const plain = /^[ -~]*$/;
const invisible = /^[\p{M}\p{Cc}\p{Cf}]/u;
/** Half-width katakana and hangul take one column, though their scripts are wide. */
const halfWidth = /^[\uff61-\uffdc]/;
/** After Unicode's East Asian Width (UAX #11), wide and full-width. */
const wide =
  /^(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3001-\u303e\u30fb\u30fc\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u;

/** The columns that a text takes; the codes of its colours take none, and other control characters are not in it. */
export function displayWidth(text: string): number {
  const shown = text.includes(escapeCode) ? stripVTControlCharacters(text) : text;
  if (plain.test(shown)) return shown.length;
  let columns = 0;
  for (const { width } of graphemeWidths(shown)) columns += width;
  return columns;
}

/** What a reader takes for one character, and the columns that it takes. */
export function* graphemeWidths(
  text: string,
): Generator<{ readonly grapheme: string; readonly width: number }> {
  for (const { segment } of graphemes.segment(text)) yield { grapheme: segment, width: widthOf(segment) };
}

/** As much of a text as fits into so many columns; whole characters only. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let cut = '';
  let taken = 0;
  for (const { grapheme, width } of graphemeWidths(text)) {
    taken += width;
    if (taken > columns) break;
    cut += grapheme;
  }
  return cut;
}

function widthOf(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) && !halfWidth.test(grapheme) ? 2 : 1;
}
