import { z } from 'zod';
import { raisableGuards } from '../../acts/index.ts';
import { operationKinds, operationStates, runStates } from '../../words/words.ts';
import type { Told } from '../told.ts';
import type { ToldFinding, ToldOperation } from './operation.ts';
import { plainText, served, time, timeOrNull } from './parts.ts';

export const triggers = ['hand', 'schedule', 'hr', 'leave-date'] as const;
export const readings = ['full', 'delta'] as const;
export const modes = ['plan', 'apply'] as const;

const people = z
  .int()
  .min(1)
  .max(999_999_999)
  .meta({ description: 'Up to how many people', examples: [200] });
export const raisedGuards = z.partialRecord(z.enum(raisableGuards), people);

const hold = z.object({
  guard: z.string(),
  kind: z.enum(operationKinds),
  attribute: z.string().optional(),
  anchors: z.array(z.string()).optional(),
  count: z.int(),
  sentence: z.string(),
});

const summary = z.object({
  identities: z.int().meta({ description: 'People whom the source showed' }),
  inScope: z.int(),
  skipped: z.int(),
  conflicts: z.int(),
  profiles: z.int().meta({ description: 'Profiles of the org' }),
  linkedActive: z.int(),
  unchanged: z.int(),
  operations: z.partialRecord(z.enum(operationKinds), z.int()),
  unkept: z.record(z.string(), z.int()).optional(),
  incomplete: z.string().nullable().meta({ description: 'Why the reading does not count as complete' }),
  reading: z.enum(readings),
  fallback: z.string().nullable().meta({ description: 'Why all was read where a delta was asked for' }),
  holds: z.array(hold).meta({ description: 'What the guards hold, and why' }),
});

const runShape = {
  id: z.string().meta({ examples: ['k3v9m2wt'] }),
  source: z.string().meta({ examples: ['corp'] }),
  mode: z.enum(modes).meta({ description: '`plan`: nothing is released before somebody approves it' }),
  reading: z.enum(readings),
  trigger: z.enum(triggers),
  actor: z.string().meta({ description: 'Who asked for it', examples: ['token:ci'] }),
  state: z.enum(runStates),
  onlyWho: z.string().nullable().meta({ description: 'The one person whom it is about' }),
  summary: summary.nullable(),
  error: z.string().nullable(),
  raised: raisedGuards.meta({ description: 'Guards that give way in it, up to how many people' }),
  raiseReason: z.string().nullable(),
  althoughPaused: z.boolean().meta({ description: 'Whether it is made although its source is paused' }),
  approvals: z.array(z.object({ actor: z.string(), reason: z.string(), at: z.string() })),
  approvedBy: z.string().nullable(),
  approvalReason: z.string().nullable(),
  requestedAt: time,
  startedAt: timeOrNull,
  plannedAt: timeOrNull,
  expiresAt: timeOrNull,
  endedAt: timeOrNull,
};

export const run = z.object(runShape).meta({ id: 'Run', description: 'A run, and the plan that it made' });
/** A run, and the plan that it made. */
export type ToldRun = Told<z.output<typeof run>>;

export const counts = z
  .partialRecord(z.enum(operationStates), z.int())
  .meta({ description: 'How many operations are in which state', examples: [{ done: 118, failed: 2 }] });
/** How many operations are in which state. */
export type ToldCounts = Told<z.output<typeof counts>>;

export const countedRun = z.object({ ...runShape, counts }).meta({ id: 'CountedRun' });
/** A run, with how many of its operations are in which state. */
export type ToldCountedRun = Told<z.output<typeof countedRun>>;

export const detailedRun = z
  .object({
    ...runShape,
    counts,
    overtaken: z.int().meta({ description: 'How many of those that wait reality has overtaken' }),
  })
  .meta({ id: 'DetailedRun' });

/** A run with what it plans, and those for whom it plans nothing. */
export interface ToldPlan {
  readonly run: ToldRun;
  /** How many of those that wait reality has overtaken; left out where nobody has counted. */
  readonly overtaken?: number;
  /** In the order of the plan. */
  readonly operations: readonly ToldOperation[];
  readonly findings: readonly ToldFinding[];
}

export const raise = z
  .strictObject({
    guards: raisedGuards.refine((guards) => Object.keys(guards).length > 0, 'Name at least one guard.'),
    reason: plainText.meta({ description: 'Why, for the audit log' }),
  })
  .meta({ examples: [{ guards: { maxDeactivations: 200 }, reason: 'The Vienna office closes' }] });

export const requestedRuns = z.object({ runs: z.array(run), served }).meta({ id: 'RequestedRuns' });

export const approved = z
  .object({
    outcome: z.enum(['approved', 'seconded']),
    released: z.int(),
    overtaken: z.int().meta({ description: 'Left out, since reality has overtaken them' }),
    run,
    served,
  })
  .meta({ id: 'Approved' });
/** What came of the approval of a plan. */
export type ToldApproval = Told<z.output<typeof approved>>;

export const rejected = z.object({ dropped: z.int(), run }).meta({ id: 'Rejected' });

const readSoFar = { identities: z.int(), profiles: z.int() };

/** What an event `progress` of a run tells. */
export const runProgress = z.object({
  run: z.string(),
  state: z.enum(runStates),
  counts,
  ended: z.int(),
  total: z.int(),
  inFile: z.int(),
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  reading: z
    .object({ ...readSoFar, expected: z.object(readSoFar).nullable() })
    .nullable()
    .default(null),
  halt: z.object({ kind: z.enum(['meant', 'trouble']), sentence: z.string() }).nullable(),
});

/** What the event `end` of a run tells. */
export const runEnd = z.object({ run, counts, unconfirmed: z.int(), unverified: z.string().nullable() });
