/** Creations that were answered at about the same time are looked for together: fewer requests, and nobody mistaken. */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orgLookup } from '../../src/execute/org-lookup.ts';
import { type FaultRequest, startSandbox } from '../../src/sandbox/index.ts';
import { linksOf } from '../../src/store/people/links.ts';
import { until } from '../e2e/stage.ts';
import { type Installation, install, people } from '../engine/installation.ts';
import { client } from '../profile-api/test-server.ts';

/** Carries out a plan, and counts what came of it to the API. */
async function requestsOf(here: Installation, plan: Awaited<ReturnType<Installation['release']>>) {
  const before = here.sandbox.requests;
  const end = await here.carryOut(plan);
  const after = here.sandbox.requests;
  return { end, looks: after.list - before.list, creations: after.create - before.create };
}

/** Everybody has one account, which is theirs, and the next run finds nothing to do. */
async function expectEachOnce(here: Installation): Promise<void> {
  expect(here.effects().sort()).toEqual(here.people.map(({ mail }) => `created ${mail}`).sort());
  const links = await linksOf(here.engine.store.db, people);
  expect(links.map(({ email, profileId }) => [email, profileId]).sort()).toEqual(
    here.people.map(({ mail }) => [mail, here.sandbox.find(mail)?.profile.profile_id]).sort(),
  );
  expect((await here.sync()).counts).toEqual(new Map());
}

test('one creation takes two requests', async () => {
  await using here = await install({ people: 1 });

  const { looks, creations } = await requestsOf(here, await here.release());

  expect({ looks, creations }).toEqual({ looks: 1, creations: 1 });
});

// A look waits for whoever is in hand and can still join it.
test.each([
  { what: 'an API that takes its time', api: { concurrency: '8' }, sandbox: { latencyMs: 20 }, atMost: 10 },
  {
    what: 'few requests at a time and a limit',
    api: { concurrency: '2', rateLimit: '{ max: 50, per: 1s }' },
    sandbox: {},
    atMost: 30,
  },
])('80 creations take one request each, and a look is for several of them: $what', async (given) => {
  await using here = await install({ people: 80, ...given });

  const { end, looks, creations } = await requestsOf(here, await here.release());

  expect(end.counts).toEqual(new Map([['done', 80]]));
  expect(creations).toBe(80);
  expect(looks).toBeLessThanOrEqual(given.atMost);
  await expectEachOnce(here);
});

describe('a shared look that goes wrong makes nobody twice, where', () => {
  const effects: readonly FaultRequest['effect'][] = [
    { kind: 'status', status: 500 },
    { kind: 'drop' },
    { kind: 'html' },
    { kind: 'wrong-json' },
    { kind: 'delay', ms: 900 },
    { kind: 'status', status: 429, retryAfterSeconds: 0 },
  ];

  test.each(effects)('$kind $status', async (effect) => {
    await using here = await install({
      people: 24,
      api: { timeout: '300ms' },
      config: { retry: '{ attempts: 8, backoff: 20ms, maxBackoff: 100ms }' },
      sandbox: { latencyMs: 10 },
    });
    const plan = await here.release();
    here.sandbox.fault({ operation: 'list', times: 2, effect });

    const { end, creations } = await requestsOf(here, plan);

    expect(end.counts).toEqual(new Map([['done', 24]]));
    expect(creations).toBe(24);
    await expectEachOnce(here);
  });
});

test('each of those in a look that failed is told that it was carried out', async () => {
  await using here = await install({
    people: 8,
    sandbox: { latencyMs: 20 },
    config: { retry: '{ attempts: 1, backoff: 20ms, maxBackoff: 100ms }' },
  });
  const plan = await here.release();
  const fault = here.sandbox.fault({ operation: 'list', effect: { kind: 'status', status: 400 } });

  await here.carryOut(plan);

  const failed = await here.operations(plan);
  expect(failed.map(({ state }) => state)).toEqual(failed.map(() => 'failed'));
  for (const { message } of failed)
    expect(message).toContain('It was carried out, but could not be verified.');
  expect(fault.fired).toBeLessThan(8);
  expect(here.effects()).toHaveLength(8);
});

test('a worker that is stopped while it looks leaves nobody with two accounts', async () => {
  await using here = await install({ people: 8, sandbox: { latencyMs: 5 } });
  const plan = await here.release();
  const fault = here.sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: 1_500 } });
  await here.engine.dispatcher.dispatchDue();
  const worker = here.engine.startWorker();
  await until(
    () => here.sandbox.effects.length + fault.fired,
    (count) => count >= 9,
  );
  await worker.close(10);
  here.sandbox.clearFaults();

  const end = await here.carryOut(plan);

  expect(end.counts).toEqual(new Map([['done', 8]]));
  await expectEachOnce(here);
});

test('whoever asks for somebody after they were made is answered by a look that began later', async () => {
  const moments = fc.array(fc.nat(12), { minLength: 1, maxLength: 40, size: 'max' });
  await fc.assert(
    fc.asyncProperty(moments, fc.nat(6), async (delays, latencyMs) => {
      const sandbox = await startSandbox({ latencyMs });
      try {
        const api = client(sandbox.url, { apiKey: sandbox.apiKey, pageSize: 500 });
        const lookup = orgLookup(api, new AbortController().signal);

        const found = await Promise.all(
          delays.map(async (ms, index) => {
            await sleep(ms);
            const email = `person${index}@example.org`;
            const { userId } = await api.create({ email, username: email, name: email });
            return await lookup.newest(index % 2 === 0 ? { userId } : { email });
          }),
        );

        expect(found.map((one) => one?.email)).toEqual(
          delays.map((_, index) => `person${index}@example.org`),
        );
        expect(sandbox.requests.list).toBeLessThanOrEqual(delays.length);
      } finally {
        await sandbox.close();
      }
    }),
    { numRuns: 12 },
  );
});

test('a look that is broken off is so for all who wait for it', async () => {
  const sandbox = await startSandbox();
  try {
    const api = client(sandbox.url, { apiKey: sandbox.apiKey });
    const stopping = new AbortController();
    const lookup = orgLookup(api, stopping.signal);
    sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: 2_000 } });

    const asked = ['a', 'b', 'c'].map((name) => lookup.newest({ email: `${name}@example.org` }));
    await sleep(50);
    stopping.abort(new Error('Rollcall is stopping.'));

    expect(await Promise.allSettled(asked)).toMatchObject(
      asked.map(() => ({ status: 'rejected', reason: { message: 'Rollcall is stopping.' } })),
    );
    expect(sandbox.requests.list).toBe(1);
  } finally {
    await sandbox.close();
  }
});
