/** A real store with a few people in it, what the test knows of it, and the laws that hold after every step. */
import { type Kysely, sql } from 'kysely';
import { expect } from 'vitest';
import { settleRun } from '../../../src/plan/index.ts';
import type { OperationId, OperationState } from '../../../src/store/operations/operation.ts';
import { type Operation, operations } from '../../../src/store/operations/operations.ts';
import { keepLink } from '../../../src/store/people/links.ts';
import type { Run } from '../../../src/store/runs/runs.ts';
import type { Database } from '../../../src/store/schema.ts';
import { liftPause } from '../../../src/store/service/pauses.ts';
import { link } from '../../builders/org.ts';

export const people = ['ann', 'bob', 'cleo', 'dora'] as const;
export const workers = ['first', 'second', 'third'] as const;

/** An operation that a worker has claimed; `isLost` once another one has claimed it. */
export interface Hand {
  readonly operation: Operation;
  readonly worker: string;
  isLost: boolean;
  /** Whether a request of this try may have had its effect. */
  isSent: boolean;
}

export interface Model {
  readonly hands: Hand[];
  /** Operations of which a request may have had its effect unheard. */
  readonly uncertain: Set<OperationId>;
  readonly attempts: Map<OperationId, number>;
  isPaused: boolean;
}

type Move = `${OperationState | 'nothing'}->${OperationState}`;

/** What a step may do to operations, and to which: all, unless `only` says. */
export interface Allowed {
  readonly moves: readonly Move[];
  readonly only?: (operation: Operation) => boolean;
}

export interface Life {
  readonly db: Kysely<Database>;
  readonly model: Model;
  all(): Promise<readonly Operation[]>;
  runs(): Promise<readonly Run[]>;
  /** Takes a step, and holds it against the laws. */
  step<Result>(allowed: Allowed, act: () => Promise<Result>): Promise<Result>;
}

const emptied = ['operations', 'run_findings', 'runs', 'links', 'rulings', 'pauses'] as const;

export async function beginLife(db: Kysely<Database>): Promise<Life> {
  await sql`TRUNCATE ${sql.join(emptied.map((name) => sql.table(name)))} CASCADE`.execute(db);
  for (const id of people) await keepLink(db, link({ id }));
  await liftPause(db);
  const model: Model = { hands: [], uncertain: new Set(), attempts: new Map(), isPaused: false };
  const life: Life = {
    db,
    model,
    all: () => operations(db, {}),
    runs: () => db.selectFrom('runs').selectAll().execute(),
    async step(allowed, act) {
      const before = new Map((await life.all()).map((one) => [one.id, one]));
      const result = await act();
      for (const run of await life.runs()) await settleRun(db, run.id);
      const after = await life.all();
      for (const operation of after) expectLegal(before.get(operation.id), operation, allowed);
      expect(after.length).toBeGreaterThanOrEqual(before.size);
      expectOneEach(after);
      expectKnown(after, model);
      expectRunsToFollow(await life.runs(), after);
      return result;
    },
  };
  return life;
}

const open: readonly OperationState[] = ['queued', 'running'];

function expectLegal(before: Operation | undefined, after: Operation, { moves, only }: Allowed): void {
  const move: Move = `${before?.state ?? 'nothing'}->${after.state}`;
  if (before !== undefined && before.state === after.state && before.lease_owner === after.lease_owner)
    return;
  expect(moves, `${after.id} (${after.kind}) went ${move}`).toContain(move);
  expect(only === undefined || only(after), `${after.id} was not meant by this step, and went ${move}`).toBe(
    true,
  );
}

/** For one person at most one thing is under way: an older change can't overwrite a newer one. */
function expectOneEach(all: readonly Operation[]): void {
  for (const anchor of new Set(all.map((one) => one.anchor))) {
    const underWay = all.filter((one) => one.anchor === anchor && open.includes(one.state));
    expect(
      underWay.map(({ id, kind, state }) => `${id} ${kind} ${state}`).slice(1),
      `${anchor} has several operations under way`,
    ).toEqual([]);
  }
}

/** Owner, end, attempts and intent are what they must be by what was done. */
function expectKnown(all: readonly Operation[], model: Model): void {
  for (const one of all) {
    const isOpen = ['planned', 'held', ...open].includes(one.state);
    expect(one.lease_owner !== null, `${one.id} is ${one.state}, its owner ${one.lease_owner}`).toBe(
      one.state === 'running',
    );
    expect(one.ended_at === null, `${one.id} is ${one.state} and ended ${one.ended_at}`).toBe(isOpen);
    expect(one.attempts, `attempts of ${one.id}`).toBe(model.attempts.get(one.id) ?? 0);
    expect(one.intent_at !== null, `whether ${one.id} (${one.state}) may have happened`).toBe(
      model.uncertain.has(one.id),
    );
  }
}

function expectRunsToFollow(runs: readonly Run[], all: readonly Operation[]): void {
  for (const run of runs) {
    const states = new Set(all.filter((one) => one.run_id === run.id).map((one) => one.state));
    if (run.state === 'planned' || run.state === 'rejected' || run.state === 'expired') {
      expect(
        [...states].filter((state) => open.includes(state)),
        `of ${run.id}`,
      ).toEqual([]);
      continue;
    }
    const expected = open.some((state) => states.has(state))
      ? 'executing'
      : states.has('held')
        ? 'held'
        : 'done';
    expect(run.state, `run ${run.id} with ${[...states].join(', ')}`).toBe(expected);
  }
}
