/** A source that tells by itself that something has changed: an Entra tenant, its notices, and a service with a hook. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setDefaultCACertificates } from 'node:tls';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { openWatches, startService, statusOf } from '../../src/engine/index.ts';
import { startServer } from '../../src/server/server.ts';
import { until } from '../e2e/stage.ts';
import { startTlsFront } from '../servers/tls-front.ts';
import { installEntra, mailOf } from './entra-installation.ts';
import { people } from './installation.ts';

async function serve(options: { readonly isReachable?: boolean; readonly gapMs?: number } = {}) {
  const front = await startTlsFront();
  const here = await installEntra({
    people: ['Ann', 'Bob'],
    source: `notifications: { url: "${front.url}/hooks/people" }`,
  });
  const { entra } = here;
  setDefaultCACertificates([entra.caFile, front.caFile].map((file) => readFileSync(file, 'utf8')));
  await here.run('full');
  const log: string[] = [];
  const engine = {
    ...here.engine,
    log: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
  };
  const watches = await openWatches(engine, options.gapMs ?? 200);
  const { store, config } = engine;
  const served = { ...engine, config: { ...config, server: { ...config.server, port: 0 } } };
  const server = await startServer(served, { roles: [], watches });
  if (options.isReachable !== false) front.leadTo(server.url);
  const service = await startService(engine, ['scheduler', 'worker'], watches);
  const deltas = async () =>
    await store.db
      .selectFrom('runs')
      .selectAll()
      .where('actor', '=', 'notice')
      .orderBy('requested_at')
      .execute();
  const atRest = async () =>
    (await deltas()).every(({ state }) => state !== 'requested' && state !== 'reading');
  return {
    ...here,
    front,
    hook: `${server.url}/hooks/people`,
    log,
    deltas,
    subscription: () => [...entra.subscriptions.all.values()][0],
    /** Waits until the subscription stands and what it began with is read. */
    async begun() {
      await until(
        () => entra.subscriptions.all.size,
        (size) => size === 1,
      );
      await until(async () => (await deltas()).length > 0 && (await atRest()), Boolean);
    },
    settled: () => until(atRest, Boolean),
    /** Brings the time of the next renewal here, once the last one is noted. */
    async makeDue(change: { readonly kept?: null } = {}) {
      await until(
        () => store.db.selectFrom('watches').select('claimed_until').execute(),
        (rows) => rows.every(({ claimed_until }) => claimed_until === null),
      );
      await store.db
        .updateTable('watches')
        .set({ due_at: new Date(), ...change })
        .execute();
    },
    logged: (event: string) => log.filter((line) => line.includes(`"${event}"`)),
    async [Symbol.asyncDispose]() {
      await service.stop();
      await server.close();
      await watches.close();
      await front.stop();
      await here[Symbol.asyncDispose]();
    },
  };
}

const post = async (url: string, body: unknown): Promise<Response> =>
  await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test('a notice triggers a delta at once, and one about somebody out of scope does no harm', async () => {
  await using here = await serve();
  const { directory, subscriptions } = here.entra;
  await here.begun();
  const before = (await here.deltas()).length;
  const [ann = ''] = [...directory.users.keys()];
  directory.editUser(ann, { accountEnabled: false });

  expect(await subscriptions.notify('users', ann)).toEqual([202]);
  await until(
    () => here.isActive('Ann'),
    (isActive) => isActive === false,
  );

  const guest = directory.addUser({ displayName: 'Guest', userType: 'Guest' });
  expect(await subscriptions.notify('users', guest.id)).toEqual([202]);
  expect(await subscriptions.notify('users', '99999999-9999-4999-8999-999999999999')).toEqual([202]);
  await until(
    async () => (await here.deltas()).length,
    (count) => count >= before + 2,
  );
  await here.settled();
  expect(here.sandbox.find(mailOf('Guest'))).toBeUndefined();
  expect(here.isActive('Bob')).toBe(true);
});

