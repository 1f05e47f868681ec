/** The steps that a life is made of. Each chooses by a number which of those it fits it is about. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Outcome } from '../../../src/execute/outcome.ts';
import { recordOutcome } from '../../../src/execute/record.ts';
import { approvePlan, expirePlans, planUndo, rejectPlan } from '../../../src/plan/index.ts';
import { forgetDispatch, markDispatched } from '../../../src/store/operations/dispatch.ts';
import { claim, LeaseLostError, noteIntent, renewLeases } from '../../../src/store/operations/leases.ts';
import type { OperationId } from '../../../src/store/operations/operation.ts';
import { moveOperations, type Operation } from '../../../src/store/operations/operations.ts';
import { supersedeUnsent } from '../../../src/store/operations/supersede.ts';
import { liftPause } from '../../../src/store/service/pauses.ts';
import { anchor, sourceId } from '../../builders/people.ts';
import { retryThem } from '../retry.ts';
import { freeze } from './freeze.ts';
import { type Hand, type Life, type Model, people, workers } from './life.ts';
import { outcomes } from './outcomes.ts';

const source = sourceId('corp');
const word = { actor: 'cli:anna', reason: 'I looked at it.' };
const leaseMs = 60_000;
const jobSize = { most: 2, jobs: 2 };
const retry = { attempts: 3, backoffMs: 1, maxBackoffMs: 1 };

type Step = fc.AsyncCommand<Model, Life>;

/** A step with a number drawn for it, which prints itself when a life is shown. */
function steps<Drawn>(
  name: string,
  drawn: fc.Arbitrary<Drawn>,
  run: (life: Life, drawn: Drawn) => Promise<void>,
): fc.Arbitrary<Step> {
  return drawn.map((value) => ({
    check: () => true,
    run: (_model, life) => run(life, value),
    toString: () => `${name}(${JSON.stringify(value)})`,
  }));
}

const which = fc.nat(1_000);
const chosen = <Item>(from: readonly Item[], number: number): Item | undefined => from[number % from.length];

async function operationIn(
  life: Life,
  states: readonly string[],
  number: number,
): Promise<Operation | undefined> {
  const all = await life.all();
  return chosen(
    all.filter(({ state }) => states.includes(state)),
    number,
  );
}

const isDue = ({ not_before: notBefore }: Operation): boolean => notBefore.getTime() <= Date.now();

