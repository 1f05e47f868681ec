/** The checker can fail: each thing that must never happen is put into a record that is right, and found. */
import { describe, expect, test } from 'vitest';
import type { Effect, SandboxUser } from '../../../src/sandbox/index.ts';
import type { Due } from './due.ts';
import type { AuditedOperation, Evidence } from './evidence.ts';
import { examine } from './examine.ts';

const user = (id: string, isActive: boolean, title = 'Clerk'): SandboxUser => ({
  profile: {
    profile_id: id,
    user: 20,
    profile: id,
    creation_time: '2026-03-02T12:00:00.000Z',
    profile_image: '',
    avatar: '',
    email: `${id}@example.org`,
    name: id,
    is_active: isActive,
    last_loggged_in: '',
    customer_id: [],
    customer_entity_id: [],
    actual_username: id,
    is_multiple_customer_user: false,
    is_profile_image: false,
  },
  extras: { organization_role: title },
  removedFromAssets: 0,
});

const effect = (sequence: number, kind: Effect['kind'], id: string): Effect => ({
  sequence,
  time: '2026-03-02T12:00:00.000Z',
  kind,
  email: `${id}@example.org`,
  profileId: id,
  by: 'api',
  idempotencyKey: undefined,
  changed: [],
});

const audited = (seq: number, kind: string, id: string): AuditedOperation => ({
  seq,
  operation: `run1.${seq}`,
  outcome: 'done',
  kind,
  anchor: `uuid-${id}`,
  email: `${id}@example.org`,
  attempts: 1,
  message: undefined,
});

/** Ann stays, Bob leaves, and Sam is a stranger whom nobody may touch. */
const due: readonly Due[] = [
  {
    uuid: 'uuid-ann',
    emails: ['ann@example.org'],
    end: { kind: 'active', email: 'ann@example.org', extras: { organization_role: 'Clerk' } },
    wasThere: false,
    mostDeactivations: 0,
    mostReactivations: 0,
  },
  {
    uuid: 'uuid-bob',
    emails: ['bob@example.org'],
    end: { kind: 'inactive' },
    wasThere: false,
    mostDeactivations: 1,
    mostReactivations: 0,
  },
];

const right: Evidence = {
  effects: [effect(1, 'created', 'ann'), effect(2, 'created', 'bob'), effect(3, 'deactivated', 'bob')],
  before: [user('sam', true)],
  users: [user('sam', true), user('ann', true), user('bob', false)],
  audited: [audited(1, 'create', 'ann'), audited(2, 'create', 'bob'), audited(3, 'deactivate', 'bob')],
  operations: [
    { id: 'run1.1', run: 'run1', kind: 'create', state: 'done', anchor: 'uuid-ann', isHeld: false },
    { id: 'run1.2', run: 'run1', kind: 'create', state: 'done', anchor: 'uuid-bob', isHeld: false },
    { id: 'run2.1', run: 'run2', kind: 'deactivate', state: 'done', anchor: 'uuid-bob', isHeld: true },
  ],
  runs: [
    { id: 'run1', state: 'done', isForOne: false, isDryRun: false },
    { id: 'run2', state: 'done', isForOne: false, isDryRun: false },
  ],
  spoken: [{ run: 'run2', word: 'approved', effectsBefore: 2 }],
};

const only = (changes: Partial<Evidence>) => examine(due, { ...right, ...changes });

test('what happened as it was due leads to no finding', () => {
  expect(examine(due, right)).toEqual([]);
});

