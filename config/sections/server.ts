import { z } from 'zod';
import { duration } from '../scalars.ts';

/** Each may do what the one before it may, and more. */
export const roles = ['viewer', 'operator', 'approver'] as const;

const role = z
  .enum(roles)
  .describe(
    'viewer: reads everything. operator: also triggers runs, retries, says who left or is whose. approver: also approves and rejects what is held',
  );

const token = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'write a short name of letters, digits, dots and dashes')
    .describe('Who has it: the audit log names them by it')
    .meta({ examples: ['anna'] }),
  role: role.default('viewer'),
  token: z
    .string()
    .min(24, 'is too short to be safe: make one with `openssl rand -base64 32`')
    .describe('What is presented: as bearer token to the API, or to sign in to the console')
    .meta({ examples: ['${env:ROLLCALL_TOKEN_ANNA}'] }),
});

const named = z.array(z.string().min(1)).default([]);

/** Without TLS anybody on the way could say who somebody is. */
const isSafeIssuer = (url: string): boolean =>
  url.startsWith('https:') || /^http:[/][/](localhost|127[.]0[.]0[.]1|\[::1\])([:/]|$)/.test(url);

const oidc = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/ })
    .refine(isSafeIssuer, 'has to begin with https://, but on this very machine')
    .describe('Of the identity provider; its metadata are read from it')
    .meta({ examples: ['https://sso.example.com/realms/staff'] }),
  clientId: z
    .string()
    .min(1)
    .describe('What the provider calls Rollcall')
    .meta({ examples: ['rollcall'] }),
  clientSecret: z
    .string()
    .min(1)
    .describe('What Rollcall proves it by')
    .meta({ examples: ['${file:/run/secrets/oidc}'] }),
  scopes: z.string().default('openid profile email').describe('What is asked for'),
  nameClaim: z.string().default('email').describe('By which the audit log names people'),
  rolesClaim: z.string().default('groups').describe('Claim whose values give roles'),
  roles: z
    .strictObject({
      viewer: named.describe('Values that make a viewer').meta({ examples: [['it']] }),
      operator: named.describe('Values that make an operator').meta({ examples: [['service-desk']] }),
      approver: named.describe('Values that make an approver').meta({ examples: [['it-leads']] }),
    })
    .describe('Values of that claim for each role; the highest counts. Whoever has none is not let in'),
  label: z.string().default('single sign-on').describe('What the button says after "Sign in with"'),
});

export const server = z
  .strictObject({
    host: z
      .string()
      .default('127.0.0.1')
      .describe(
        'Address to listen on. It speaks plain HTTP: where others than this machine come, put a proxy with TLS before it',
      ),
    port: z.int().min(0).max(65_535).default(8080).describe('Port to listen on; 0 takes any that is free'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('As browsers reach the console, such as https://rollcall.example.com; `oidc` needs it')
      .meta({ examples: ['https://rollcall.example.com'] }),
    trustProxy: z
      .boolean()
      .default(false)
      .describe('Whether a reverse proxy in front says who calls (X-Forwarded-For, X-Forwarded-Proto)'),
    tokens: z
      .array(token)
      .default([])
      .refine(
        (all) => new Set(all.map(({ name }) => name)).size === all.length,
        'every token needs a name of its own',
      )
      .describe('For the API, and to sign in to the console. Without tokens and oidc, both are off'),
    oidc: oidc.optional().describe('Sign-in by OpenID Connect'),
    session: z
      .strictObject({
        idle: duration.prefault('30m').describe('A session ends when nobody has used it for so long'),
        longest: duration.prefault('12h').describe('And after this time in any case'),
      })
      .prefault({})
      .describe('How long somebody stays signed in to the console'),
  })
  .refine(({ oidc: provider, publicUrl }) => provider === undefined || publicUrl !== undefined, {
    path: ['publicUrl'],
    error: 'is needed with oidc: the identity provider sends people back there',
  })
  .prefault({})
  .describe('Console, HTTP API, webhooks, health and metrics of `rollcall start`');
