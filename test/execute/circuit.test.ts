/** An API that is down rests: nobody loses attempts to it, and work goes on by itself when it is back. */
import { Writable } from 'node:stream';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { type Circuit, startCircuit } from '../../src/execute/circuit.ts';
import { type ProfileApiAnswer, ProfileApiError } from '../../src/profile-api/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { combinations, until } from '../e2e/stage.ts';
import { type Installation, install } from '../engine/installation.ts';

const attemptsOf = async (here: Installation, run: RunId) =>
  (await here.operations(run)).map(({ attempts }) => attempts);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe.each(combinations)('on %s', (combination) => {
  test.each([
    { kind: 'status', status: 503 },
    { kind: 'drop' },
  ] as const)('an API that is down ($kind) rests, and everything is done once it is back', async (effect) => {
    await using here = await install({ combination, people: 30, api: { concurrency: '4' } });
    const run = await here.release();
    here.sandbox.fault({ operation: '*', effect });
    await here.engine.dispatcher.dispatchDue();
    here.engine.dispatcher.start();
    const worker = here.engine.startWorker();
    try {
      await until(
        () => worker.circuit,
        ({ kind }) => kind === 'open',
      );
      // What is in hand, or was fetched already, ends; then nothing is taken any more, however long it lasts.
      await untilAtRest(here, run);
      const burnt = sum(await attemptsOf(here, run));
      const creations = here.sandbox.requests.create;
      await new Promise((later) => setTimeout(later, 2_500));

      expect(burnt).toBeLessThanOrEqual(5);
      expect(sum(await attemptsOf(here, run))).toBe(burnt);
      expect(here.sandbox.requests.create).toBe(creations);
      expect(worker.circuit.kind).not.toBe('closed');

      here.sandbox.clearFaults();
      const operations = await until(
        () => here.operations(run),
        (all) => all.every(({ state }) => state === 'done'),
      );
      expect(worker.circuit).toEqual({ kind: 'closed' });
      expect(Math.max(...operations.map(({ attempts }) => attempts))).toBeLessThanOrEqual(3);
      expect(here.effects()).toHaveLength(30);
    } finally {
      await here.engine.dispatcher.close();
      await worker.close(5_000);
    }
  });
});

test('a command that works by itself gives up after its patience, and the next one finds everything queued', async () => {
  const retry = '{ attempts: 4, backoff: 20ms, maxBackoff: 100ms, patience: 2s }';
  await using here = await install({ people: 12, config: { retry } });
  const run = await here.release();
  here.sandbox.fault({ operation: '*', effect: { kind: 'drop' } });

  const end = await here.carryOut(run);

  expect(end.halt?.sentence).toContain('The profile API has been down since');
  expect(end.counts).toEqual(new Map([['queued', 12]]));
  expect(sum(await attemptsOf(here, run))).toBeLessThanOrEqual(5);

  here.sandbox.clearFaults();
  expect((await here.carryOut(run)).counts).toEqual(new Map([['done', 12]]));
  expect(here.effects()).toHaveLength(12);
});

test('a worker can be stopped while the API rests', async () => {
  await using here = await install({ people: 8 });
  await here.release();
  here.sandbox.fault({ operation: '*', effect: { kind: 'drop' } });
  await here.engine.dispatcher.dispatchDue();
  const worker = here.engine.startWorker();
  await until(
    () => worker.circuit,
    ({ kind }) => kind === 'open',
  );
  const began = performance.now();

  await worker.close(10_000);

  expect(performance.now() - began).toBeLessThan(8_000);
});

/** Nothing is in hand, and nothing has changed between two looks. */
async function untilAtRest(here: Installation, run: RunId): Promise<void> {
  for (let seen = ''; ; ) {
    const all = await here.operations(run);
    const now = JSON.stringify([
      here.sandbox.requests.create,
      all.map(({ state, attempts }) => [state, attempts]),
    ]);
    if (now === seen && all.every(({ state }) => state === 'queued')) return;
    seen = now;
    await new Promise((later) => setTimeout(later, 700));
  }
}

const failure = (answer: ProfileApiAnswer) => new ProfileApiError({ answer, message: 'It did not work.' });
const seen = { status: undefined, sentence: undefined, retryAfterMs: undefined };
const down = () => failure({ kind: 'retry-later', reason: 'unreachable', ...seen });

