/** What several requests and answers are made of. */
import { z } from 'zod';
import { isStorable } from '../../identity/storable.ts';

/** Longer texts are mistakes, or worse. */
const longest = 2_000;

const text = z
  .string()
  .trim()
  .min(1, 'Write something.')
  .max(longest, `At most ${longest} letters.`)
  .refine(isStorable, 'No text: it has a NUL, or half a letter, in it.');

export const reason = text.meta({
  description: 'Why, for the audit log',
  examples: ['I looked at it'],
});

export const who = text.meta({
  description: 'One person: e-mail, login or id',
  examples: ['ann@example.com'],
});

export const searched = text.meta({
  description: 'Part of a name or e-mail address in any case of letters, or a whole id',
  examples: ['ann@'],
});

export const sourceName = text.meta({ description: 'The id of a source', examples: ['corp'] });
export const runName = text.meta({ description: 'The id of a run or plan', examples: ['k3v9m2wt'] });
export const operationName = text.meta({ description: 'The id of an operation', examples: ['k3v9m2wt.17'] });
export const plainText = text;

/** Of one or several, as in `?state=held&state=planned`. */
export const some = <One extends z.ZodType>(one: One) =>
  z.preprocess(
    (given) => (given === undefined || Array.isArray(given) ? given : [given]),
    z.array(one).min(1).optional(),
  );

export const page = {
  cursor: z
    .string()
    .max(longest)
    .optional()
    .meta({ description: 'Where the page begins: `next` of the page before, as it is' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(50)
    .meta({ description: 'How many at most', examples: [50] }),
};

/** A page of a list. */
export const pageOf = <Item extends z.ZodType>(items: Item) =>
  z.object({
    items: z.array(items),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null on the last one' }),
  });

export const time = z.iso.datetime({ offset: true }).meta({ examples: ['2026-03-01T14:05:09.000Z'] });
export const timeOrNull = time.nullable();
export const attributes = z
  .record(z.string(), z.unknown())
  .meta({ description: 'Attributes of the profile by their names', examples: [{ title: 'Engineer' }] });

export const served = z
  .boolean()
  .meta({ description: 'Whether a service is at work; without one, nothing happens by itself' });
