/** How many columns a text takes on a terminal: wide characters take two, accents on a letter none. */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const plain = /^[ -~]*$/;
const invisible = /^[\p{M}\p{Cc}\p{Cf}]/u;
/** Half-width katakana and hangul take one column, though their scripts are wide. */
const halfWidth = /^[\uff61-\uffdc]/;
/** After Unicode's East Asian Width (UAX #11), wide and full-width. */
const wide =
  /^(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3001-\u303e\u30fb\u30fc\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u;

/** The columns that a text without control characters takes. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) columns += widthOf(segment);
  return columns;
}

/** As much of a text as fits into so many columns; whole characters only. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let cut = '';
  let taken = 0;
  for (const { segment } of graphemes.segment(text)) {
    taken += widthOf(segment);
    if (taken > columns) break;
    cut += segment;
  }
  return cut;
}

function widthOf(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) && !halfWidth.test(grapheme) ? 2 : 1;
}