export const commands = {
  freeze: steps('freeze', freeze.drawn, freeze.run),

  approve: steps('approve', which, async (life, number) => {
    const run = (await operationIn(life, ['planned', 'held'], number))?.run_id;
    if (run === undefined) return;
    const allowed = ['planned->queued', 'held->queued', 'planned->superseded', 'held->superseded'] as const;
    await life.step({ moves: allowed, only: (one) => one.run_id === run }, () =>
      approvePlan(life.db, run, word, new Date()),
    );
  }),

  reject: steps('reject', which, async (life, number) => {
    const run = (await operationIn(life, ['planned', 'held'], number))?.run_id;
    if (run === undefined) return;
    await life.step(
      { moves: ['planned->rejected', 'held->rejected'], only: (one) => one.run_id === run },
      () => rejectPlan(life.db, run, word, new Date()),
    );
  }),

  speakAgain: steps('speakAgain', which, async (life, number) => {
    const ended = (await life.runs()).filter(({ expires_at: expiry }) => expiry === null);
    const run = chosen(ended, number);
    if (run === undefined) return;
    const hasWaiting = (await life.all()).some(
      ({ run_id: id, state }) => id === run.id && ['planned', 'held'].includes(state),
    );
    if (hasWaiting) return;
    const outcome = await life.step({ moves: [] }, () => approvePlan(life.db, run.id, word, new Date()));
    expect(outcome.kind).toBe('refused');
  }),

  expire: steps('expire', which, async (life, number) => {
    const run = (await operationIn(life, ['planned', 'held'], number))?.run_id;
    if (run === undefined) return;
    await life.db
      .updateTable('runs')
      .set({ expires_at: sql<Date>`now() - interval '1 second'` })
      .where('id', '=', run)
      .execute();
    await life.step(
      { moves: ['planned->expired', 'held->expired'], only: (one) => one.run_id === run },
      async () => void (await expirePlans(life.db, new Date())),
    );
  }),

  dispatch: steps('dispatch', fc.constant(0), async (life) => {
    const marked = await life.step({ moves: [] }, () => markDispatched(life.db, 100, jobSize));
    const byId = new Map((await life.all()).map((one) => [one.id, one]));
    if (life.model.isPaused) expect(marked).toEqual([]);
    for (const { id } of marked) expect(['queued', 'running']).toContain(byId.get(id)?.state);
    expect(await markDispatched(life.db, 100, jobSize)).toEqual([]);
  }),

  loseQueue: steps('loseQueue', fc.constant(0), async (life) => {
    await life.step({ moves: [] }, () => forgetDispatch(life.db, 0));
  }),

  /** Any worker may try to claim anything at all: the queue may hold ids that are long done. */
  claim: steps('claim', fc.tuple(which, fc.constantFrom(...workers)), async (life, [number, worker]) => {
    const wanted = chosen(await life.all(), number);
    if (wanted === undefined) return;
    await claimAs(life, wanted, worker);
  }),

  claimDue: steps(
    'claimDue',
    fc.tuple(which, fc.constantFrom(...workers)),
    async (life, [number, worker]) => {
      const wanted = await operationIn(life, ['queued'], number);
      if (wanted !== undefined) await claimAs(life, wanted, worker);
    },
  ),

  /** Two workers at the same moment: one of them has it. */
  race: steps('race', which, async (life, number) => {
    const wanted = await operationIn(life, ['queued'], number);
    if (wanted === undefined || life.model.isPaused || !isDue(wanted)) return;
    const results = await life.step(
      { moves: ['queued->running'], only: ({ id }) => id === wanted.id },
      async () => {
        const both = await Promise.all(
          ['first', 'second'].map((worker) => claim(life.db, wanted.id, worker, leaseMs)),
        );
        for (const [index, taken] of both.entries())
          if (taken !== undefined) take(life.model, taken, index === 0 ? 'first' : 'second');
        return both;
      },
    );
    expect(results.filter((one) => one !== undefined)).toHaveLength(1);
  }),

  leaseRunsOut: steps('leaseRunsOut', which, async (life, number) => {
    const running = await operationIn(life, ['running'], number);
    if (running === undefined) return;
    await life.db
      .updateTable('operations')
      .set({ lease_until: sql<Date>`now() - interval '1 second'` })
      .where('id', '=', running.id)
      .execute();
  }),

  renew: steps('renew', which, async (life, number) => {
    const hand = chosen(life.model.hands, number);
    if (hand === undefined) return;
    await life.step({ moves: [] }, () => renewLeases(life.db, hand.worker, [hand.operation.id], leaseMs));
  }),

  send: steps('send', which, async (life, number) => {
    const hand = chosen(life.model.hands, number);
    if (hand === undefined) return;
    const { id } = hand.operation;
    await life.step({ moves: [] }, async () => {
      const noting = noteIntent(life.db, id, hand.worker);
      if (hand.isLost) return await expect(noting).rejects.toThrow(LeaseLostError);
      await noting;
      hand.isSent = true;
      life.model.uncertain.add(id);
    });
  }),

  finish: steps('finish', fc.tuple(which, fc.constantFrom(...outcomes)), async (life, [number, make]) => {
    const hand = chosen(life.model.hands, number);
    if (hand === undefined) return;
    life.model.hands.splice(life.model.hands.indexOf(hand), 1);
    await finish(life, hand, make.outcome(hand.operation, hand.isSent));
  }),

  becomesDue: steps('becomesDue', which, async (life, number) => {
    const waiting = await operationIn(life, ['queued'], number);
    if (waiting === undefined) return;
    await moveOperations(life.db, { ids: [waiting.id], states: ['queued'] }, 'queued', undefined);
  }),

  retry: steps('retry', which, async (life, number) => {
    const failed = await operationIn(life, ['failed'], number);
    if (failed === undefined) return;
    await life.step({ moves: ['failed->queued'], only: ({ id }) => id === failed.id }, async () => {
      for (const { id, kind } of await retryThem(life.db, { ids: [failed.id] })) {
        life.model.attempts.set(id, 0);
        // A person has decided that an invitation is to be sent, whatever became of the last one.
        if (kind === 'invite') life.model.uncertain.delete(id);
      }
    });
  }),

  discard: steps('discard', which, async (life, number) => {
    const failed = await operationIn(life, ['failed'], number);
    if (failed === undefined) return;
    await life.step({ moves: ['failed->discarded'], only: ({ id }) => id === failed.id }, () =>
      moveOperations(life.db, { ids: [failed.id], states: ['failed'] }, 'discarded', undefined),
    );
  }),

  supersede: steps('supersede', fc.constantFrom(...people), async (life, who) => {
    const moves = ['planned->superseded', 'held->superseded', 'queued->superseded'] as const;
    const mayEnd = (one: Operation): boolean =>
      one.anchor === anchor(who) && !life.model.uncertain.has(one.id);
    await life.step({ moves, only: mayEnd }, () =>
      supersedeUnsent(life.db, { source, anchor: anchor(who) }, 'Their profile has passed to somebody else.'),
    );
  }),

  resume: steps('resume', fc.constant(0), async (life) => {
    expect(await life.step({ moves: [] }, () => liftPause(life.db))).toBe(life.model.isPaused);
    life.model.isPaused = false;
  }),

  undo: steps('undo', which, async (life, number) => {
    const done = (await life.all()).filter(({ kind, state }) => kind === 'deactivate' && state === 'done');
    const run = chosen(done, number)?.run_id;
    if (run === undefined) return;
    await life.step({ moves: ['nothing->planned'], only: ({ kind }) => kind === 'reactivate' }, () =>
      // Where they were reactivated since, there is nothing to undo, and it says so.
      planUndo(life.db, run, 'cli:anna', 3_600_000, new Date()).catch((error: Error) =>
        expect(error.message).toContain('could be undone'),
      ),
    );
  }),

  /** A plan is frozen while somebody approves another one: neither may overlook the other. */
  freezeWhileApproving: steps(
    'freezeWhileApproving',
    fc.tuple(freeze.drawn, which),
    async (life, [plan, number]) => {
      const run = (await operationIn(life, ['planned', 'held'], number))?.run_id;
      if (run === undefined) return;
      const moves = [
        ...freeze.moves,
        'planned->queued',
        'held->queued',
        'planned->superseded',
        'held->superseded',
      ] as const;
      await life.step({ moves }, () =>
        Promise.all([freeze.act(life, plan), approvePlan(life.db, run, word, new Date())]),
      );
    },
  ),

  /** Two plans are approved at the same moment. */
  approveTwo: steps('approveTwo', which, async (life, number) => {
    const waiting = (await life.all()).filter(({ state }) => state === 'planned' || state === 'held');
    const runs = [...new Set(waiting.map((one) => one.run_id))];
    const one = chosen(runs, number);
    const other = chosen(runs, number + 1);
    if (one === undefined || other === undefined || one === other) return;
    const moves = ['planned->queued', 'held->queued', 'planned->superseded', 'held->superseded'] as const;
    await life.step({ moves, only: ({ run_id: run }) => run === one || run === other }, () =>
      Promise.all([one, other].map((run) => approvePlan(life.db, run, word, new Date()))),
    );
  }),

  /** A failed operation is tried again while a plan with that person is frozen. */
  freezeWhileRetrying: steps(
    'freezeWhileRetrying',
    fc.tuple(freeze.drawn, which),
    async (life, [plan, number]) => {
      const failed = await operationIn(life, ['failed'], number);
      if (failed === undefined) return;
      await life.step({ moves: [...freeze.moves, 'failed->queued'] }, async () => {
        const [, retried] = await Promise.all([
          freeze.act(life, plan),
          retryThem(life.db, { ids: [failed.id] }),
        ]);
        for (const { id, kind } of retried) {
          life.model.attempts.set(id, 0);
          if (kind === 'invite') life.model.uncertain.delete(id);
        }
      });
    },
  ),
} satisfies Readonly<Record<string, fc.Arbitrary<Step>>>;