describe('the circuit', () => {
  const started = (probe: () => Promise<unknown> = async () => undefined, places = 1) => {
    const events: string[] = [];
    const log = pino(
      new Writable({
        write: (line, _, next) => {
          events.push(JSON.parse(String(line)).event);
          next();
        },
      }),
    );
    const told: string[] = [];
    const letIn: number[] = [];
    const circuit = startCircuit({
      probe,
      onOpen: () => told.push('open'),
      onClose: () => told.push('close'),
      places,
      onPlaces: (now) => letIn.push(now),
      log,
    });
    return { circuit, events, told, letIn };
  };
  const fail = async (circuit: Circuit, error: () => Error, times: number): Promise<readonly unknown[]> => {
    const failures: unknown[] = [];
    for (let turn = 0; turn < times; turn += 1)
      await circuit
        .watch(async () => {
          throw error();
        })
        .catch((failed: unknown) => failures.push(failed));
    return failures;
  };

  test.each([
    ['unreachable', down],
    ['bad certificates', () => failure({ kind: 'retry-later', reason: 'certificate', ...seen })],
    ['5xx to a read', () => failure({ kind: 'retry-later', reason: 'server-error', ...seen })],
    ['5xx to a write', () => failure({ kind: 'unknown-outcome', reason: 'server-error', ...seen })],
    ['time-outs', () => failure({ kind: 'unknown-outcome', reason: 'timeout', ...seen })],
    ['web pages', () => failure({ kind: 'not-understood', mayHaveHappened: false, ...seen })],
  ])('opens after five in a row: %s', async (_, error) => {
    const { circuit, told } = started();

    await fail(circuit, error, 4);
    expect(circuit.status.kind).toBe('closed');
    await fail(circuit, error, 1);

    expect(circuit.status).toMatchObject({ kind: 'open', reason: 'It did not work.' });
    expect(told).toEqual(['open']);
    circuit.stop();
  });

  test.each([
    ['too many requests', () => failure({ kind: 'retry-later', reason: 'rate-limited', ...seen })],
    ['bad records', () => failure({ kind: 'bad-record', ...seen })],
    ['missing profiles', () => failure({ kind: 'not-found', ...seen })],
    ['a refused key', () => failure({ kind: 'refused', ...seen })],
    ['faults of our own', () => new TypeError('oops')],
  ])('stays closed whatever number there is: %s', async (_, error) => {
    const { circuit } = started();

    expect(await fail(circuit, error, 20)).toHaveLength(20);

    expect(circuit.status).toEqual({ kind: 'closed' });
  });

  test('begins to count again after any answer', async () => {
    const { circuit } = started();

    for (let turn = 0; turn < 5; turn += 1) {
      await fail(circuit, down, 4);
      if (turn % 2 === 0) await circuit.watch(async () => 'an answer');
      else await fail(circuit, () => failure({ kind: 'not-found', ...seen }), 1);
    }

    expect(circuit.status.kind).toBe('closed');
  });

  test('counts the failures that opened it, and spares those after it', async () => {
    const { circuit } = started();

    const opening = await fail(circuit, down, 5);
    const after = await fail(circuit, down, 3);

    expect(opening.map(circuit.isSpared)).toEqual(Array(5).fill(false));
    expect(after.map(circuit.isSpared)).toEqual(Array(3).fill(true));
    circuit.stop();
  });

  test('asks again after growing rests, and closes at the first answer', async () => {
    let probes = 0;
    const { circuit, events, told } = started(async () => {
      probes += 1;
      if (probes < 3) throw down();
      if (probes === 3) throw failure({ kind: 'refused', ...seen });
    });

    await fail(circuit, down, 5);
    await expect.poll(() => circuit.status.kind, { timeout: 20_000 }).toBe('closed');

    expect(probes).toBe(3);
    expect(told).toEqual(['open', 'close']);
    const round = ['circuit.opened', 'circuit.half-open'];
    expect(events).toEqual([...round, ...round, ...round, 'circuit.closed']);
  });

  test('lets a few in at first, and twice as many each time they get their answers', async () => {
    const { circuit, events, letIn } = started(undefined, 6);
    const answer = async (times: number): Promise<void> => {
      for (let turn = 0; turn < times; turn += 1) await circuit.watch(async () => 'an answer');
    };
    await fail(circuit, down, 5);
    await expect.poll(() => circuit.status.kind, { timeout: 20_000 }).toBe('warming-up');

    await answer(1);
    expect(letIn).toEqual([1]);
    await answer(1);
    await fail(circuit, () => failure({ kind: 'bad-record', ...seen }), 4);
    expect(letIn).toEqual([1, 2, 4]);
    expect(circuit.status).toMatchObject({ kind: 'warming-up', places: 4 });

    // One that gets none starts it from the beginning.
    await fail(circuit, down, 1);
    await answer(2 + 4 + 8);

    expect(letIn).toEqual([1, 2, 4, 1, 2, 4, 6]);
    expect(circuit.status).toEqual({ kind: 'closed' });
    expect(events.at(-1)).toBe('circuit.warm');
  });
});

test('an API that is back gets a few operations at a time at first, then all that it may have', async () => {
  await using here = await install({ people: 60, api: { concurrency: '8' }, sandbox: { latencyMs: 25 } });
  const run = await here.release();
  here.sandbox.fault({ operation: '*', effect: { kind: 'drop' } });
  await here.engine.dispatcher.dispatchDue();
  here.engine.dispatcher.start();
  const worker = here.engine.startWorker();
  try {
    await until(
      () => worker.circuit,
      ({ kind }) => kind === 'open',
    );
    await untilAtRest(here, run);
    here.sandbox.clearFaults();
    const atOnce: number[] = [];
    const running = async () =>
      (await here.operations(run)).filter(({ state }) => state === 'running').length;
    await until(
      async () => {
        const places = worker.circuit.kind === 'warming-up' ? worker.circuit.places : 8;
        const now = await running();
        if (worker.circuit.kind === 'warming-up' && worker.circuit.places === places)
          atOnce.push(now - places);
        return worker.circuit.kind;
      },
      (kind) => kind === 'closed',
    );

    expect(Math.max(...atOnce)).toBeLessThanOrEqual(0);
    await until(running, (count) => count > 4);
    await until(
      () => here.operations(run),
      (all) => all.every(({ state }) => state === 'done'),
    );
    expect(here.effects()).toHaveLength(60);
  } finally {
    await here.engine.dispatcher.close();
    await worker.close(5_000);
  }
});
