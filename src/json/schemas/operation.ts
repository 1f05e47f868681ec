import { z } from 'zod';
import { conflictKinds } from '../../store/people/conflict.ts';
import { findingKinds, operationKinds, operationStates } from '../../words/words.ts';
import type { Told } from '../told.ts';
import { attributes, served, time, timeOrNull } from './parts.ts';

export const operation = z
  .object({
    id: z.string().meta({ examples: ['k3v9m2wt.17'] }),
    run: z.string(),
    source: z.string(),
    kind: z.enum(operationKinds),
    state: z.enum(operationStates),
    hold: z.string().nullable().meta({ description: 'Why it waits for approval' }),
    anchor: z.string().meta({ description: "The person's id in the source" }),
    profileId: z.string().nullable(),
    takenFrom: z.string().nullable(),
    thenInvites: z.boolean(),
    inFile: z.boolean().meta({ description: 'Whether it was a row of a file (`profileApi.bulk`)' }),
    follows: z.string().nullable(),
    email: z.string().nullable(),
    label: z.string(),
    reason: z.string(),
    before: attributes,
    after: attributes,
    attempts: z.int(),
    message: z.string().nullable().meta({ description: 'What the last try ended with' }),
    notBefore: time,
    createdAt: time,
    endedAt: timeOrNull,
  })
  .meta({ id: 'Operation', description: 'What is done to one person' });
/** What is done to one person. */
export type ToldOperation = Told<z.output<typeof operation>>;

const findingShape = {
  run: z.string(),
  kind: z.enum(findingKinds),
  anchor: z.string().nullable(),
  label: z.string(),
  email: z.string().nullable(),
  reason: z.string(),
  conflict: z.enum(conflictKinds).nullable(),
  profileId: z.string().nullable(),
};

export const finding = z
  .object(findingShape)
  .meta({ id: 'Finding', description: 'Somebody for whom a run did nothing, and why' });
/** Somebody for whom a run did nothing, and why. */
export type ToldFinding = Told<z.output<typeof finding>>;

export const ruling = z
  .object({
    kind: z.enum(['adopt', 'ignore']),
    source: z.string(),
    anchor: z.string(),
    label: z.string(),
    email: z.string().nullable(),
    profileId: z.string().nullable(),
    actor: z.string(),
    reason: z.string(),
    at: time,
  })
  .meta({ id: 'Ruling', description: "An operator's word on one person" });
/** An operator's word on one person. */
export type ToldRuling = Told<z.output<typeof ruling>>;

export const conflicts = z
  .object({
    source: z.string(),
    run: z
      .object({ id: z.string(), plannedAt: timeOrNull })
      .nullable()
      .meta({ description: 'The latest run that saw everybody' }),
    conflicts: z.array(
      z.object({
        ...findingShape,
        remedies: z.array(z.string()).meta({ description: 'What settles it at the command line' }),
      }),
    ),
    rulings: z.array(ruling),
  })
  .meta({ id: 'Conflicts', description: 'What a person must decide in a source, and what was decided' });
/** What a person must decide in a source, and what was decided. */
export type ToldConflicts = Told<z.output<typeof conflicts>>;

export const retried = z
  .object({
    retried: z.array(z.string()),
    runs: z.array(z.string()).meta({ description: 'Those that they are of' }),
    passedOver: z.int().meta({ description: 'Left alone: a newer operation for the same person exists' }),
    served,
  })
  .meta({
    id: 'Retried',
    examples: [{ retried: ['k3v9m2wt.17'], runs: ['k3v9m2wt'], passedOver: 0, served: true }],
  });
/** What came of trying failed operations again. */
export type ToldRetried = Told<z.output<typeof retried>>;

export const discarded = z
  .object({ discarded: z.array(z.string()) })
  .meta({ id: 'Discarded', examples: [{ discarded: ['k3v9m2wt.17'] }] });

export const ruled = z
  .object({
    ruling: ruling.nullable(),
    superseded: z.int().meta({ description: 'Operations that waited for them and are dropped' }),
  })
  .meta({ id: 'Ruled' });
/** What came of an operator's word on one person. */
export type ToldRuled = Told<z.output<typeof ruled>>;

export const takenBack = z.object({ takenBack: ruling }).meta({ id: 'TakenBack' });
