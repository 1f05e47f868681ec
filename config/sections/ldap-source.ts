import { z } from 'zod';
import { duration } from '../scalars.ts';
import { ldapLeavers } from './ldap-leavers.ts';
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
  vendor: z
    .enum(['auto', 'openldap', 'active-directory', '389ds', 'freeipa', 'generic'])
    .default('auto')
    .describe(
      'Whose server it is; found out from the server unless told. It decides what filter, attributes and leavers are where they are not told',
    ),
  baseDn: z.string().describe('Where people are, such as ou=people,dc=example,dc=com'),
  filter: z
    .string()
    .min(1)
    .optional()
    .describe("LDAP filter (RFC 4515) that finds people; the vendor's usual one unless told"),
  pageSize: z.int().min(1).max(5_000).default(1_000),
  timeout: duration.prefault('60s').describe('For one page, and for connecting'),
  attributes: z
    .strictObject({
      anchor: identityAttributes.anchor.optional(),
      login: identityAttributes.login.optional(),
      email: z
        .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
        .optional()
        .describe('Attribute of the e-mail address, or several: the first that has one'),
      groups: identityAttributes.groups.optional(),
    })
    .prefault({})
    .describe("The vendor's usual ones unless told"),
  leavers: ldapLeavers,
});
