import { z } from 'zod';
import { duration } from '../scalars.ts';

export const retry = z
  .strictObject({
    attempts: z
      .int()
      .min(1)
      .max(100)
      .default(8)
      .describe('Tries of one operation before it is put on the failed list'),
    backoff: duration.prefault('1s').describe('Wait after the first failure; doubled each time, with jitter'),
    maxBackoff: duration.prefault('5m').describe('The longest wait between two tries'),
    patience: duration
      .prefault('10m')
      .describe(
        'How long a command that works without a service waits for an API that is down. A service waits for ever',
      ),
  })
  .prefault({})
  .describe('How often an operation is tried, and how long it waits');
