/** The configuration as a zod schema: what may be written, its defaults, and what each key means. */
import { z } from 'zod';
import { byteLimit, cronPattern, duration } from './scalars.ts';

const profileApi = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('Where the org is, such as https://app.example.com'),
    apiKey: z.string().min(1).describe('The API key; give it as ${env:NAME} or ${file:/run/secrets/x}'),
    authScheme: z
      .string()
      .regex(/^[A-Za-z]*$/)
      .default('')
      .describe('Word before the key in the Authorization header: empty, or ApiKey'),
    pageSize: z.int().min(1).max(10_000).default(500).describe('Users asked for per page of the list'),
    concurrency: z
      .int()
      .min(1)
      .max(100)
      .default(8)
      .describe('Operations carried out at the same time, per worker'),
    rateLimit: z
      .strictObject({ max: z.int().min(1), per: duration })
      .prefault({ max: 25, per: '1s' })
      .describe('Requests per time, over all workers together'),
    timeout: duration.prefault('30s').describe('For one request, from start to the last byte'),
    listPath: z
      .string()
      .min(1)
      .optional()
      .describe('Where the list is in the body, such as data.users, if not found by itself'),
    ca: z.string().optional().describe('File with the CA certificate (PEM) of a private CA'),
    logout: z
      .boolean()
      .default(false)
      .describe(
        'End the session of the key when the service stops. Only for keys that are renewed at each start, and one container',
      ),
    insecureSkipTlsVerify: z
      .boolean()
      .default(false)
      .describe('Do not verify TLS. Said aloud at every start'),
  })
  .describe('The org whose users are kept');

const schedule = z
  .strictObject({
    full: cronPattern.optional().describe('When to read the whole source, as a cron pattern'),
    timezone: z.string().default('UTC').describe('Time zone of the patterns, such as Europe/Vienna'),
  })
  .prefault({});

const sourceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'use up to 32 of a-z, 0-9, - and _, starting with a letter or digit');

const identityAttributes = {
  anchor: z.string().min(1).describe('Attribute that never changes for a person'),
  login: z.string().min(1).describe('Attribute of the login name'),
  email: z.string().min(1).describe('Attribute of the e-mail address'),
  groups: z.string().min(1).describe("Attribute that lists a person's groups"),
};

const source = {
  id: sourceId.describe('Name of the source, in commands and messages'),
  active: z.string().min(1).default('true').describe('CEL over `user`: false for somebody who has left'),
  schedule,
};

const ldapSource = z.strictObject({
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

const ldifSource = z.strictObject({
  ...source,
  type: z.literal('ldif'),
  file: z.string().min(1).describe('An LDIF file (RFC 2849)'),
  filter: z
    .strictObject({ objectClass: z.string().default('person') })
    .prefault({})
    .describe('Only entries of this object class are people'),
  maxEntrySize: byteLimit.prefault('8MiB').describe('A larger entry is refused'),
  attributes: z
    .strictObject({
      anchor: identityAttributes.anchor.default('entryUUID'),
      login: identityAttributes.login.default('uid'),
      email: identityAttributes.email.default('mail'),
      groups: identityAttributes.groups.default('memberOf'),
    })
    .prefault({}),
});

/** A profile attribute's value: an attribute name, a CEL expression over `user`, or a constant. */
const mappedValue = z.union([z.string().min(1), z.number(), z.boolean()]);

const mappingRule = z.union([
  mappedValue,
  z.strictObject({
    value: mappedValue.describe('An attribute name, a CEL expression over `user`, or a constant'),
    authoritative: z
      .union([z.boolean(), z.literal('initial')])
      .default(true)
      .describe(
        'What becomes of a change by hand in the org. true: the next run puts it right. false: it stays until the source changes. initial: set at creation, never after',
      ),
  }),
]);

const lifecycle = z
  .strictObject({
    onboard: z
      .enum(['create', 'invite'])
      .default('create')
      .describe('What a joiner gets. create sends no mail'),
    invite: z
      .strictObject({
        role: z.string().optional().describe('Role named in invitations, where the mapping gives none'),
        expires: duration
          .prefault('36h')
          .describe('How long an invitation is good for: before that, no rule sends another'),
        again: z
          .enum(['never', 'once-expired'])
          .default('never')
          .describe('Whether somebody who has not accepted is invited again by rule once that time is over'),
        atMost: z
          .int()
          .min(1)
          .default(3)
          .describe('Invitations to one person, the first and those by hand included'),
      })
      .prefault({}),
    grace: duration
      .prefault('24h')
      .describe('How long somebody must be gone from the source before deactivation'),
    reactivate: z
      .enum(['ours', 'always', 'never'])
      .default('ours')
      .describe(
        'Who is unblocked on coming back: those whom Rollcall itself had deactivated, everybody, nobody',
      ),
    deletedInOrg: z
      .enum(['leave', 'create'])
      .default('leave')
      .describe('Somebody in scope whose profile was deleted in the org: leave deleted, or create again'),
  })
  .prefault({});

const guards = z
  .strictObject({
    maxDeactivations: z
      .strictObject({
        count: z.int().min(0).default(5),
        percent: z.number().min(0).max(100).default(5).describe('Of the linked, active people of the source'),
      })
      .prefault({})
      .describe("A run's deactivations are held when they exceed the larger of the two"),
    protected: z
      .array(z.string().min(1))
      .default([])
      .describe('E-mail addresses or profile ids that are never deactivated'),
    planExpiry: duration.prefault('72h').describe('How long a plan waits for approval'),
  })
  .prefault({});

const retry = z
  .strictObject({
    attempts: z
      .int()
      .min(1)
      .max(100)
      .default(8)
      .describe('Tries of one operation before it is put on the failed list'),
    backoff: duration.prefault('1s').describe('Wait after the first failure; doubled each time, with jitter'),
    maxBackoff: duration.prefault('5m'),
    patience: duration
      .prefault('10m')
      .describe(
        'How long a command that works without a service waits for an API that is down. A service waits for ever',
      ),
  })
  .prefault({});

const redis = z.union([
  z.strictObject({ url: z.url({ protocol: /^rediss?$/ }), prefix: z.string().default('rollcall') }),
  z.strictObject({
    sentinels: z.array(z.strictObject({ host: z.string(), port: z.int() })).min(1),
    name: z.string(),
    username: z.string().optional(),
    password: z.string().optional(),
    prefix: z.string().default('rollcall'),
  }),
  z.strictObject({
    cluster: z.array(z.strictObject({ host: z.string(), port: z.int() })).min(1),
    username: z.string().optional(),
    password: z.string().optional(),
    prefix: z.string().default('rollcall'),
  }),
]);

const database = z
  .union([
    z.strictObject({
      url: z
        .url({ protocol: /^postgres(ql)?$/ })
        .describe('PostgreSQL, such as postgres://user:password@host/rollcall'),
    }),
    z.strictObject({ path: z.string().min(1).describe('Folder of the embedded store') }),
  ])
  .prefault({ path: 'data/store' });

const backup = z
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
        .describe('Where backups are kept: backups beside the embedded store, or data/backups, if not given'),
      keep: z.int().min(1).default(10).describe('How many backups are kept, the newest'),
    }),
  ])
  .prefault({})
  .describe('The org is saved before much of it is changed. off: never');

