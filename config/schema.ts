/** The configuration as a zod schema: what may be written, its defaults, and what each key means. */
import { z } from 'zod';
import { audit } from './sections/audit.ts';
import { backup } from './sections/backup.ts';
import { database } from './sections/database.ts';
import { guards } from './sections/guards.ts';
import { lifecycle } from './sections/lifecycle.ts';
import { maintenance } from './sections/maintenance.ts';
import { mappingRule } from './sections/mapping.ts';
import { notify } from './sections/notify.ts';
import { offboarding } from './sections/offboarding.ts';
import { precedence, precedenceProblems } from './sections/precedence.ts';
import { profileApi } from './sections/profile-api.ts';
import { redis } from './sections/redis.ts';
import { retention } from './sections/retention.ts';
import { retry } from './sections/retry.ts';
import { server } from './sections/server.ts';
import { entraSource } from './sections/sources/entra.ts';
import { ldapSource } from './sections/sources/ldap.ts';
import { ldifSource } from './sections/sources/ldif.ts';
import { webhooks } from './sections/webhooks.ts';

const wholeConfig = z.strictObject({
  profileApi,
  sources: z
    .array(z.discriminatedUnion('type', [ldapSource, entraSource, ldifSource]))
    .min(1)
    .refine(
      (all) => new Set(all.map((one) => one.id)).size === all.length,
      'every source needs an id of its own',
    )
    .describe('Where people are read from. Whoever is in several is kept by the first'),
  scope: z
    .string()
    .min(1)
    .meta({ title: 'CEL', examples: ['has(user.mail)'] })
    .default('true')
    .describe('CEL over `user`: who belongs in the org'),
  mapping: z
    .record(z.string().min(1), mappingRule)
    .default({ email: 'mail', username: 'mail', name: 'cn', first_name: 'givenName' })
    .describe('Profile attribute: an attribute name, a CEL expression over `user`, or a constant'),
  precedence,
  correlation: z
    .array(z.enum(['email', 'username', 'employee-number']))
    .default(['email'])
    .describe(
      'How an existing profile is found for somebody new, in order. employee-number: the profile of somebody with the same number who is gone, such as of a rehire under a new id; only where HR never gives a number to somebody else',
    ),
  lifecycle,
  maintenance,
  guards,
  offboarding,
  webhooks,
  notify,
  backup,
  audit,
  retention,
  retry,
  database,
  redis: redis.optional().describe('Where the queue is. Without it, the queue is in the database'),
  server,
  log: z
    .strictObject({
      level: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .describe('How much is told, as JSON lines on standard output'),
    })
    .prefault({})
    .describe('What is told of the work'),
});

export const configSchema = wholeConfig.superRefine(
  ({ sources, webhooks, mapping, precedence, server: served, guards: { sentinels } }, context) => {
    const ids = sources.map(({ id }) => id);
    for (const { path, message } of precedenceProblems(precedence, Object.keys(mapping), ids))
      context.addIssue({ code: 'custom', path: ['precedence', ...path], message });
    if (served.oidc !== undefined && served.publicUrl === undefined)
      context.addIssue({
        code: 'custom',
        path: ['server', 'oidc'],
        message:
          'server.publicUrl must be given beside it: the identity provider sends people back to that address',
      });
    if (webhooks.offboarding !== undefined && ids.includes('offboarding'))
      context.addIssue({
        code: 'custom',
        path: ['webhooks', 'offboarding'],
        message:
          'no source may be called offboarding beside it, since sources have their hooks at /hooks/<source>',
      });
    for (const [index, sentinel] of sentinels.entries()) {
      const path = ['guards', 'sentinels', index];
      const isPlain = typeof sentinel === 'string';
      if (isPlain && ids.length > 1)
        context.addIssue({
          code: 'custom',
          path,
          message: `with several sources a sentinel must say of which one it is: { who: ..., source: ${ids[0]} }`,
        });
      if (!isPlain && !ids.includes(sentinel.source))
        context.addIssue({
          code: 'custom',
          path: [...path, 'source'],
          message: `there is no such source; the sources are ${ids.join(', ')}`,
        });
    }
  },
);

/** The whole configuration, with its defaults filled in and its secrets in place. */
export type Config = z.output<typeof configSchema>;

/** One source of any kind. */
export type SourceConfig = Config['sources'][number];

/** A directory that speaks LDAP. */
export type LdapSourceConfig = Extract<SourceConfig, { type: 'ldap' }>;

/** A tenant of Microsoft Entra ID. */
export type EntraSourceConfig = Extract<SourceConfig, { type: 'entra' }>;

/** A file with an export. */
export type LdifSourceConfig = Extract<SourceConfig, { type: 'ldif' }>;

/** How the org is reached. */
export type ProfileApiConfig = Config['profileApi'];

/** Whom to tell what is wrong. */
export type NotifyConfig = Config['notify'];

/** One way of telling people. */
export type ChannelConfig = NotifyConfig['channels'][string];
