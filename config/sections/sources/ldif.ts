import { z } from 'zod';
import { byteLimit } from '../../scalars.ts';
import { identityAttributes, source } from './any-source.ts';
import { startDate } from './start-date.ts';

export const ldifSource = z.strictObject({
  ...source,
  type: z.literal('ldif').describe('A file that another system writes'),
  file: z
    .string()
    .min(1)
    .describe('An LDIF file (RFC 2849)')
    .meta({ examples: ['people.ldif'] }),
  filter: z
    .strictObject({
      objectClass: z.string().default('person').describe('One of the object classes of each person'),
    })
    .prefault({})
    .describe('Only entries of this object class are people'),
  maxEntrySize: byteLimit.prefault('8MiB').describe('A larger entry is refused'),
  attributes: z
    .strictObject({
      anchor: identityAttributes.anchor.default('entryUUID'),
      login: identityAttributes.login.default('uid'),
      email: identityAttributes.email.default('mail'),
      groups: identityAttributes.groups.default('memberOf'),
      employeeNumber: identityAttributes.employeeNumber.default('employeeNumber'),
      startDate: startDate(z.enum(['date', 'date-time']).default('date')),
    })
    .prefault({})
    .describe('Where in an entry the normal form of a person is'),
});
