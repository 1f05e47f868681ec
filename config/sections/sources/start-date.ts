import { z } from 'zod';
import { timeZone } from '../../scalars.ts';

/** The attribute of somebody's first day: its name, or the name and the form of its values. */
export const startDate = <Format extends string>(format: z.ZodType<Format>) =>
  z
    .union([
      z
        .string()
        .min(1)
        .meta({ examples: ['hireDate'] }),
      z.strictObject({
        attribute: z
          .string()
          .min(1)
          .describe('Attribute with the first day')
          .meta({ examples: ['hireDate'] }),
        format: format.describe(
          'Forms as of leave dates; of a date without a time, they begin with that day',
        ),
        timezone: timeZone
          .default('UTC')
          .describe('Time zone of dates and times that name none, such as Europe/Vienna'),
      }),
    ])
    .transform((written) =>
      typeof written === 'string'
        ? { attribute: written, format: 'date' as const, timezone: 'UTC' }
        : written,
    )
    .optional()
    .describe(
      'Attribute of the first day: whoever has no profile yet gets none before it (lifecycle.joinEarly). A name alone means a date such as 2026-03-31, in UTC',
    );
