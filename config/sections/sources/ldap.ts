import { z } from 'zod';
import { duration } from '../../scalars.ts';
import { identityAttributes, source } from './any-source.ts';
import { ldapGroups } from './ldap-groups.ts';
import { dateFormats, ldapLeavers } from './ldap-leavers.ts';
import { startDate } from './start-date.ts';

/** `+srv`: the servers of a domain, by DNS (RFC 2782). */
const ldapUrl = z.url({ protocol: /^ldaps?([+]srv)?$/ });

export const ldapSource = z.strictObject({
  ...source,
  type: z.literal('ldap').describe('A directory that speaks LDAP, Active Directory too'),
  url: ldapUrl
    .describe(
      'ldaps://host:636, or ldap://host:389 with startTls; ldap+srv://example.com asks DNS for the servers',
    )
    .meta({ examples: ['ldaps://ldap.example.com'] }),
  failover: z
    .array(ldapUrl)
    .default([])
    .describe(
      'Servers that hold the same directory, asked in this order where url fails; an absence is confirmed on a second one',
    )
    .meta({ examples: [['ldaps://ldap2.example.com']] }),
  bindDn: z
    .string()
    .default('')
    .describe('Who to sign in as; empty means anonymous')
    .meta({ examples: ['cn=rollcall,ou=services,dc=example,dc=com'] }),
  password: z
    .string()
    .default('')
    .describe('Of bindDn; give it as ${env:NAME} or ${file:/run/secrets/x}')
    .meta({ examples: ['${env:LDAP_PASSWORD}'] }),
  saslMechanism: z
    .enum(['EXTERNAL'])
    .optional()
    .describe(
      'EXTERNAL signs in as the name in the client certificate (tls.cert), without bindDn and password',
    ),
  tls: z
    .strictObject({
      ca: z
        .string()
        .optional()
        .describe('File with the CA certificate (PEM)')
        .meta({ examples: ['corp-ca.pem'] }),
      cert: z
        .string()
        .optional()
        .describe('File with the client certificate (PEM)')
        .meta({ examples: ['rollcall.pem'] }),
      key: z
        .string()
        .optional()
        .describe('File with the key of the client certificate (PEM)')
        .meta({ examples: ['rollcall.key'] }),
      keyPassphrase: z
        .string()
        .optional()
        .describe('What the key is encrypted with')
        .meta({ examples: ['${env:LDAP_KEY_PASSPHRASE}'] }),
      startTls: z
        .boolean()
        .default(false)
        .describe('Change to TLS on ldap:// before anything else; the sign-in waits for it'),
      serverName: z
        .string()
        .optional()
        .describe("Name to expect in the server's certificate, if not the URL's")
        .meta({ examples: ['ldap.example.com'] }),
      insecureSkipVerify: z.boolean().default(false).describe('Do not verify TLS. Said aloud at every start'),
      allowPlaintext: z
        .boolean()
        .default(false)
        .describe(
          'Sign in over ldap:// without TLS, password readable on the wire. Said aloud at every start',
        ),
    })
    .prefault({})
    .describe('How the connection is kept secret, and who is believed'),
  vendor: z
    .enum(['auto', 'openldap', 'active-directory', '389ds', 'freeipa', 'generic'])
    .default('auto')
    .describe(
      'Whose server it is; found out from the server unless told. It decides what filter, attributes and leavers are where they are not told',
    ),
  baseDn: z
    .string()
    .describe('Where people are, such as ou=people,dc=example,dc=com')
    .meta({ examples: ['ou=people,dc=example,dc=com'] }),
  filter: z
    .string()
    .min(1)
    .optional()
    .describe("LDAP filter (RFC 4515) that finds people; the vendor's usual one unless told")
    .meta({ examples: ['(objectClass=inetOrgPerson)'] }),
  referrals: z
    .strictObject({
      follow: z
        .boolean()
        .default(false)
        .describe('Read on where the directory refers to other servers; else such a reading is incomplete'),
      hosts: z
        .array(z.string().min(1))
        .default([])
        .describe(
          "Hosts, besides those of url and failover, that may be followed and shown the source's credentials",
        )
        .meta({ examples: [['ldap.branch.example.com']] }),
    })
    .prefault({})
    .describe('What becomes of parts of the tree that another server holds'),
  delta: z
    .enum(['auto', 'none', 'content-sync', 'changelog', 'timestamps', 'dirsync', 'usn'])
    .default('auto')
    .describe(
      'How to read only what has changed: found out from the server unless told. docs/connectors/ldap-deltas.md says what each needs',
    ),
  pageSize: z
    .int()
    .min(1)
    .max(5_000)
    .default(1_000)
    .describe('Entries asked for at once; the directory may allow fewer'),
  timeout: duration.prefault('60s').describe('For one page, or any other answer'),
  connectTimeout: duration
    .prefault('10s')
    .describe('For connecting to a server, and for its TLS handshake; never more than timeout'),
  groups: ldapGroups,
  attributes: z
    .strictObject({
      anchor: identityAttributes.anchor.optional(),
      login: identityAttributes.login.optional(),
      email: z
        .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
        .optional()
        .describe('Attribute of the e-mail address, or several: the first that has one')
        .meta({ examples: [['mail', 'proxyAddresses']] }),
      groups: identityAttributes.groups.optional(),
      employeeNumber: identityAttributes.employeeNumber.optional(),
      startDate: startDate(z.enum(dateFormats).default('date')),
    })
    .prefault({})
    .describe("The vendor's usual ones unless told"),
  leavers: ldapLeavers,
});