test('a flood of notices makes no more than one delta at a time, and the last of them is not forgotten', async () => {
  await using here = await serve({ gapMs: 2_000 });
  const { directory, subscriptions } = here.entra;
  await here.begun();
  const before = (await here.deltas()).length;
  const [ann = '', bob = ''] = [...directory.users.keys()];

  await Promise.all(Array.from({ length: 60 }, () => subscriptions.notify('users', ann)));
  directory.editUser(bob, { accountEnabled: false });
  await subscriptions.notify('users', bob);

  await until(
    () => here.isActive('Bob'),
    (isActive) => isActive === false,
  );
  await here.settled();
  const runs = (await here.deltas()).slice(before);
  expect(runs.length).toBeLessThanOrEqual(3);
  for (const [index, run] of runs.entries()) {
    const next = runs[index + 1];
    if (next !== undefined)
      expect(next.started_at?.getTime()).toBeGreaterThanOrEqual(run.planned_at?.getTime() ?? 0);
  }
});

test('a subscription is renewed in time; one that Graph has lost is made anew, told of, and what was missed is read', async () => {
  await using here = await serve();
  const { directory, subscriptions } = here.entra;
  await here.begun();
  const first = here.subscription();
  const ends = first?.expirationDateTime;

  await here.makeDue();
  await until(
    () => here.subscription()?.expirationDateTime,
    (now) => now !== ends,
  );
  expect(here.subscription()?.id).toBe(first?.id);
  expect(here.logged('watch.missed')).toEqual([]);

  subscriptions.forgetAll();
  const [ann = ''] = [...directory.users.keys()];
  directory.editUser(ann, { accountEnabled: false });
  await here.makeDue();
  await until(
    () => here.isActive('Ann'),
    (isActive) => isActive === false,
  );
  expect(here.subscription()?.id).not.toBe(first?.id);
  expect(here.logged('watch.missed')[0]).toContain('A new one was made');

  // As after a crash between making and storing: the old one must not go on knocking.
  const second = here.subscription()?.id;
  await here.makeDue({ kept: null });
  await until(
    () => [...subscriptions.all.keys()],
    (ids) => ids.length === 1 && !ids.includes(second ?? ''),
  );
});

test('lifecycle events: asked to, it authorises again; removed, it makes a new one; missed, it reads', async () => {
  await using here = await serve();
  const { directory, subscriptions } = here.entra;
  await here.begun();
  const first = here.subscription();
  const ends = first?.expirationDateTime;

  expect(await subscriptions.tellLifecycle('reauthorizationRequired')).toEqual([202]);
  await until(
    () => here.subscription()?.expirationDateTime,
    (now) => now !== ends,
  );

  const [ann = '', bob = ''] = [...directory.users.keys()];
  directory.editUser(ann, { accountEnabled: false });
  expect(await subscriptions.tellLifecycle('missed')).toEqual([202]);
  await until(
    () => here.isActive('Ann'),
    (isActive) => isActive === false,
  );
  expect(here.logged('watch.missed').at(-1)).toContain('could not deliver');

  directory.editUser(bob, { accountEnabled: false });
  expect(await subscriptions.tellLifecycle('subscriptionRemoved')).toEqual([202]);
  await until(
    () => here.isActive('Bob'),
    (isActive) => isActive === false,
  );
  await until(
    () => here.subscription()?.id,
    (id) => id !== undefined && id !== first?.id,
  );
  expect(here.logged('watch.missed').at(-1)).toContain('has ended the subscription');
});

test('a hook that Graph can not reach is told of with its address, and tried again', async () => {
  await using here = await serve({ isReachable: false });
  const [told] = await until(
    () => here.logged('watch.failed'),
    (lines) => lines.length > 0,
  );
  expect(told).toContain(`${here.front.url}/hooks/people`);
  expect(here.entra.subscriptions.all.size).toBe(0);
  const trouble = async () => (await statusOf(here.engine)).sources[0]?.noticesTrouble;
  expect(await trouble()).toContain(here.front.url);

  here.front.leadTo(new URL(here.hook).origin);
  await here.makeDue();
  await here.begun();
  expect(await trouble()).toBeUndefined();
});

