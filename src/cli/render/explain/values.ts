/** Values as an explanation shows them: as JSON, and not too long. */
import { printable, printableValue } from '../../../words/printable.ts';

const shownOfValue = 120;

export function valueInWords(value: unknown): string {
  const text = printableValue(value);
  if (text.length <= shownOfValue) return text;
  // Half of a character that takes two code units would be none.
  return `${text.slice(0, shownOfValue).replace(/\p{Cs}$/u, '')}... (${text.length} characters)`;
}

/** Such as `mail "ann@example.org", title "Pilot"`. */
export const sawInWords = (saw: Readonly<Record<string, unknown>>): string =>
  Object.entries(saw)
    .map(([name, value]) => `${printable(name)} ${valueInWords(value)}`)
    .join(', ');