describe('it finds', () => {
  test.each([
    ['a second account', effect(4, 'created', 'ann'), 'ann@example.org was created 2 times'],
    ['a second deactivation', effect(4, 'deactivated', 'bob'), 'bob@example.org was deactivated 2 times'],
    ['a reactivation that nobody wanted', effect(4, 'reactivated', 'bob'), 'reactivated 1 times, 0 at most'],
    ['a deletion', effect(4, 'deleted', 'bob'), 'must never happen'],
    ['a change of somebody who is not ours', effect(4, 'edited', 'sam'), 'somebody who is not ours'],
    ['an account for somebody whom the directory does not know', effect(4, 'created', 'eve'), 'not ours'],
    ['an edit that no entry tells of', effect(4, 'edited', 'ann'), 'the audit log tells of 0 tries'],
  ])('%s', (_what, planted, sentence) => {
    const findings = only({ effects: [...right.effects, planted] });

    expect(findings.join('\n')).toContain(sentence);
  });

  test('somebody who was lost', () => {
    const findings = only({
      effects: right.effects.slice(1),
      users: [user('sam', true), user('bob', false)],
    });

    expect(findings).toContainEqual(expect.stringContaining('ann@example.org was lost'));
    expect(findings).toContainEqual(
      expect.stringContaining('tells 1 times that ann@example.org was created; it happened 0 times'),
    );
  });

  test('a leaver who is still active', () => {
    const findings = only({ users: [user('sam', true), user('ann', true), user('bob', true)] });

    expect(findings).toEqual(['bob@example.org left, or was blocked, and is still active.']);
  });

  test('an attribute that is not as it should be', () => {
    const findings = only({ users: [user('sam', true), user('ann', true, 'Captain'), user('bob', false)] });

    expect(findings).toEqual(['ann@example.org: organization_role is "Captain" instead of "Clerk".']);
  });

  test('a stranger who was changed without an effect on record', () => {
    const findings = only({ users: [user('sam', false), user('ann', true), user('bob', false)] });

    expect(findings).toEqual(['The stranger sam@example.org was changed.']);
  });

  test('an effect that the audit log says nothing of', () => {
    const findings = only({ audited: right.audited.slice(0, 2) });

    expect(findings).toEqual(['bob@example.org was deactivated 1 times, and the audit log tells of 0.']);
  });

  test('an audit entry without its effect', () => {
    const findings = only({ audited: [...right.audited, audited(4, 'edit', 'ann')] });

    expect(findings).toEqual(['The audit log tells of 1 edits of ann@example.org; 0 happened.']);
  });

  test('an operation and a run that never ended', () => {
    const findings = only({
      operations: right.operations.map((one) => (one.id === 'run1.1' ? { ...one, state: 'running' } : one)),
      runs: [
        { id: 'run1', state: 'executing', isForOne: false, isDryRun: false },
        { id: 'run2', state: 'done', isForOne: false, isDryRun: false },
      ],
    });

    expect(findings).toEqual(['Operation run1.1 (create) is still running.', 'Run run1 is still executing.']);
  });

  test('nothing in a deactivation that no guard held, though other things in its plan waited for a word', () => {
    const operations = right.operations.map((one) => ({ ...one, isHeld: false }));
    const spoken = [{ run: 'run2', word: 'approved', effectsBefore: 3 } as const];
    expect(only({ operations, spoken })).toEqual([]);

    const runs = right.runs.map((one) => ({ ...one, isDryRun: true }));
    expect(only({ operations, spoken, runs })).toEqual([expect.stringContaining('came before the word')]);
  });

  test('a deactivation that did not wait for the approval', () => {
    const findings = only({ spoken: [{ run: 'run2', word: 'approved', effectsBefore: 3 }] });

    expect(findings).toEqual(['Effect 3 (deactivated bob@example.org) came before the word on plan run2.']);
  });

  test('nothing hasty in a deactivation for which somebody resynced that person alone', () => {
    const findings = only({
      operations: [
        ...right.operations,
        { id: 'run3.1', run: 'run3', kind: 'deactivate', state: 'done', anchor: 'uuid-bob', isHeld: true },
      ],
      runs: [...right.runs, { id: 'run3', state: 'done', isForOne: true, isDryRun: false }],
      spoken: [{ run: 'run2', word: 'approved', effectsBefore: 3 }],
    });

    expect(findings).toEqual([]);
  });

  test('a deactivation of a plan that was rejected', () => {
    const findings = only({ spoken: [{ run: 'run2', word: 'rejected', effectsBefore: 2 }] });

    expect(findings).toEqual(['Operation run2.1 was carried out although its plan was rejected.']);
  });
});
