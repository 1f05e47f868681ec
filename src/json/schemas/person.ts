import { z } from 'zod';
import { findingKinds, operationKinds } from '../../words/words.ts';
import type { Told } from '../told.ts';
import { operation, ruling } from './operation.ts';
import { attributes, served, time, timeOrNull } from './parts.ts';
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
    actedAt: timeOrNull.meta({ description: 'When it was taken up' }),
    run: z.string().nullable(),
    held: z.boolean(),
    deactivatedAt: timeOrNull,
    verifiedAt: timeOrNull,
  })
  .meta({
    id: 'Departure',
    description: 'The word that somebody has left, or will leave, and what became of it',
  });
/** The word that somebody left, or will leave, and what became of it. */
export type ToldDeparture = Told<z.output<typeof departure>>;

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
    served,
  })
  .meta({
    id: 'Answer',
    examples: [
      { outcome: 'deactivating', sentence: 'Ann is deactivated at once.', run: 'k3v9m2wt', served: true },
    ],
  });
/** What came of the word that somebody left, or is back. */
export type ToldAnswer = Told<z.output<typeof answer>>;

export const invited = z.object({ run: z.string(), email: z.string(), served });
/** One more invitation, on its way. */
export type ToldInvitation = Told<z.output<typeof invited>>;

const step = {
  rule: z.string().meta({ description: 'As it is in the configuration' }),
  saw: attributes.meta({ description: 'The values that it found, by the names that it asks for' }),
  outcome: z.enum(['value', 'unset', 'failure']),
  value: z.unknown(),
  failure: z.string().nullable(),
};
const ruleStep = z.object(step);
const mappingStep = z.object({ attribute: z.string(), ...step });
/** One rule, what it saw, and what came of it. */
export type ToldStep = Told<z.output<typeof ruleStep>>;
/** What a rule of the mapping gave for one attribute. */
export type ToldMappingStep = Told<z.output<typeof mappingStep>>;

const entry = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('seen'),
      incomplete: z.string().nullable(),
      label: z.string(),
      login: z.string().nullable(),
      email: z.string().nullable(),
      employeeNumber: z.string().nullable(),
      isActive: z.boolean(),
      whyInactive: z.string().nullable(),
      leavesAt: timeOrNull,
      leavesAtFrom: z.string().nullable().meta({ description: 'What tells when they leave' }),
      groups: z.array(z.string()),
      attributes: z.record(z.string(), z.array(z.string())),
      judgedAs: z.enum(['member', 'leaver', 'skipped']),
      reason: z.string().nullable(),
      active: ruleStep,
      scope: ruleStep,
      mapping: z.array(mappingStep),
    }),
    z.object({ kind: z.literal('unusable'), reason: z.string() }),
    z.object({
      kind: z.literal('not-shown'),
      absence: z.looseObject({ kind: z.string() }).nullable(),
      incomplete: z.string().nullable(),
      sentence: z.string(),
    }),
    z.object({ kind: z.literal('unreachable'), sentence: z.string() }),
    z.object({ kind: z.literal('not-configured') }),
  ])
  .meta({
    description: 'What the source says of them; with `seen`, also each rule, what it saw and what came of it',
  });
/** What the source says of somebody. */
export type ToldSourceEntry = Told<z.output<typeof entry>>;

const profile = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('there'),
      profileId: z.string(),
      email: z.string().nullable(),
      isActive: z.boolean(),
      attributes,
    }),
    z.object({ kind: z.literal('deleted') }),
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('unknown'), sentence: z.string() }),
  ])
  .meta({ description: 'Their profile in the org' });

const wasOrgListed = z.boolean().meta({ description: 'Whether the whole org was listed to find that out' });
const next = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('operation'),
      operation: z.enum(operationKinds),
      profileId: z.string().nullable(),
      reason: z.string(),
      before: attributes,
      after: attributes,
      wasOrgListed,
    }),
    z.object({ kind: z.literal('held'), operation, wasOrgListed }),
    z.object({ kind: z.literal('finding'), finding: z.enum(findingKinds), reason: z.string(), wasOrgListed }),
    z.object({ kind: z.literal('nothing'), wasOrgListed }),
    z.object({ kind: z.literal('unknown'), reason: z.string() }),
  ])
  .meta({ description: 'What the next run would do' });

