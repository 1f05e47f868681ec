/** A look waits for those who can still join it, and for nobody else. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openLooks } from '../../src/execute/looks.ts';
import { openPlaces } from '../../src/execute/places.ts';
import type { ProfileApi, UserId } from '../../src/profile-api/index.ts';

const anHour = 3_600_000;

/** Looks that find everybody, with so many in hand who have not had their effect yet. */
function stage(toBeAnswered: number, concurrency = 1) {
  const looks: number[] = [];
  const hands = { toBeAnswered };
  const requests = openPlaces(concurrency);
  const api = {
    findNewest: async (wanted: readonly unknown[]) => {
      looks.push(wanted.length);
      return wanted.map((one) => one);
    },
  } as unknown as ProfileApi;
  const lookup = openLooks({
    ...{ api, circuit: { watch: (request) => request() }, requests, hands },
    ...{ signal: new AbortController().signal, longestMs: anHour },
  });
  const created = (user: number) => lookup.newest({ userId: user as UserId & number });
  return { looks, hands, requests, lookup, created };
}

test('it is for everybody who is answered until nobody in hand can join it', async () => {
  const { looks, hands, created } = stage(3);
  const found = [created(1)];
  await sleep(20);
  found.push(created(2));
  await sleep(20);
  expect(looks).toEqual([]);

  hands.toBeAnswered = 0;
  await Promise.all([...found, created(3)]);

  expect(looks).toEqual([3]);
});

test('it is for 64 at once, whoever may still come', async () => {
  const { looks, created } = stage(3);

  await Promise.all(Array.from({ length: 64 }, (_, index) => created(index)));

  expect(looks).toEqual([64]);
});

test('whoever is answered while a look waits for its request is part of it', async () => {
  const { looks, requests, created } = stage(0);
  const others = Promise.withResolvers<void>();
  void requests.use(() => others.promise);
  const first = created(1);
  await sleep(20);
  const second = created(2);
  others.resolve();
  await Promise.all([first, second]);

  expect(looks).toEqual([2]);
});

// Each of them has its effect after the look: whoever waits for them waits for themselves.
test('those who look before their effect wait for nobody who does so too', async () => {
  const { looks, lookup } = stage(3);

  await Promise.all(['a', 'b', 'c'].map((name) => lookup.byEmail(`${name}@example.org`)));

  expect(looks).toEqual([3]);
});

test('nobody waits for ever', async () => {
  const { looks, hands, requests } = stage(3);
  const findNewest = async () => {
    looks.push(1);
    return [undefined];
  };
  const api = { findNewest } as unknown as ProfileApi;
  const lookup = openLooks({
    ...{ api, circuit: { watch: (request) => request() }, requests, hands },
    ...{ signal: new AbortController().signal, longestMs: 30 },
  });

  await lookup.newest({ email: 'ann@example.org' });

  expect(looks).toEqual([1]);
});
