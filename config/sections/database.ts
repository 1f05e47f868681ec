import { z } from 'zod';

export const database = z
  .union([
    z.strictObject({
      url: z
        .url({ protocol: /^postgres(ql)?$/ })
        .describe('PostgreSQL, such as postgres://user:password@host/rollcall'),
    }),
    z.strictObject({ path: z.string().min(1).describe('Folder of the embedded store') }),
  ])
  .prefault({ path: 'data/store' });