const link = z
  .object({
    origin: z.string(),
    profileId: z.string().nullable(),
    applied: attributes.meta({ description: 'Every mapped attribute as it was last sent' }),
    unkept: attributes.meta({ description: 'Values that the org did not keep' }),
    absentSince: timeOrNull,
    deletedSince: timeOrNull,
    deactivatedByRollcall: z.boolean(),
    deactivatedAt: timeOrNull,
    invitations: z.int(),
    invitedAt: timeOrNull,
  })
  .meta({ description: 'The tie to their profile' });

const comparedAttribute = z.object({
  attribute: z.string(),
  wanted: z.unknown(),
  givenBy: z.string().nullable(),
  shown: z.unknown(),
  isShown: z.boolean(),
  result: z.enum(['same', 'differs', 'left']),
  whyLeft: z.enum(['read-only', 'not-kept', 'set-once', 'orgs-own']).nullable(),
});
/** One attribute: what it should be, and what the org has. */
export type ToldComparison = Told<z.output<typeof comparedAttribute>>;

const openOperation = operation.extend({ guard: z.string().nullable(), expiresAt: timeOrNull });
/** What waits for somebody's word, or is under way. */
export type ToldOpenOperation = Told<z.output<typeof openOperation>>;

const pastEvent = z.object({
  entry: z.int().nullable().meta({ description: 'Its number in the audit log' }),
  at: time,
  action: z.string().nullable(),
  kind: z.string().nullable(),
  what: z.string().meta({ examples: ['deactivate done'] }),
  run: z.string().nullable(),
  runBy: z.string().nullable(),
  actor: z.string().nullable(),
  approval: z.unknown(),
  onWhoseWord: z.string().meta({ examples: ['in run k3v9m2wt by schedule'] }),
  reason: z.string().nullable(),
  message: z.string().nullable(),
  before: attributes,
  after: attributes,
});
/** What happened to somebody. */
export type ToldPastEvent = Told<z.output<typeof pastEvent>>;

const explainedPerson = z
  .object({
    source: z.string(),
    anchor: z.string(),
    label: z.string(),
    email: z.string().nullable(),
    inShort: z.array(z.string()).meta({ description: 'The answer in one or two sentences' }),
    entry,
    link: link.nullable(),
    profile,
    comparison: z.array(comparedAttribute),
    ruling: ruling.nullable(),
    departure: z.object({ reason: z.string(), cause: z.string(), actor: z.string(), dueAt: time }).nullable(),
    next,
    inWords: z
      .object({
        state: z.string(),
        belonging: z.string().nullable(),
        departure: z.string().nullable(),
        tie: z.string(),
        ruling: z.string().nullable(),
        next: z.string(),
        lastRun: z.string().nullable(),
        lastRunIncomplete: z.string().nullable(),
      })
      .meta({ description: 'Each part in a sentence' }),
    open: z.array(openOperation),
    history: z.object({
      events: z.array(pastEvent),
      lastRun: run.nullable(),
      lastFinding: z.object({ kind: z.string(), reason: z.string() }).nullable(),
    }),
  })
  .meta({ id: 'ExplainedPerson' });
/** One person, end to end. */
export type ToldPerson = Told<z.output<typeof explainedPerson>>;

export const explanation = z
  .object({
    who: z.string(),
    at: time,
    people: z.array(explainedPerson).meta({ description: 'One for each source that has or had them' }),
    namesakes: z.array(z.object({ source: z.string(), anchor: z.string(), label: z.string() })),
  })
  .meta({ id: 'Explanation', description: 'One person, end to end' });
/** Everybody who is called so, end to end. */
export type ToldExplanation = Told<z.output<typeof explanation>>;
