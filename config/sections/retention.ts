import { z } from 'zod';
import { duration } from '../scalars.ts';

const dayMs = 86_400_000;

const age = duration.refine(
  (ms) => ms >= dayMs,
  'nothing is deleted before it is a day old: write 1d or more',
);

const keptFor = z.union([z.literal('keep'), age]);

export const retention = z
  .strictObject({
    audit: keptFor
      .prefault('keep')
      .describe('Age at which audit entries go into sealed archives. keep: all stay in the store'),
    archive: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder of the archives, which are the only copy: archive beside the embedded store, or data/archive, if not given',
      )
      .meta({ examples: ['/var/lib/rollcall/archive'] }),
    runs: keptFor
      .prefault('90d')
      .describe('Age at which ended runs are deleted, with what they found, and messages to people'),
    operations: keptFor
      .prefault('90d')
      .describe('Age at which ended operations are deleted. A run without them cannot be undone any more'),
  })
  .prefault({})
  .describe('How long things are kept. Looked at once a day');
