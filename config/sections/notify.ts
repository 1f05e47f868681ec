import { z } from 'zod';
import { duration } from '../scalars.ts';
import { signingSecret } from './webhooks.ts';

/** What people are told of when it begins, while it lasts, and when it is over. */
export const alertEvents = [
  'run-failed',
  'plan-held',
  'source-quarantined',
  'key-refused',
  'licence-full',
  'leaver-late',
  'audit-broken',
  'api-down',
] as const;

/** What a channel can be told of. */
export type AlertEvent = (typeof alertEvents)[number];

const events = z
  .array(z.enum(alertEvents))
  .min(1)
  .default([...alertEvents])
  .describe('What this channel tells of; everything, if not given');

const ca = z
  .string()
  .min(1)
  .optional()
  .describe('File with the CA certificate (PEM) of a private CA')
  .meta({ examples: ['corp-ca.pem'] });

/** Called so, and not `url`, since whoever knows it can post: it is hidden like a password. */
const webhookUrl = z
  .url({ protocol: /^https?$/ })
  .describe(
    'Address that takes the messages. It is a secret: give it as ${env:NAME} or ${file:/run/secrets/x}',
  )
  .meta({ examples: ['${file:/run/secrets/slack_webhook_url}'] });

const webhookChannel = z.strictObject({
  type: z.literal('webhook').describe('A receiver of your own'),
  webhookUrl,
  secret: signingSecret
    .optional()
    .describe(
      'Signs what is sent (Standard Webhooks), so that the receiver can tell that it is from Rollcall',
    )
    .meta({ examples: ['${file:/run/secrets/alert_webhook}'] }),
  ca,
  events,
});

const slackChannel = z.strictObject({
  type: z.literal('slack').describe('Slack, or what takes its messages'),
  webhookUrl,
  ca,
  events,
});

const teamsChannel = z.strictObject({
  type: z.literal('teams').describe('Microsoft Teams'),
  webhookUrl,
  ca,
  events,
});

const mailChannel = z
  .strictObject({
    type: z.literal('mail').describe('Mail, by SMTP'),
    host: z
      .string()
      .min(1)
      .describe('Mail server that takes the messages')
      .meta({ examples: ['mail.example.com'] }),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('587 if not given; 465 with security: tls')
      .meta({ examples: [587] }),
    security: z
      .enum(['starttls', 'tls', 'plaintext'])
      .default('starttls')
      .describe('starttls is required then, not merely tried. plaintext is said aloud at every start'),
    user: z
      .string()
      .min(1)
      .optional()
      .describe('Who signs in to the mail server; nobody, if not given')
      .meta({ examples: ['rollcall'] }),
    password: z
      .string()
      .min(1)
      .optional()
      .describe('Of user')
      .meta({ examples: ['${file:/run/secrets/mail_password}'] }),
    ca,
    from: z
      .email()
      .describe('Address of the sender')
      .meta({ examples: ['rollcall@example.com'] }),
    to: z
      .array(z.email())
      .min(1)
      .max(50)
      .describe('Addresses of those who are told')
      .meta({ examples: [['it@example.com']] }),
    events,
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    message: 'user and password go together; give both or neither',
  });

export const notify = z
  .strictObject({
    channels: z
      .record(
        z.string().min(1),
        z.discriminatedUnion('type', [webhookChannel, slackChannel, teamsChannel, mailChannel]),
      )
      .refine(
        (channels) => Object.keys(channels).every((name) => /^[a-z0-9][a-z0-9_-]{0,31}$/.test(name)),
        'name a channel with up to 32 of a-z, 0-9, - and _, starting with a letter or digit',
      )
      .default({})
      .describe('Who is told, by a name of your own: webhook, slack, teams or mail'),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'Where people reach the console, such as https://rollcall.example.com: messages link to it. server.publicUrl, if not given',
      )
      .meta({ examples: ['https://rollcall.example.com'] }),
    repeat: z
      .union([z.literal('never'), duration])
      .prefault('24h')
      .describe('What lasts is told again after this time. never: once'),
    groupFor: duration
      .prefault('1m')
      .describe(
        'What begins, or ends, within this time is told in one message; what is over sooner is not told',
      ),
    leaverLateAfter: duration
      .prefault('15m')
      .describe('How long after their time somebody who left may be active before it is told'),
    apiDownAfter: duration.prefault('10m').describe('How long the profile API may be down before it is told'),
  })
  .prefault({})
  .describe('Who is told when something goes wrong, and when it is over');
