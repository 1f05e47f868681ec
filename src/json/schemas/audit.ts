import { z } from 'zod';
import type { Told } from '../told.ts';
import { time } from './parts.ts';

export const auditEntry = z
  .object({
    seq: z.int().meta({ examples: [4711] }),
    at: time,
    actor: z.string().meta({ examples: ['token:ci'] }),
    action: z.string().meta({ examples: ['plan.approved'] }),
    run: z.string().nullable(),
    operation: z.string().nullable(),
    source: z.string().nullable(),
    anchor: z.string().nullable(),
    profile: z.string().nullable(),
    email: z.string().nullable(),
    reason: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    prevHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });
/** An entry of the audit log. */
export type ToldEntry = Told<z.output<typeof auditEntry>>;

export const verdict = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('whole'),
      entries: z.int(),
      last: z.int(),
      head: z.string(),
      archived: z.int(),
    }),
    z.object({ kind: z.literal('broken'), at: z.int(), sentence: z.string() }),
  ])
  .meta({ id: 'Verdict', description: 'Whether the audit log is whole' });
/** Whether the audit log is whole. */
export type ToldVerdict = Told<z.output<typeof verdict>>;
