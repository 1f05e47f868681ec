import { z } from 'zod';
import { duration } from '../scalars.ts';
import { bulk } from './bulk.ts';

export const profileApi = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .describe('Where the org is, such as https://app.example.com')
      .meta({ examples: ['https://app.example.com'] }),
    apiKey: z
      .string()
      .min(1)
      .describe('The API key; give it as ${env:NAME} or ${file:/run/secrets/x}')
      .meta({ examples: ['${env:ROLLCALL_API_KEY}'] }),
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
      .describe('Requests at the same time, per worker; up to 32 times as many operations are in its hands'),
    rateLimit: z
      .union([
        z.literal('off'),
        z.strictObject({
          max: z
            .int()
            .min(1)
            .describe('Requests within `per`')
            .meta({ examples: [25] }),
          per: duration.describe('In how long a time'),
        }),
      ])
      .prefault({ max: 25, per: '1s' })
      .describe('Requests per time, over all workers together. off: as many as concurrency brings about'),
    timeout: duration.prefault('30s').describe('For one request, from start to the last byte'),
    listPath: z
      .string()
      .min(1)
      .optional()
      .describe('Where the list is in the body, such as data.users, if not found by itself')
      .meta({ examples: ['data.users'] }),
    ca: z
      .string()
      .optional()
      .describe('File with the CA certificate (PEM) of a private CA')
      .meta({ examples: ['corp-ca.pem'] }),
    logout: z
      .boolean()
      .default(false)
      .describe(
        'End the session of the key when the service stops. Only for keys that are renewed at each start, and one container',
      ),
    bulk: bulk.optional(),
    insecureSkipTlsVerify: z
      .boolean()
      .default(false)
      .describe('Do not verify TLS. Said aloud at every start'),
  })
  .describe('The org whose users are kept');
