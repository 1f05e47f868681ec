import { z } from 'zod';

export const problem = z
  .object({
    type: z.string().meta({ description: 'What kind of problem it is; stable' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What failed, what it means, what to do' }),
    instance: z.string(),
    hint: z.string().optional().meta({ description: 'What helps at the command line' }),
    faults: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with the request, and where' }),
  })
  .meta({
    id: 'Problem',
    description: 'What went wrong (RFC 9457)',
    examples: [
      {
        type: 'urn:rollcall:problem:not-found',
        title: 'There is no such thing',
        status: 404,
        detail: 'There is no run k3v9m2wx. Did you mean k3v9m2wt?',
        instance: '/api/v1/runs/k3v9m2wx',
      },
    ],
  });
