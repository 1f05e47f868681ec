import { z } from 'zod';
import { cronPattern, duration, timeZone } from '../../scalars.ts';

const schedule = z
  .strictObject({
    full: cronPattern
      .optional()
      .describe('When to read the whole source, as a cron pattern')
      .meta({ examples: ['0 3 * * *'] }),
    delta: cronPattern
      .optional()
      .describe(
        'When to read only what has changed. full is needed beside it: deltas see no change that was made in the org',
      )
      .meta({ examples: ['*/5 * * * *'] }),
    timezone: timeZone.default('UTC').describe('Time zone of the patterns, such as Europe/Vienna'),
    jitter: duration
      .prefault('0s')
      .describe(
        'Each time is put off by up to so much, by chance, so that many installations don’t come at once; never as far as the next time',
      ),
    makeUp: z
      .union([duration, z.literal('never')])
      .transform((text) => (text === 'never' ? 0 : text))
      .prefault('24h')
      .describe(
        'How long after its time a run that was missed, since no service was at work, is made up: one run, however many were missed; or never',
      ),
  })
  .prefault({})
  .describe('When the source is read without anybody asking. Without a pattern it is read by hand alone');

const sourceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'use up to 32 of a-z, 0-9, - and _, starting with a letter or digit');

export const identityAttributes = {
  anchor: z
    .string()
    .min(1)
    .describe('Attribute that never changes for a person')
    .meta({ examples: ['entryUUID'] }),
  login: z
    .string()
    .min(1)
    .describe('Attribute of the login name')
    .meta({ examples: ['uid'] }),
  email: z
    .string()
    .min(1)
    .describe('Attribute of the e-mail address')
    .meta({ examples: ['mail'] }),
  groups: z
    .string()
    .min(1)
    .describe("Attribute that lists a person's groups")
    .meta({ examples: ['memberOf'] }),
  employeeNumber: z
    .string()
    .min(1)
    .describe(
      'Attribute of the number that HR knows somebody by, the same after a rehire. Where nobody has it, nothing is made of it',
    )
    .meta({ examples: ['employeeNumber'] }),
};

export const source = {
  id: sourceId.describe('Name of the source, in commands and messages').meta({ examples: ['corp'] }),
  active: z
    .string()
    .min(1)
    .meta({ title: 'CEL', examples: ['user.?employeeType.orValue("") != "left"'] })
    .default('true')
    .describe('CEL over `user`: false for somebody who has left'),
  schedule,
};