const audit = z
  .strictObject({
    stream: z
      .union([
        z.strictObject({
          file: z.string().min(1).describe('File to which each entry is added as a JSON line'),
        }),
        z.strictObject({
          syslog: z.strictObject({
            host: z.string().min(1),
            port: z.int().min(1).max(65_535).default(6514),
            protocol: z
              .enum(['tls', 'tcp', 'udp'])
              .default('tls')
              .describe('udp may lose entries on their way, and tcp shows them to everybody on it'),
            ca: z.string().min(1).optional().describe('File with the CA certificate (PEM) of a private CA'),
          }),
        }),
      ])
      .optional()
      .describe('Where each entry goes as it is written, for a SIEM. At least once, in order'),
  })
  .prefault({});

const dayMs = 86_400_000;
const age = duration.refine(
  (ms) => ms >= dayMs,
  'nothing is deleted before it is a day old: write 1d or more',
);
const keptFor = z.union([z.literal('keep'), age]);

const retention = z
  .strictObject({
    audit: keptFor
      .default('keep')
      .describe('Age at which audit entries go into sealed archives. keep: all stay in the store'),
    archive: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder of the archives, which are the only copy: archive beside the embedded store, or data/archive, if not given',
      ),
    runs: keptFor.prefault('90d').describe('Age at which ended runs are deleted, with what they found'),
    operations: keptFor
      .prefault('90d')
      .describe('Age at which ended operations are deleted. A run without them cannot be undone any more'),
  })
  .prefault({})
  .describe('How long things are kept. Looked at once a day');

export const configSchema = z.strictObject({
  profileApi,
  sources: z
    .array(z.discriminatedUnion('type', [ldapSource, ldifSource]))
    .min(1)
    .refine(
      (all) => new Set(all.map((one) => one.id)).size === all.length,
      'every source needs an id of its own',
    ),
  scope: z.string().min(1).default('true').describe('CEL over `user`: who belongs in the org'),
  mapping: z
    .record(z.string().min(1), mappingRule)
    .default({ email: 'mail', username: 'mail', name: 'cn', first_name: 'givenName' })
    .describe('Profile attribute: an attribute name, a CEL expression over `user`, or a constant'),
  correlation: z
    .array(z.enum(['email', 'username']))
    .default(['email'])
    .describe('How an existing profile is found for somebody new, in order'),
  lifecycle,
  guards,
  backup,
  audit,
  retention,
  retry,
  database,
  redis: redis.optional().describe('Where the queue is. Without it, the queue is in the database'),
  server: z
    .strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65_535).default(8080) })
    .prefault({}),
  log: z
    .strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info') })
    .prefault({}),
});

export type Config = z.output<typeof configSchema>;
export type SourceConfig = Config['sources'][number];
export type LdapSourceConfig = Extract<SourceConfig, { type: 'ldap' }>;
export type LdifSourceConfig = Extract<SourceConfig, { type: 'ldif' }>;
export type ProfileApiConfig = Config['profileApi'];
