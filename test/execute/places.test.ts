import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openPlaces } from '../../src/execute/places.ts';

/** Work that notes when it begins, and ends when told to. */
function stage() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((end) => void ends.set(name, end));
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await sleep(0);
  };
  return { begun, work, end };
}

test('no more than so many at a time, in the order in which they came; the urgent before all, with a place of their own', async () => {
  const { begun, work, end } = stage();
  const places = openPlaces(2, 1);

  for (const name of ['a', 'b', 'c', 'd']) void places.use(work(name));
  for (const name of ['leaver', 'second leaver']) void places.use(work(name), 'urgent');
  await sleep(0);

  expect(begun).toEqual(['a', 'b', 'leaver']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'leaver', 'second leaver']);
  await end('b');
  expect(begun).toHaveLength(4);
  await end('leaver');
  expect(begun.slice(4)).toEqual(['c']);
});

test('fewer places from now on: what is under way goes on, and nobody follows it until there is one', async () => {
  const { begun, work, end } = stage();
  const places = openPlaces(2);
  for (const name of ['a', 'b', 'c']) void places.use(work(name));
  await sleep(0);

  places.setMost(1);
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  void places.use(work('d'));
  places.setMost(2);
  await sleep(0);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('work that leaves its place before it ends makes room for one other, and none when it ends', async () => {
  const { begun, work, end } = stage();
  const places = openPlaces(1);
  let leave = () => {};
  void places.use((leaveNow) => {
    leave = leaveNow;
    return work('a')();
  });
  for (const name of ['b', 'c', 'd']) void places.use(work(name));
  await sleep(0);
  expect(begun).toEqual(['a']);

  leave();
  leave();
  await sleep(0);
  expect(begun).toEqual(['a', 'b']);
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('work that fails gives its place back', async () => {
  const places = openPlaces(1);

  await expect(places.use(() => Promise.reject(new Error('It broke.')))).rejects.toThrow('It broke.');

  expect(await places.use(async () => 'next')).toBe('next');
});
