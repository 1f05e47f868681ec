/** More operations are in hand than there may be requests; of those without an effect yet there are no more than may be wanted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openHands } from '../../src/execute/hands.ts';

/** Operations that have their effect, and end, when told to. */
function stage(concurrency: number) {
  const hands = openHands(concurrency);
  const begun: string[] = [];
  const effects = new Map<string, () => void>();
  const ends = new Map<string, () => void>();
  const take = (kind: string, name: string) =>
    void hands.take(kind, (onAnswered) => {
      begun.push(name);
      effects.set(name, onAnswered);
      return new Promise<void>((end) => void ends.set(name, end));
    });
  const tell = async (whom: Map<string, () => void>, name: string) => {
    whom.get(name)?.();
    await sleep(0);
  };
  return { hands, begun, take, haveEffect: tell.bind(0, effects), end: tell.bind(0, ends) };
}

test('whoever has had their effect makes room for the next, and stays in hand', async () => {
  const { hands, begun, take, haveEffect } = stage(2);
  for (const name of ['a', 'b', 'c']) take('create', name);
  await sleep(0);
  expect(begun).toEqual(['a', 'b']);
  expect(hands.toBeAnswered).toBe(2);

  await haveEffect('a');

  expect(begun).toEqual(['a', 'b', 'c']);
  expect(hands.toBeAnswered).toBe(2);
});

test('an invitation makes room when it has ended, not before', async () => {
  const { begun, take, haveEffect, end } = stage(2);
  for (const name of ['a', 'b', 'c']) take('invite', name);
  await sleep(0);

  await haveEffect('a');
  expect(begun).toEqual(['a', 'b']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('a leaver has a hand of their own, however many are in hand', async () => {
  const { begun, take, haveEffect } = stage(1);
  for (let index = 0; index < 40; index += 1) take('create', `joiner ${index}`);
  await sleep(0);
  for (let index = 0; index < 40; index += 1) await haveEffect(`joiner ${index}`);
  expect(begun).toHaveLength(32);

  take('deactivate', 'leaver');
  await sleep(0);

  expect(begun.at(-1)).toBe('leaver');
});

test('while it is felt out whether the API copes, no more are in hand than there may be requests', async () => {
  const { hands, begun, take, haveEffect, end } = stage(4);
  hands.feel(1);
  for (const name of ['a', 'b', 'c']) take('create', name);
  await sleep(0);

  await haveEffect('a');
  expect(begun).toEqual(['a']);
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  hands.feel(4);
  await sleep(0);
  expect(begun).toEqual(['a', 'b', 'c']);
});
