import { z } from 'zod';

export const audit = z
  .strictObject({
    stream: z
      .union([
        z.strictObject({
          file: z
            .string()
            .min(1)
            .describe('File to which each entry is added as a JSON line')
            .meta({ examples: ['/var/log/rollcall/audit.jsonl'] }),
        }),
        z.strictObject({
          syslog: z
            .strictObject({
              host: z
                .string()
                .min(1)
                .describe('Receiver of syslog (RFC 5424)')
                .meta({ examples: ['siem.example.com'] }),
              port: z.int().min(1).max(65_535).default(6514).describe('Its port'),
              protocol: z
                .enum(['tls', 'tcp', 'udp'])
                .default('tls')
                .describe('udp may lose entries on their way, and tcp shows them to everybody on it'),
              ca: z
                .string()
                .min(1)
                .optional()
                .describe('File with the CA certificate (PEM) of a private CA')
                .meta({ examples: ['siem-ca.pem'] }),
            })
            .describe('A receiver of syslog, to which each entry is sent as a message'),
        }),
      ])
      .optional()
      .describe('Where each entry goes as it is written, for a SIEM. At least once, in order'),
  })
  .prefault({})
  .describe('The audit log outside of the store');