async function claimAs(life: Life, wanted: Operation, worker: string): Promise<void> {
  const { model } = life;
  const isLeft = wanted.state === 'running' && (wanted.lease_until?.getTime() ?? 0) < Date.now();
  const isToBeHad = !model.isPaused && ((wanted.state === 'queued' && isDue(wanted)) || isLeft);
  const moves = ['queued->running', 'running->running'] as const;
  const taken = await life.step({ moves, only: ({ id }) => id === wanted.id }, async () => {
    const operation = await claim(life.db, wanted.id, worker, leaseMs);
    if (operation !== undefined) take(model, operation, worker);
    return operation;
  });
  expect(taken !== undefined, `whether ${wanted.id} (${wanted.state}) is to be had`).toBe(isToBeHad);
}

function take(model: Model, operation: Operation, worker: string): void {
  for (const hand of model.hands) if (hand.operation.id === operation.id) hand.isLost = true;
  // The same worker, back after its own lease ran out, can't tell its two hands apart: it has one.
  const mine = model.hands.findIndex((hand) => hand.operation.id === operation.id && hand.worker === worker);
  if (mine >= 0) model.hands.splice(mine, 1);
  model.attempts.set(operation.id, (model.attempts.get(operation.id) ?? 0) + 1);
  expect(operation.intent_at !== null).toBe(model.uncertain.has(operation.id));
  model.hands.push({ operation, worker, isLost: false, isSent: model.uncertain.has(operation.id) });
  if (operation.kind === 'create') model.uncertain.add(operation.id);
}

