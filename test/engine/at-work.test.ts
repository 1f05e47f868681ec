/** Commands that find, or only believe to find, a service that does the work for them. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/engine/index.ts';
import { haltUnder, isServed, leftAlone } from '../../src/engine/progress/at-work.ts';
import type { RunProgress } from '../../src/engine/progress/wait-for-run.ts';
import type { Store } from '../../src/store/index.ts';
import { runOf } from '../../src/store/runs/runs.ts';
import { announce } from '../../src/store/service/services.ts';
import { install } from './installation.ts';

const killed = { id: 'killed', roles: ['scheduler', 'worker'], host: 'elsewhere', pid: 1 } as const;
const announceIn = (store: Store) => announce(store.db, { ...killed, circuit: undefined });

test('who has taken over the embedded store of a killed service waits for nobody', async () => {
  await using here = await install({ combination: 'embedded', people: 2 });
  await announceIn(here.engine.store);

  const end = await here.sync();

  expect(end.counts).toEqual(new Map([['done', 2]]));
});

test('a client of an embedded store is served by the owner', async () => {
  await using here = await install({ combination: 'embedded', people: 2 });
  const client = await here.another();
  await announceIn(client.store);

  expect(await isServed(client.store, 'worker')).toBe(true);
  expect(await isServed(here.engine.store, 'worker')).toBe(false);
});

test('a service that falls silent is not waited for without end', async () => {
  await using here = await install({ people: 2 });
  const { store } = here.engine;
  await announceIn(store);
  const run = await runOf(store.db, await here.release());
  if (run === undefined) throw new Error('The run is not in the store.');
  const givesUp = leftAlone((role) => isServed(store, role), 0);
  const progress = { run, counts: new Map(), inFile: 0 };

  expect(await givesUp(progress)).toBeUndefined();
  await store.db.updateTable('services').set({ seen_at: sql`now() - interval '1 minute'` }).execute();
  await new Promise((next) => setTimeout(next, 10));

  expect((await givesUp(progress))?.sentence).toContain('start the service and it goes on');
});

test('a run that nobody has begun is waited for as long as there is a scheduler, not a worker alone', async () => {
  await using here = await install({ people: 2 });
  const { store } = here.engine;
  await announce(store.db, { ...killed, roles: ['worker'], circuit: undefined });
  const run = await runOf(store.db, await here.request('apply'));
  if (run === undefined) throw new Error('The run is not in the store.');
  const givesUp = leftAlone((role) => isServed(store, role), 0);
  const progress = { run, counts: new Map(), inFile: 0 };

  expect((await givesUp(progress))?.sentence).toContain('start the service');
  await announce(store.db, { ...killed, id: 'other', circuit: undefined });
  expect(await givesUp(progress)).toBeUndefined();
});

// Four times a second, for as long as somebody waits: of 100,000 operations that is most of what the store has to do.
test('nothing is counted while a run was seen to be under way', async () => {
  const store = new Proxy({} as Store, {
    get: (_, name) => {
      throw new Error(`Somebody asked for ${String(name)} of the store.`);
    },
  });
  const config = { maintenance: [] } as unknown as Engine['config'];
  const run = { state: 'executing' } as RunProgress['run'];
  const givesUp = haltUnder({ store, config }, async () => true);

  expect(await givesUp({ run, counts: new Map([['running', 1]]), inFile: 0 })).toBeUndefined();
  await expect(givesUp({ run, counts: new Map([['queued', 1]]), inFile: 0 })).rejects.toThrow('asked for db');
});
