/** What the store can hold: PostgreSQL's text and JSON take neither a NUL nor half a character (a lone surrogate). */
import type { AttributeValue } from '../profile-api/profile.ts';

export const isStorable = (value: AttributeValue): boolean => {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  return typeof value !== 'object' || value === null || Object.entries(value).flat().every(isStorable);
};

/** A text for people to read, with U+FFFD in place of what can't be stored. */
export const storableText = (text: string): string =>
  isStorable(text) ? text : text.toWellFormed().replaceAll('\0', '\uFFFD');