const endedBy: Readonly<Record<Outcome['kind'], readonly ('done' | 'failed' | 'superseded' | 'queued')[]>> = {
  done: ['done'],
  superseded: ['superseded'],
  failed: ['failed'],
  'licence-full': ['failed'],
  again: ['queued', 'failed'],
  stop: ['queued'],
};

async function finish(life: Life, hand: Hand, outcome: Outcome): Promise<void> {
  const { model, db } = life;
  const { id, run_id: run } = hand.operation;
  const before = new Map((await life.all()).map((one) => [one.id, one.state]));
  const allowed = endedBy[outcome.kind].map((state) => `running->${state}` as const);
  // Where no seat is left, the rest of the run's creations is dropped with it.
  const droppable = (one: Operation): boolean =>
    outcome.kind === 'licence-full' &&
    one.run_id === run &&
    before.get(one.id) === 'queued' &&
    !model.uncertain.has(one.id);
  await life.step(
    {
      moves: hand.isLost ? [] : [...allowed, 'queued->superseded'],
      only: (one) => one.id === id || droppable(one),
    },
    async () => {
      const mayHaveHappened =
        model.uncertain.has(id) && !(outcome.kind === 'again' && !outcome.mayHaveHappened);
      const recording = recordOutcome(
        db,
        { operation: hand.operation, outcome, mayHaveHappened },
        hand.worker,
        retry,
        new Date(),
      );
      if (hand.isLost) return await expect(recording).rejects.toThrow(LeaseLostError);
      const { state } = await recording;
      if (!mayHaveHappened) model.uncertain.delete(id);
      const isFree = outcome.kind === 'stop' || (outcome.kind === 'again' && !outcome.countsAsAttempt);
      if (isFree && state === 'queued') model.attempts.set(id, attemptsOf(model, id) - 1);
      if (outcome.kind === 'again' && outcome.countsAsAttempt)
        expect(state).toBe(attemptsOf(model, id) >= retry.attempts ? 'failed' : 'queued');
      if (outcome.kind === 'stop') model.isPaused = true;
    },
  );
}

const attemptsOf = (model: Model, id: OperationId): number => model.attempts.get(id) ?? 0;
