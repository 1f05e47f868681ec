import { z } from 'zod';

/** A profile attribute's value: an attribute name, a CEL expression over `user`, or a constant. */
const mappedValue = z.union([z.string().min(1), z.number(), z.boolean()]);

export const mappingRule = z.union([
  mappedValue,
  z.strictObject({
    value: mappedValue
      .describe('An attribute name, a CEL expression over `user`, or a constant')
      .meta({ examples: ['telephoneNumber'] }),
    authoritative: z
      .union([z.boolean(), z.literal('initial')])
      .default(true)
      .describe(
        'What becomes of a change by hand in the org. true: the next run puts it right. false: it stays until the source changes. initial: set at creation, never after',
      ),
  }),
]);
