import { z } from 'zod';

const prefix = z
  .string()
  .default('rollcall')
  .describe('What the names of its keys begin with; two installations in one Redis need two');
const servers = z
  .array(
    z.strictObject({
      host: z
        .string()
        .describe('Name or address')
        .meta({ examples: ['redis1.example.com'] }),
      port: z
        .int()
        .describe('Port')
        .meta({ examples: [26379] }),
    }),
  )
  .min(1);
const username = z
  .string()
  .optional()
  .describe('Of an ACL user')
  .meta({ examples: ['rollcall'] });
const password = z
  .string()
  .optional()
  .describe('Give it as ${env:NAME} or ${file:/run/secrets/x}')
  .meta({ examples: ['${env:REDIS_PASSWORD}'] });

export const redis = z.union([
  z.strictObject({
    url: z
      .url({ protocol: /^rediss?$/ })
      .describe('One server: redis://, or rediss:// with TLS')
      .meta({ examples: ['${file:/run/secrets/redis_url}'] }),
    prefix,
  }),
  z.strictObject({
    sentinels: servers.describe('Those who know which server is the master'),
    name: z
      .string()
      .describe('What they call it')
      .meta({ examples: ['mymaster'] }),
    username,
    password,
    prefix,
  }),
  z.strictObject({ cluster: servers.describe('Some nodes of a Redis Cluster'), username, password, prefix }),
]);