test('a store that is away while notices are arranged ends no process', async () => {
  const front = await startTlsFront();
  await using here = await installEntra({
    people: ['Ann'],
    source: `notifications: { url: "${front.url}/hooks/people" }`,
  });
  const { db } = here.engine.store;
  setDefaultCACertificates([here.entra.caFile, front.caFile].map((file) => readFileSync(file, 'utf8')));
  const log: string[] = [];
  const engine = {
    ...here.engine,
    log: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
  };
  // Graph makes sure of the hook in the middle of the arrangement: from then on nothing can be noted.
  const hook = createServer(async (request, response) => {
    await db.schema.alterTable('watches').renameTo('elsewhere').execute();
    response.end(new URL(request.url ?? '', 'http://hook').searchParams.get('validationToken'));
  });
  await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done));
  front.leadTo(`http://127.0.0.1:${(hook.address() as AddressInfo).port}`);
  const watches = await openWatches(engine);
  try {
    await watches.keep(AbortSignal.timeout(60_000));

    await until(
      () => log.join('\n'),
      (text) => text.includes('"watch.unnoted"'),
    );
  } finally {
    await watches.close();
    hook.close();
    await front.stop();
  }
});

describe('what is no notice of this subscription', () => {
  test('is refused, tells nothing, and changes nothing; the client state is stored nowhere, and a greeting is given back to the letter', async () => {
    await using here = await serve();
    await here.begun();
    const { id, clientState } = here.subscription() ?? {};
    const before = await here.deltas();
    const notice = { subscriptionId: id, clientState, changeType: 'updated', resource: 'users/x' };
    const bad: readonly (readonly [unknown, number])[] = [
      ['', 400],
      ['{', 400],
      [[], 400],
      [{ value: [] }, 400],
      [{ value: [null, 1, 'x', {}] }, 403],
      [{ value: [{ ...notice, clientState: undefined }] }, 403],
      [{ value: [{ ...notice, clientState: 'guessed' }] }, 403],
      [{ value: [{ ...notice, clientState: 'guessed', lifecycleEvent: 'subscriptionRemoved' }] }, 403],
      [{ value: [{ ...notice, subscriptionId: '99999999-9999-4999-8999-999999999999' }] }, 403],
      [{ value: [notice], padding: 'x'.repeat(2 * 1_024 * 1_024) }, 413],
    ];
    for (const [body, status] of bad)
      expect((await post(here.hook, body)).status, JSON.stringify(body).slice(0, 200)).toBe(status);
    expect((await post(here.hook.replace('people', 'others'), { value: [notice] })).status).toBe(404);
    expect((await fetch(here.hook)).status).toBe(404);

    expect(await here.deltas()).toHaveLength(before.length);
    expect(here.subscription()?.id).toBe(id);
    // One that is good among others that are not counts.
    expect((await post(here.hook, { value: [{ ...notice, clientState: 'guessed' }, notice] })).status).toBe(
      202,
    );
    const stored = await here.engine.store.db.selectFrom('watches').selectAll().execute();
    expect(stored).toHaveLength(1);
    expect(JSON.stringify([stored, here.log])).not.toContain(clientState);
    expect(here.log.join('')).not.toContain('guessed');

    const token = 'Validation: <b>"ä+&%20</b>';

    const answer = await fetch(`${here.hook}?validationToken=${encodeURIComponent(token)}`, {
      method: 'POST',
    });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toBe(token);
    const long = await fetch(`${here.hook}?validationToken=${'x'.repeat(5_000)}`, { method: 'POST' });
    expect(long.status).toBe(400);
  });
});

test('a source without notifications has no hook and makes no subscription', async () => {
  await using here = await installEntra({ people: ['Ann'] });
  const watches = await openWatches(here.engine);

  expect(watches.sources).toEqual([]);
  expect(await watches.hear(people, { query: { validationToken: 'x' }, body: '' })).toBeUndefined();
  await watches.close();
});
