/** The server's own words about what is wrong, from the shapes in which servers put them. */
import { type Body, isRecord } from './json-body.ts';
import type { AttributeValue } from './profile.ts';

const maxLength = 300;

/** - `general`: about the request as a whole; `fields`: complaints about single properties of the record. */
export interface ServerSentence {
  readonly text: string;
  readonly about: 'general' | 'fields';
}

const generalKeys = [
  'error',
  'message',
  'detail',
  'error_description',
  'errors',
  'non_field_errors',
  'title',
];

/** Keys that stand beside a sentence and say nothing to people. */
const silentKeys = new Set(['status', 'code', 'success', 'type', 'status_code', 'instance', 'timestamp']);

/**
 * Finds the sentence in `{"error"}`, `{"message"}`, `{"detail"}`, `{"errors": [...]}`, and in the field errors of
 * Django (`{"email": ["Enter a valid address."]}`). The result is one line, at most 300 characters, without control
 * characters, and without any of the secrets that the request carried.
 */
export function readServerSentence(body: Body, secrets: readonly string[] = []): ServerSentence | undefined {
  if (body.kind === 'html') return tidied(body.title, 'general', secrets);
  if (body.kind !== 'json') return undefined;
  if (!isRecord(body.value)) return tidied(flatten(body.value, 0), 'general', secrets);
  for (const key of generalKeys) {
    const value = body.value[key];
    const found = tidied(flatten(value, 0), isRecord(value) ? 'fields' : 'general', secrets);
    if (found !== undefined) return found;
  }
  const fields = Object.fromEntries(Object.entries(body.value).filter(([key]) => !silentKeys.has(key)));
  return tidied(flatten(fields, 0), 'fields', secrets);
}

/** One line for people: control and invisible characters gone, secrets blanked, cut to a sane length. */
export function tidy(text: string, secrets: readonly string[] = []): string {
  const blanked = secrets
    .filter((secret) => secret.length > 0)
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
  const line = blanked
    .slice(0, 10_000)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = Array.from(line.slice(0, maxLength * 2));
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line;
}

function tidied(
  text: string | undefined,
  about: ServerSentence['about'],
  secrets: readonly string[],
): ServerSentence | undefined {
  const line = tidy(text ?? '', secrets);
  return line === '' ? undefined : { text: line, about };
}

function flatten(value: AttributeValue | undefined, depth: number): string {
  if (value === undefined || value === null || typeof value === 'boolean' || depth > 3) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return '';
  if (isRecord(value)) {
    return Object.entries(value)
      .slice(0, 10)
      .map(([key, one]) => [key, flatten(one, depth + 1)])
      .filter(([, text]) => text !== '')
      .map(([key, text]) => (key === 'non_field_errors' ? text : `${key}: ${text}`))
      .join('; ');
  }
  return Array.isArray(value)
    ? value
        .slice(0, 10)
        .map((one: AttributeValue) => flatten(one, depth + 1))
        .filter((text) => text !== '')
        .join(' ')
    : '';
}
