import { z } from 'zod';
import { duration } from '../scalars.ts';

/** Untested against the vendor's server, whose reference leaves the shape of both endpoints open. */
export const bulk = z
  .strictObject({
    from: z
      .int()
      .min(2)
      .default(500)
      .describe('A run with at least this many people to create has them loaded from files'),
    chunk: z.int().min(1).max(10_000).default(1_000).describe('People per file'),
    field: z.string().min(1).default('file').describe("Name of the form's field that holds the file"),
    columns: z
      .record(z.string().min(1), z.string().min(1))
      .default({})
      .describe("Profile attribute: header of its column, where that is not the attribute's own name")
      .meta({ examples: [{ organization_role: 'Job title' }] }),
    passwords: z
      .boolean()
      .default(true)
      .describe('Whether each row has a random password, encoded as for a single creation'),
    timeout: duration.prefault('5m').describe('How long the server may take to answer an upload'),
    settle: duration
      .prefault('1m')
      .describe(
        'How long it may go on loading after its answer: before that, nobody of the file is created singly',
      ),
  })
  .describe(
    'Large first loads as CSV files, by validate_csv/ and upload_csv/. Off unless it is given; untested against the vendor’s server',
  );
