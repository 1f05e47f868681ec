/** Faults on demand: what goes wrong, where, and how often. */
import { z } from 'zod';
import { operations } from '../api/operations.ts';

const when = z
  .enum(['before', 'after'])
  .default('before')
  .describe('Before the effect (nothing happened) or after it (it did)');

const effect = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    body: z.unknown().optional().describe('Sent as JSON, text as it is; {"error": ...} by default'),
    retryAfterSeconds: z.number().min(0).optional(),
    retryAfterForm: z.enum(['seconds', 'date']).default('seconds'),
    when,
  }),
  z.strictObject({ kind: z.literal('delay'), ms: z.int().min(0).max(600_000) }),
  z.strictObject({ kind: z.literal('drop'), when }),
  z.strictObject({ kind: z.literal('wrong-json'), when }).describe('A 200 whose JSON breaks off'),
  z
    .strictObject({ kind: z.literal('html'), when })
    .describe('A 200 with a page, as of a proxy that asks for a login'),
  z
    .strictObject({ kind: z.literal('forget'), attributes: z.array(z.string().min(1)).min(1) })
    .describe('Attributes that create and edit take, and silently do not keep'),
  z
    .strictObject({ kind: z.literal('lose-rows'), rows: z.int().min(1) })
    .describe('A page of the user list that silently lacks its first rows'),
  z
    .strictObject({ kind: z.literal('partial'), rows: z.int().min(0) })
    .describe('An uploaded file of which only the first rows are loaded, and of the others nothing is said'),
]);

const conditions = z.object({
  operation: z.enum([...operations, '*']),
  times: z.int().min(1).optional().describe('How often; always, if left out'),
  every: z.int().min(1).default(1).describe('Only every n-th request that matches'),
  match: z.string().min(1).optional().describe('Only requests about this e-mail, username or profile id'),
});

/** A fault as it is asked for, in code or over the control API. */
export const faultRequest = z.strictObject({ ...conditions.shape, effect });

/** A fault as somebody asks for it. */
export type FaultRequest = z.input<typeof faultRequest>;
/** The same, with its defaults filled in. */
export type Fault = z.output<typeof faultRequest>;
/** What goes wrong. */
export type FaultEffect = Fault['effect'];
/** A fault that puts something else in the place of the answer. */
export type AnswerFault = Exclude<FaultEffect, { kind: 'delay' | 'forget' | 'lose-rows' | 'partial' }>;
