/** Whoever waits when the org refuses somebody else a seat, or the key, is not tried; whoever comes later may ask again. */
import { expect, test, vi } from 'vitest';
import { NotTriedError, openRefusals } from '../../src/execute/refusals.ts';
import { ProfileApiError } from '../../src/profile-api/index.ts';
import type { Operation } from '../../src/store/operations/operations.ts';

type Shape = Pick<Operation, 'kind' | 'profile_id' | 'follows'>;

const operation = (shape: Partial<Shape>): Operation =>
  ({ kind: 'create', profile_id: null, follows: null, ...shape }) as Operation;
const full = () =>
  Promise.reject(
    new ProfileApiError({
      answer: { kind: 'licence-full', status: 400, sentence: 'No seat.' },
      message: 'The org has no seat left.',
    }),
  );
/** A request that the org would answer well. */
const request = vi.fn(async () => 'there');

test.each([
  { what: 'a creation', of: {}, isTried: false },
  { what: 'an invitation', of: { kind: 'invite' }, isTried: false },
  { what: 'a reactivation', of: { kind: 'reactivate', profile_id: 'p1' }, isTried: false },
  {
    what: 'an invitation to an account that is there',
    of: { kind: 'invite', profile_id: 'p1' },
    isTried: true,
  },
  { what: 'an edit', of: { kind: 'edit', profile_id: 'p1' }, isTried: true },
  { what: 'a deactivation', of: { kind: 'deactivate', profile_id: 'p1' }, isTried: true },
] as const)('$what that was asked for before: tried is $isTried', async ({ of, isTried }) => {
  request.mockClear();
  const refusals = openRefusals();
  const before = performance.now();
  expect(await refusals.ask(operation({}), before, request)).toBe('there');
  await expect(refusals.ask(operation({}), before, full)).rejects.toThrow('The org has no seat left.');

  request.mockClear();
  const asked = refusals.ask(operation(of as Partial<Shape>), before, request);

  if (isTried) expect(await asked).toBe('there');
  else await expect(asked).rejects.toThrow(new NotTriedError('Not tried: The org has no seat left.'));
  expect(request).toHaveBeenCalledTimes(isTried ? 1 : 0);
});

test('whoever is asked for a while after it asks the org again', async () => {
  const refusals = openRefusals();
  await refusals.ask(operation({}), performance.now(), full).catch(() => undefined);

  // Of the others in the queue, which the store may not have left out yet.
  await expect(refusals.ask(operation({}), performance.now() + 1, request)).rejects.toThrow(NotTriedError);
  expect(await refusals.ask(operation({}), performance.now() + 3_000, request)).toBe('there');
});

test('a key that is refused to one is refused to all who wait, whatever for, without asking again', async () => {
  request.mockClear();
  const refusals = openRefusals();
  const before = performance.now();
  const error = new ProfileApiError({
    answer: { kind: 'refused', status: 401, sentence: undefined },
    message: 'The API key is not valid.',
  });
  await expect(refusals.ask(operation({}), before, () => Promise.reject(error))).rejects.toBe(error);

  await expect(refusals.ask(operation({ kind: 'edit' }), before, request)).rejects.toBe(error);
  expect(request).not.toHaveBeenCalled();

  await new Promise((later) => setTimeout(later, 2));
  expect(await refusals.ask(operation({}), performance.now(), request)).toBe('there');
});

test('another refusal tells nothing of seats', async () => {
  const refusals = openRefusals();
  const before = performance.now();
  const bad = () => Promise.reject(new Error('Something else.'));
  await expect(refusals.ask(operation({}), before, bad)).rejects.toThrow('Something else.');

  expect(await refusals.ask(operation({}), before, request)).toBe('there');
});
