import { z } from 'zod';

export const database = z
  .union([
    z.strictObject({
      url: z
        .url({ protocol: /^postgres(ql)?$/ })
        .describe('PostgreSQL, such as postgres://user:password@host/rollcall')
        .meta({ examples: ['${file:/run/secrets/database_url}'] }),
    }),
    z.strictObject({
      path: z
        .string()
        .min(1)
        .describe('Folder of the embedded store')
        .meta({ examples: ['data/store'] }),
    }),
  ])
  .prefault({ path: 'data/store' })
  .describe(
    'Where links, plans, operations and the audit log are: PostgreSQL, or a folder for one process alone',
  );
