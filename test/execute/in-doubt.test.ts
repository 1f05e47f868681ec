/** What a worker that dies leaves in doubt: of mails, which nobody can look up, no more than may be under way. */
import { expect, test } from 'vitest';
import { type AttemptContext, attempt } from '../../src/execute/attempt.ts';
import type { EffectApi, OrgAccess } from '../../src/execute/watched-api.ts';
import type { Operation } from '../../src/store/operations/operations.ts';
import { until } from '../e2e/stage.ts';
import { install } from '../engine/installation.ts';

const concurrency = 3;

test('many invitations: no more are in hand than there may be requests', async () => {
  await using here = await install({
    people: 400,
    config: { lifecycle: '{ onboard: invite, invite: { role: User } }' },
    api: { concurrency: String(concurrency) },
  });
  const { engine, sandbox } = here;
  sandbox.fault({ operation: 'invite', effect: { kind: 'delay', ms: 60 } });
  const run = await here.release();
  await engine.dispatcher.dispatchDue();
  const worker = engine.startWorker();
  try {
    const running: number[] = [];
    await until(
      async () => {
        const all = await here.operations(run);
        running.push(all.filter(({ state }) => state === 'running').length);
        return sandbox.requests.invite;
      },
      (invitations) => invitations >= 60,
    );

    expect(Math.max(...running)).toBe(concurrency);
  } finally {
    await worker.close(0);
  }
});

const edit = {
  kind: 'edit',
  id: 'run.1',
  profile_id: 'p1',
  email: 'ann@example.com',
  intent_at: null,
  before: { title: 'Mate' },
  after: { title: 'Captain' },
  desired: { title: 'Captain' },
} as unknown as Operation;

/** An attempt on a profile that is as planned; what it does is told. */
function attemptWith(told: string[], act: OrgAccess['act']): Promise<unknown> {
  const profile = { profileId: 'p1', userId: 'u1', isActive: true, attributes: { title: 'Mate' } };
  const context = {
    access: { api: { get: async () => profile }, act },
    ownProfile: async () => 'p0',
    noteIntent: async () => void told.push('intent stored'),
    onAnswered: () => void told.push('answered'),
    isSpared: () => false,
    signal: new AbortController().signal,
    timeoutMs: 1_000,
  } as unknown as AttemptContext;
  return attempt(edit, undefined, context);
}

test('an intent is stored when its request may go out, and not while it waits for others', async () => {
  const told: string[] = [];
  const place = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const org = { edit: async () => void told.push('sent') } as unknown as EffectApi;
  const ended = attemptWith(told, async (request) => {
    asked.resolve();
    await place.promise;
    told.push('place');
    return await request(org);
  });
  await asked.promise;
  expect(told).toEqual([]);
  place.resolve();
  await ended;

  expect(told.slice(0, 4)).toEqual(['place', 'intent stored', 'sent', 'answered']);
});

test('whoever was cut off before their turn has not been sent', async () => {
  const told: string[] = [];

  const ended = await attemptWith(told, () => Promise.reject(new Error('Rollcall is stopping.')));

  expect(told).toEqual([]);
  expect(ended).toMatchObject({ mayHaveHappened: false });
});
