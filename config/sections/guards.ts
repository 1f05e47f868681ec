import { z } from 'zod';
import { duration } from '../scalars.ts';

const sentinelName = z.string().min(1).describe('E-mail address, login or id of somebody who never leaves');

export const guards = z
  .strictObject({
    maxDeactivations: z
      .strictObject({
        count: z.int().min(0).default(5),
        percent: z.number().min(0).max(100).default(5).describe('Of the linked, active people of the source'),
      })
      .prefault({})
      .describe("A run's deactivations are held when they exceed the larger of the two"),
    maxShrink: z
      .strictObject({
        count: z.int().min(0).default(5),
        percent: z.number().min(0).max(100).default(10).describe('Of the people seen before'),
      })
      .prefault({})
      .describe(
        'When more people than the larger of the two are gone since the last whole reading, in all or in one branch, the reading counts as incomplete and removes nobody',
      ),
    sentinels: z
      .array(z.union([sentinelName, z.strictObject({ who: sentinelName, source: z.string().min(1) })]))
      .default([])
      .describe('People who must be visible in every whole reading, else it counts as incomplete'),
    protected: z
      .array(z.string().min(1))
      .default([])
      .describe('E-mail addresses or profile ids that are never deactivated'),
    planExpiry: duration.prefault('72h').describe('How long a plan waits for approval'),
  })
  .prefault({});
