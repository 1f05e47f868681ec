/** The operations that an OpenAPI document tells of, ready to be asked for. */
import { z } from 'zod';
import { roles } from '../../../config/sections/server.ts';

const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  'x-role': z.enum(roles),
  responses: z.record(z.string(), z.looseObject({})),
});

export interface Operation {
  readonly method: string;
  /** With a name in place of each parameter. */
  readonly path: string;
  /** Such as `post /api/v1/runs`. */
  readonly name: string;
  readonly told: z.output<typeof operation>;
  readonly text: string;
  /** Whether the answer has no end of its own. */
  readonly isStream: boolean;
}

/** @throws where one has no role, or is not told as it has to be */
export function operationsIn(document: unknown): readonly Operation[] {
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), operation)) })
    .parse(document);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => {
      const text = JSON.stringify(told);
      return {
        method,
        path: path.replaceAll(/\{[^}]+\}/g, 'nothing'),
        name: `${method} ${path}`,
        told,
        text,
        isStream: text.includes('text/event-stream'),
      };
    }),
  );
}
