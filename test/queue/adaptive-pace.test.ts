/** The rate as the server takes it: lower where it complains, back step by step, the same for all processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type QueueBackend, sharedPace } from '../../src/queue/index.ts';
import type { SlotLimit } from '../../src/queue/slot-book.ts';
import { failOnError } from '../store/stores.ts';
import { combinations, newBackend, type TestBackend } from './backends.ts';

const hour = 3_600_000;

describe.each(combinations)('on %s', (combination) => {
  let opened: TestBackend;
  let another: QueueBackend;
  let names = 0;
  beforeAll(async () => {
    opened = await newBackend(combination);
    another = await opened.another();
  });
  afterAll(() => opened.end());

  const newName = (): string => {
    names += 1;
    return `api-${names}`;
  };
  const paceOf = (backend: QueueBackend, name: string, limit: SlotLimit, lowered: number[] = []) =>
    sharedPace(backend.slots, name, limit, {
      onError: failOnError,
      onLowered: (max) => lowered.push(max),
    });
  /** How many may go out at once, by a book that nobody has used yet. */
  const atOnce = async (backend: QueueBackend, name: string, limit: SlotLimit): Promise<number> => {
    for (let count = 0; ; count += 1) if ((await backend.slots.reserve(name, limit)) > 0) return count;
  };

  test('too many requests for the server halve the rate of all processes', async () => {
    const name = newName();
    const limit = { max: 16, perMs: hour };

    expect(await opened.backend.slots.lower(name, limit)).toBe(8);

    expect(await atOnce(another, name, limit)).toBe(8);
  });

  test('many complaints at a time, from whichever process, count as one', async () => {
    const name = newName();
    const limit = { max: 16, perMs: hour };
    const lowered: number[] = [];
    const paces = [paceOf(opened.backend, name, limit, lowered), paceOf(another, name, limit, lowered)];

    for (let turn = 0; turn < 10; turn += 1) paces[turn % 2]?.tooMany(undefined);
    await expect.poll(() => lowered.length).toBeGreaterThan(0);

    expect(await atOnce(opened.backend, name, limit)).toBe(8);
    expect(lowered).toEqual([8]);
  });

  test('complaints that go on lower it further, but one request a window is always let out', async () => {
    const name = newName();
    const rates: (number | undefined)[] = [];

    await expect
      .poll(async () => rates.push(await opened.backend.slots.lower(name, { max: 4, perMs: 100 })) && rates)
      .toContain(1);
    await sleep(110);
    rates.push(await another.slots.lower(name, { max: 4, perMs: 100 }));

    expect(rates.filter((rate) => rate !== undefined).at(0)).toBe(2);
    expect(rates.at(-1)).toBe(1);
    expect(await atOnce(another, name, { max: 4, perMs: hour })).toBe(1);
  });

  test('it comes back step by step while nobody complains', async () => {
    const soon = { name: newName(), limit: { max: 40, perMs: 400 } };
    const late = { name: newName(), limit: { max: 40, perMs: 100 } };
    for (const { name, limit } of [soon, late])
      expect(await opened.backend.slots.lower(name, limit)).toBe(20);

    // A twentieth with each window: at least 22 of 40 after one, all after ten; halved again.
    await sleep(420);
    const afterOne = await another.slots.lower(soon.name, soon.limit);
    await sleep(700);
    const afterTen = await another.slots.lower(late.name, late.limit);

    expect(afterOne).toBeGreaterThanOrEqual(11);
    expect(afterOne).toBeLessThan(20);
    expect(afterTen).toBe(20);
  });

  test('one complaint that names a time is a pause; another one after it lowers the rate', async () => {
    const name = newName();
    const limit = { max: 16, perMs: 10_000 };
    const lowered: number[] = [];
    const pace = paceOf(opened.backend, name, limit, lowered);
    const complain = () => {
      pace.tooMany(50);
      pace.slowDown(50);
    };

    complain();
    complain();
    await pace.take();
    expect(lowered).toEqual([]);

    complain();
    await expect.poll(() => lowered).toEqual([8]);
  });

  test('who is urgent has the next slot, whoever waited before', async () => {
    const pace = paceOf(opened.backend, newName(), { max: 10, perMs: 500 });
    const order: string[] = [];
    const take = async (who: string, lane = pace) => {
      await lane.take();
      order.push(who);
    };
    const normal = Array.from({ length: 40 }, (_, turn) => take(`normal ${turn}`));
    await expect.poll(() => order.length).toBeGreaterThanOrEqual(12);
    const before = order.length;

    await take('urgent', { ...pace, take: pace.urgent.take });
    const place = order.indexOf('urgent');
    await Promise.all(normal);

    expect(place - before).toBeLessThanOrEqual(4);
    expect(order.filter((who) => who !== 'urgent')).toEqual(
      Array.from({ length: 40 }, (_, turn) => `normal ${turn}`),
    );
  });

  test('who gives up leaves their slot to the others', async () => {
    const pace = paceOf(opened.backend, newName(), { max: 1, perMs: 400 });
    await pace.take();
    const abort = new AbortController();
    const givenUp = pace.take(abort.signal);
    const start = performance.now();
    const patient = pace.take();

    abort.abort(new Error('enough'));

    await expect(givenUp).rejects.toThrow('enough');
    await patient;
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
