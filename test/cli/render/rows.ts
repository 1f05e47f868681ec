/** Rows for tests, stored and told: usual values, and what the test is about. */
import { stripVTControlCharacters } from 'node:util';
import { createColours, type Screen } from '../../../src/cli/render/colours.ts';
import type { Anchor, SourceId } from '../../../src/identity/identity.ts';
import { findingJson, operationJson, runJson } from '../../../src/json/index.ts';
import type { OperationId, RunId } from '../../../src/store/operations/operation.ts';
import type { Operation } from '../../../src/store/operations/operations.ts';
import type { Run, RunFinding } from '../../../src/store/runs/runs.ts';
import type { RunSummary } from '../../../src/store/schema.ts';

export const now = new Date('2026-03-01T12:00:00Z');
export const runId = 'k3v9m2wt' as RunId;
export const corp = 'corp' as SourceId;

export const pipe: Screen = { colour: createColours(false), width: Number.POSITIVE_INFINITY };
export const terminalOf = (width: number): Screen => ({ colour: createColours(true), width });

export const summary = (about: Partial<RunSummary> = {}): RunSummary => ({
  identities: 200,
  inScope: 198,
  skipped: 0,
  conflicts: 0,
  profiles: 190,
  linkedActive: 180,
  unchanged: 180,
  operations: {},
  incomplete: null,
  reading: 'full',
  fallback: null,
  holds: [],
  ...about,
});

export const storedRun = (about: Partial<Run> = {}): Run => ({
  id: runId,
  source_id: corp,
  mode: 'plan',
  reading: 'full',
  trigger: 'hand',
  actor: 'cli:anna',
  state: 'planned',
  only_who: null,
  raised: {},
  raise_reason: null,
  although_paused: false,
  tick: null,
  repeat_due: false,
  summary: summary(),
  error: null,
  licence_full_at: null,
  approvals: [],
  approved_by: null,
  approval_reason: null,
  left_to_service: false,
  lease_owner: null,
  lease_until: null,
  identities_read: null,
  profiles_read: null,
  requested_at: new Date('2026-03-01T11:57:00Z'),
  started_at: null,
  planned_at: null,
  expires_at: null,
  ended_at: null,
  verify_due: false,
  verify_until: null,
  verified_at: null,
  ...about,
});

export const storedOperation = (seq: number, about: Partial<Operation> = {}): Operation => ({
  id: `${runId}.${seq}` as OperationId,
  run_id: runId,
  seq,
  source_id: corp,
  exempt: false,
  anchor: `anchor-${seq}` as Anchor,
  profile_id: null,
  kind: 'edit',
  state: 'planned',
  email: `person${seq}@example.org`,
  label: `uid=person${seq},dc=example,dc=org`,
  employee_number: null,
  releases_source: null,
  reason: 'The source and the profile differ in title.',
  hold: null,
  before: {},
  after: {},
  desired: {},
  releases: null,
  invite_seq: null,
  follows: null,
  attempts: 0,
  not_before: now,
  dispatched_at: null,
  cause: null,
  dispatched_as: null,
  lease_owner: null,
  lease_until: null,
  intent_at: null,
  bulk_at: null,
  message: null,
  created_at: now,
  ended_at: null,
  ...about,
});

export const storedFinding = (about: Partial<RunFinding> = {}): RunFinding => ({
  run_id: runId,
  seq: 1,
  kind: 'conflict',
  anchor: null,
  label: 'uid=karl,dc=example,dc=org',
  email: 'karl@example.org',
  reason: '2 profiles have the email karl@example.org.',
  conflict: 'several-profiles',
  profile_id: null,
  ...about,
});

/** As they are told. */
export const run = (about?: Partial<Run>) => runJson(storedRun(about));
export const operation = (seq: number, about?: Partial<Operation>) =>
  operationJson(storedOperation(seq, about));
export const finding = (about?: Partial<RunFinding>) => findingJson(storedFinding(about));

/** One text without colours. */
export const plain = (lines: readonly string[]): string => stripVTControlCharacters(lines.join('\n'));
