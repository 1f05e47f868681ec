import { z } from 'zod';

export const backup = z
  .union([
    z.literal('off'),
    z.strictObject({
      share: z
        .number()
        .min(0)
        .max(100)
        .default(10)
        .describe('Percent of the profiles of the org: a change of more is preceded by a backup'),
      atLeast: z.int().min(1).default(20).describe('A change of fewer people is never preceded by one'),
      folder: z
        .string()
        .min(1)
        .optional()
        .describe('Where backups are kept: backups beside the embedded store, or data/backups, if not given')
        .meta({ examples: ['/var/backups/rollcall'] }),
      keep: z.int().min(1).default(10).describe('How many backups are kept, the newest'),
    }),
  ])
  .prefault({})
  .describe('The org is saved before much of it is changed. off: never');
