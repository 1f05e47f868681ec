import { z } from 'zod';
import { operation, ruling } from './operation.ts';
import { attributes, time, timeOrNull } from './parts.ts';
import { run } from './run.ts';

export const departure = z
  .object({
    source: z.string(),
    anchor: z.string(),
    label: z.string(),
    email: z.string().nullable(),
    cause: z.enum(['operator', 'hr-event', 'hr-file', 'leave-date']),
    eventId: z.string().nullable(),
    actor: z.string(),
    reason: z.string(),
    arrivedAt: time,
    dueAt: time,
    run: z.string().nullable(),
    held: z.boolean(),
    deactivatedAt: timeOrNull,
    verifiedAt: timeOrNull,
  })
  .meta({
    id: 'Departure',
    description: 'The word that somebody has left, or will leave, and what became of it',
  });

export const answer = z
  .object({
    outcome: z.enum([
      'deactivating',
      'inactive-already',
      'waits',
      'scheduled',
      'held',
      'noted',
      'left-already',
      'taken-back',
    ]),
    sentence: z.string(),
    run: z.string().nullable(),
    served: z
      .boolean()
      .meta({ description: 'Whether a service is at work; without one, nothing happens by itself' }),
  })
  .meta({
    id: 'Answer',
    examples: [
      { outcome: 'deactivating', sentence: 'Ann is deactivated at once.', run: 'k3v9m2wt', served: true },
    ],
  });

/** Parts of which the kind says what else is in them. */
const byKind = (description: string) => z.looseObject({ kind: z.string() }).meta({ description });

const explainedPerson = z
  .object({
    source: z.string(),
    anchor: z.string(),
    label: z.string(),
    email: z.string().nullable(),
    inShort: z.array(z.string()).meta({ description: 'The answer in one or two sentences' }),
    entry: byKind(
      'What the source says of them; with `seen`, also each rule, what it saw and what came of it',
    ),
    link: z
      .looseObject({ origin: z.string(), profileId: z.string().nullable() })
      .nullable()
      .meta({ description: 'The tie to their profile' }),
    profile: byKind('Their profile in the org'),
    comparison: z.array(
      z.object({
        attribute: z.string(),
        wanted: z.unknown(),
        givenBy: z.string().nullable(),
        shown: z.unknown(),
        isShown: z.boolean(),
        result: z.enum(['same', 'differs', 'left']),
        whyLeft: z.string().nullable(),
      }),
    ),
    ruling: ruling.nullable(),
    departure: z.object({ reason: z.string(), cause: z.string(), actor: z.string(), dueAt: time }).nullable(),
    next: byKind('What the next run would do'),
    open: z.array(operation.extend({ guard: z.string().nullable(), expiresAt: timeOrNull })),
    history: z.object({
      events: z.array(
        z.object({
          entry: z.int().nullable().meta({ description: 'Its number in the audit log' }),
          at: time,
          action: z.string().nullable(),
          kind: z.string().nullable(),
          run: z.string().nullable(),
          runBy: z.string().nullable(),
          actor: z.string().nullable(),
          approval: z.unknown(),
          reason: z.string().nullable(),
          message: z.string().nullable(),
          before: attributes,
          after: attributes,
        }),
      ),
      lastRun: run.nullable(),
      lastFinding: z.object({ kind: z.string(), reason: z.string() }).nullable(),
    }),
  })
  .meta({ id: 'ExplainedPerson' });

export const explanation = z
  .object({
    who: z.string(),
    at: time,
    people: z.array(explainedPerson).meta({ description: 'One for each source that has or had them' }),
    namesakes: z.array(z.object({ source: z.string(), anchor: z.string(), label: z.string() })),
  })
  .meta({ id: 'Explanation', description: 'One person, end to end' });
