import { z } from 'zod';
import { duration } from '../scalars.ts';

export const guards = z
  .strictObject({
    maxDeactivations: z
      .strictObject({
        count: z.int().min(0).default(5),
        percent: z.number().min(0).max(100).default(5).describe('Of the linked, active people of the source'),
      })
      .prefault({})
      .describe("A run's deactivations are held when they exceed the larger of the two"),
    protected: z
      .array(z.string().min(1))
      .default([])
      .describe('E-mail addresses or profile ids that are never deactivated'),
    planExpiry: duration.prefault('72h').describe('How long a plan waits for approval'),
  })
  .prefault({});
