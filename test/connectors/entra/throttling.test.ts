/** Graph's limits: waits that are obeyed, by everybody who is after the same tenant, and an end to patience. */
import { describe, expect, test } from 'vitest';
import { createPace } from '../../../connectors/entra/graph/pace.ts';
import { retryAfterMs } from '../../../connectors/entra/graph/retry-after.ts';
import { emulatedTenant, readAll } from './tenant.ts';

const throttled = (headers: Record<string, string>, status = 429) =>
  ({
    kind: 'answer',
    status,
    headers,
    body: { error: { code: 'TooManyRequests', message: 'Slow down.' } },
  }) as const;

describe('who is throttled', () => {
  test.each([429, 503])('waits as long as a %i asks for, and goes on', async (status) => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser();
    tenant.faults.add({ on: /GET \/users\/delta/, misfortune: throttled({ 'Retry-After': '1' }, status) });
    const began = Date.now();

    const { end } = await readAll(tenant.connect());

    expect(end.completeness.kind).toBe('complete');
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
  });

  test('waits without being told how long, and goes on', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser();
    tenant.faults.add({ on: /GET \/users\/delta/, misfortune: throttled({}), times: 2 });

    expect((await readAll(tenant.connect())).end.completeness.kind).toBe('complete');
  });

  test('reads the header of a web page too, which a proxy may send', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser();
    tenant.faults.add({
      on: /GET \/users\/delta/,
      misfortune: { kind: 'html', status: 503, headers: { 'Retry-After': '1' } },
    });
    const began = Date.now();

    await readAll(tenant.connect());

    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
  });

  test('gives up at once where the wait is longer than patience, and says so', async () => {
    await using tenant = await emulatedTenant();
    tenant.faults.add({
      on: /GET \/users\/delta/,
      misfortune: throttled({ 'Retry-After': '3600' }),
      times: 9,
    });

    await expect(readAll(tenant.connect())).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/429 TooManyRequests.*throttled/s),
    });
    expect(tenant.requests.filter((line) => line.includes('/users/delta'))).toHaveLength(1);
  });

  test('holds back the other sources of the same tenant', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser();
    tenant.faults.add({ on: /GET \/users\/delta/, misfortune: throttled({ 'Retry-After': '1' }) });
    const first = readAll(tenant.connect());
    await expect.poll(() => tenant.requests.some((line) => line.includes('/users/delta'))).toBe(true);
    await new Promise((done) => setTimeout(done, 100));
    const began = Date.now();

    await readAll(tenant.connect({ id: 'other' }));

    expect(Date.now() - began).toBeGreaterThanOrEqual(700);
    await first;
  });
});

describe('the pace', () => {
  const signal = new AbortController().signal;

  test('lets eight requests be under way at once', async () => {
    const pace = createPace();
    const held = await Promise.all(Array.from({ length: 8 }, () => pace.take(signal)));
    let isNinthOut = false;
    const ninth = pace.take(signal).then((release) => {
      isNinthOut = true;
      return release;
    });
    await new Promise((done) => setTimeout(done, 30));
    expect(isNinthOut).toBe(false);

    held[0]?.();
    (await ninth)();
    expect(isNinthOut).toBe(true);
  });

  test('slows down from four fifths of the limit on', async () => {
    const pace = createPace();
    pace.heed(0.7);
    const began = Date.now();
    (await pace.take(signal))();
    expect(Date.now() - began).toBeLessThan(50);

    pace.heed(0.85);
    (await pace.take(signal))();
    expect(Date.now() - began).toBeGreaterThanOrEqual(450);
  });

  test('slows a reading down as Graph’s header says how much of the limit is used up', async () => {
    await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 1 } });
    tenant.directory.addUser();
    tenant.directory.addUser();
    tenant.faults.add({
      on: /GET \/users\/delta/,
      misfortune: { kind: 'headers', headers: { 'x-ms-throttle-limit-percentage': '0.9' } },
    });
    const began = Date.now();

    await readAll(tenant.connect());

    expect(Date.now() - began).toBeGreaterThanOrEqual(950);
  });

  test('keeps nobody who is stopped while waiting, nor their place', async () => {
    const pace = createPace();
    const stopping = new AbortController();
    pace.pause(60_000);
    const waiting = Array.from({ length: 12 }, () => pace.take(stopping.signal));
    stopping.abort(new Error('Stopped.'));

    const ends = await Promise.allSettled(waiting);

    expect(ends.every((end) => end.status === 'rejected' && end.reason.message === 'Stopped.')).toBe(true);
  });
});

describe('the time to wait', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  const asked = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now);

  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'Sun, 01 Mar 2026 13:00:10 GMT', date: 'Sun, 01 Mar 2026 13:00:00 GMT' }, 10_000],
    [{ 'x-ms-retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('by %j is %s', (headers, expected) => {
    expect(asked(headers as Record<string, string>)).toBe(expected);
  });
});
