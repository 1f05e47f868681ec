import { z } from 'zod';

export const redis = z.union([
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
