/** What HR says in a webhook: that somebody left, or is back. */
import { z } from 'zod';
import { storableText } from '../../identity/storable.ts';
import type { Word } from '../word.ts';

const text = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .transform((given) => storableText(given));

const who = z
  .strictObject({
    email: text.optional(),
    employeeNumber: text.optional(),
    login: text.optional(),
    anchor: text.optional(),
    source: text.optional(),
  })
  .refine(
    ({ email, employeeNumber, login, anchor }) =>
      [email, employeeNumber, login, anchor].some((name) => name !== undefined),
    'name the person by email, employeeNumber, login or anchor',
  );

const about = { who, reason: text.optional(), eventId: text.optional() };

/** Keys that are not known are let pass beside `type` and `data`, as Standard Webhooks puts a timestamp there. */
const payload = z.discriminatedUnion('type', [
  z.object({ type: z.literal('person.left'), data: z.strictObject({ ...about, at: text.optional() }) }),
  z.object({ type: z.literal('person.returns'), data: z.strictObject(about) }),
]);

export type ReadPayload =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'malformed'; readonly sentence: string };

/** @param id - of the delivery, for an event that has none of its own */
export function readPayload(body: string, id: string): ReadPayload {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { kind: 'malformed', sentence: 'The body is no JSON. Nothing was done.' };
  }
  const read = payload.safeParse(json);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${path.join('.')}: ${message}`,
    );
    return {
      kind: 'malformed',
      sentence: `The body is not as docs/offboarding.md has it: ${problems.join('; ')}. Nothing was done.`,
    };
  }
  const { type, data } = read.data;
  const { reason, eventId = id } = data;
  const named = { kind: 'names', ...data.who } as const;
  if (type === 'person.returns')
    return {
      kind: 'word',
      word: { kind: 'returns', who: named, reason: reason ?? 'They are back.', eventId },
    };
  const { at } = data;
  const when = at === undefined ? ({ kind: 'now' } as const) : ({ kind: 'text', text: at } as const);
  return { kind: 'word', word: { kind: 'left', who: named, when, reason: reason ?? 'They left.', eventId } };
}
