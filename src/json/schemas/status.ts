import { z } from 'zod';
import { runStates } from '../../words/words.ts';
import type { Told } from '../told.ts';
import { time, timeOrNull } from './parts.ts';
import { readings } from './run.ts';

const leavers = z
  .enum(['go', 'wait'])
  .meta({ description: 'Whether whom HR or an operator says to have left is deactivated all the same' });

const pause = z
  .object({
    reason: z.string(),
    since: time,
    actor: z.string().nullable().meta({ description: 'Null where the profile API refuses the key' }),
    until: timeOrNull,
    leavers,
  })
  .nullable()
  .meta({ description: 'Why nothing is carried out' });

const standstill = z
  .object({ from: time, until: timeOrNull, leavers, reason: z.string().nullable() })
  .nullable();

export const sourceState = z
  .object({
    id: z.string().meta({ examples: ['corp'] }),
    lastRun: z
      .object({
        id: z.string(),
        state: z.enum(runStates),
        reading: z.enum(readings),
        error: z.string().nullable(),
        read: z
          .object({ identities: z.int(), profiles: z.int() })
          .nullable()
          .default(null)
          .meta({ description: 'While it reads: how many of both sides so far' }),
        requestedAt: time,
      })
      .nullable(),
    nextRunAt: timeOrNull.meta({ description: 'Null where nothing is scheduled, or no service is at work' }),
    nextReading: z.enum(readings).nullable(),
    lastGoodReadingAt: timeOrNull.meta({ description: 'When everybody was last seen' }),
    noticesTrouble: z.string().nullable().meta({ description: 'Why it does not tell of changes by itself' }),
    quarantine: z
      .object({ since: time, reason: z.string(), nextTryAt: timeOrNull })
      .nullable()
      .meta({ description: 'Why and since when it removes nobody' }),
    pause,
  })
  .meta({ id: 'SourceState' });
/** How a source stands. */
export type ToldSourceState = Told<z.output<typeof sourceState>>;
/** Why nothing is carried out; null where nothing is paused. */
export type ToldPause = Told<z.output<typeof pause>>;

const circuit = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('closed') }),
    z.object({ kind: z.literal('warming-up'), since: time, places: z.int() }),
    z.object({ kind: z.enum(['open', 'half-open']), since: time, reason: z.string() }),
  ])
  .meta({ description: 'How it has met the profile API' });

export const status = z
  .object({
    pause,
    maintenance: z
      .object({ current: standstill, next: standstill })
      .meta({ description: 'Times in which nothing is written to the org' }),
    auditBreak: z.object({ at: z.int(), sentence: z.string(), since: time }).nullable(),
    sources: z.array(sourceState),
    queue: z.object({ queued: z.int(), running: z.int() }),
    heldPlans: z.array(
      z.object({
        id: z.string(),
        source: z.string(),
        waiting: z.int(),
        sentences: z.array(z.string()),
        overtaken: z.int(),
        approvals: z.array(z.object({ actor: z.string(), reason: z.string(), at: z.string() })),
        expiresAt: timeOrNull,
      }),
    ),
    failed: z.int(),
    deafChannels: z
      .array(z.object({ channel: z.string(), waiting: z.int(), since: time, trouble: z.string() }))
      .meta({ description: 'Channels of alerts that take none at the moment' }),
    services: z.array(
      z.object({
        id: z.string(),
        host: z.string(),
        pid: z.int(),
        roles: z.array(z.string()),
        startedAt: time,
        seenAt: time,
        circuit: circuit.nullable(),
      }),
    ),
  })
  .meta({ id: 'Status', description: 'How things are' });
/** How things are. */
export type ToldStatus = Told<z.output<typeof status>>;

export const braked = z.object({ source: z.string().nullable(), sentence: z.string() }).meta({
  id: 'Braked',
  examples: [{ source: 'corp', sentence: 'The source corp is paused until it is resumed.' }],
});
/** What came of a pause, or of its end. */
export type ToldBraked = Told<z.output<typeof braked>>;

export const tried = z
  .object({ items: z.array(z.object({ channel: z.string(), ok: z.boolean(), text: z.string() })) })
  .meta({
    id: 'Tried',
    examples: [{ items: [{ channel: 'ops', ok: true, text: 'The test message was taken.' }] }],
  });
/** What came of a test message. */
export type ToldTried = Told<z.output<typeof tried>>['items'][number];
