import { z } from 'zod';
import { timeZone } from '../../scalars.ts';

/** What a directory has of its own to say that somebody left, or when they will. */
export const leaverSignals = [
  'userAccountControl',
  'msDS-User-Account-Control-Computed',
  'msDS-UserAccountDisabled',
  'accountExpires',
  'nsAccountLock',
  'loginDisabled',
  'loginExpirationTime',
  'pwdAccountLockedTime',
  'pwdEndTime',
  'shadowExpire',
  'krbPrincipalExpiration',
] as const;

export const dateFormats = ['date', 'date-time', 'generalized-time', 'filetime', 'days'] as const;

export const ldapLeavers = z
  .strictObject({
    signals: z
      .array(z.enum(leaverSignals))
      .optional()
      .describe("Which of the directory's own marks of a leaver count; those of the vendor unless told")
      .meta({ examples: [['nsAccountLock', 'shadowExpire']] }),
    dates: z
      .array(
        z.strictObject({
          attribute: z
            .string()
            .min(1)
            .describe('Attribute with the date on which somebody leaves')
            .meta({ examples: ['employeeEndDate'] }),
          format: z
            .enum(dateFormats)
            .default('date')
            .describe(
              'date: 2026-03-31, and they leave at the end of that day; date-time: ISO 8601; generalized-time: 20260331220000Z; filetime: as accountExpires; days: since 1970-01-01, and they leave when that day begins',
            ),
          timezone: timeZone
            .default('UTC')
            .describe('Time zone of dates and times that name none, such as Europe/Vienna'),
        }),
      )
      .default([])
      .describe('Attributes of your own that say when somebody leaves'),
  })
  .prefault({})
  .describe('How the directory says that somebody left');
