/** Text from outside, made fit for a message to people. */

/** Controls, line separators, halves of characters, and characters that turn the direction of reading round. The joiners stay. */
const unreadable = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** One line of at most so many characters. */
export function oneLine(text: string, atMost: number): string {
  const line = text.replace(unreadable, ' ').replace(/ {2,}/g, ' ').trim();
  if (line.length <= atMost) return line;
  // Not through the middle of a character.
  return `${line
    .slice(0, atMost - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}
