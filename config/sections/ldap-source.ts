import { z } from 'zod';
import { duration } from '../scalars.ts';
import { identityAttributes, source } from './source.ts';

export const ldapSource = z.strictObject({
  ...source,
  type: z.literal('ldap'),
  url: z.url({ protocol: /^ldaps?$/ }).describe('ldaps://host:636, or ldap://host:389 with startTls'),
  bindDn: z.string().default('').describe('Who to sign in as; empty means anonymous'),
  password: z.string().default(''),
  tls: z
    .strictObject({
      ca: z.string().optional().describe('File with the CA certificate (PEM)'),
      startTls: z.boolean().default(false),
      serverName: z
        .string()
        .optional()
        .describe("Name to expect in the server's certificate, if not the URL's"),
      insecureSkipVerify: z.boolean().default(false).describe('Do not verify TLS. Said aloud at every start'),
      allowPlaintext: z
        .boolean()
        .default(false)
        .describe(
          'Sign in over ldap:// without TLS, password readable on the wire. Said aloud at every start',
        ),
    })
    .prefault({}),
  baseDn: z.string().describe('Where people are, such as ou=people,dc=example,dc=com'),
  filter: z
    .string()
    .min(1)
    .default('(objectClass=inetOrgPerson)')
    .describe('LDAP filter (RFC 4515) that finds people'),
  pageSize: z.int().min(1).max(5_000).default(1_000),
  timeout: duration.prefault('60s').describe('For one page, and for connecting'),
  attributes: z
    .strictObject({
      anchor: identityAttributes.anchor.default('entryUUID'),
      login: identityAttributes.login.default('uid'),
      email: identityAttributes.email.default('mail'),
      groups: identityAttributes.groups.default('memberOf'),
    })
    .prefault({}),
});
