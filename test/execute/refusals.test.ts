/** Whoever waits when the org refuses somebody else a seat, or the key, is not tried; whoever comes later may ask again. */
import { expect, test, vi } from 'vitest';
import { NotTriedError, needsSeat, openRefusals } from '../../src/execute/refusals.ts';
import { watchedApi } from '../../src/execute/watched-api.ts';
import { type ProfileApi, ProfileApiError } from '../../src/profile-api/index.ts';
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

const seat = (askedAt: number) => ({ askedAt, takesSeat: true });

test.each([
  { what: 'a creation', of: {}, needs: true },
  { what: 'an invitation', of: { kind: 'invite' }, needs: true },
  { what: 'a reactivation', of: { kind: 'reactivate', profile_id: 'p1' }, needs: true },
  {
    what: 'an invitation to an account that is there',
    of: { kind: 'invite', profile_id: 'p1' },
    needs: false,
  },
  { what: 'an edit', of: { kind: 'edit', profile_id: 'p1' }, needs: false },
  { what: 'a deactivation', of: { kind: 'deactivate', profile_id: 'p1' }, needs: false },
] as const)('$what needs a seat: $needs', ({ of, needs }) => {
  expect(needsSeat(operation(of as Partial<Shape>))).toBe(needs);
});

test.each([true, false])('what was asked for before, and takes a seat: %s', async (takesSeat) => {
  request.mockClear();
  const refusals = openRefusals();
  const askedAt = performance.now();
  expect(await refusals.ask(seat(askedAt), request)).toBe('there');
  await expect(refusals.ask(seat(askedAt), full)).rejects.toThrow('The org has no seat left.');

  request.mockClear();
  const asked = refusals.ask({ askedAt, takesSeat }, request);

  if (takesSeat)
    await expect(asked).rejects.toThrow(new NotTriedError('Not tried: The org has no seat left.'));
  else expect(await asked).toBe('there');
  expect(request).toHaveBeenCalledTimes(takesSeat ? 0 : 1);
});

// Somebody who was reactivated is looked at after that; taken for not tried, the audit log would tell what is not so.
test('who is only looked at takes no seat; who is made, changed, invited or deleted may', async () => {
  const told: (readonly [string, boolean])[] = [];
  const access = (method: string) =>
    watchedApi(
      { [method]: request } as unknown as ProfileApi,
      { watch: (work) => work() },
      (work, hasEffect) => {
        told.push([method, hasEffect]);
        return work();
      },
    );
  const effects = ['create', 'delete', 'edit', 'invite'] as const;
  const looks = ['findNewest', 'get', 'listPage', 'whoAmI'] as const;
  for (const method of effects) await access(method).act((org) => (org[method] as () => Promise<unknown>)());
  for (const method of looks) await (access(method).api[method] as () => Promise<unknown>)();

  expect(told).toEqual([
    ...effects.map((method) => [method, true]),
    ...looks.map((method) => [method, false]),
  ]);
});

test('whoever is asked for a while after it asks the org again', async () => {
  const refusals = openRefusals();
  await refusals.ask(seat(performance.now()), full).catch(() => undefined);

  // Of the others in the queue, which the store may not have left out yet.
  await expect(refusals.ask(seat(performance.now() + 1), request)).rejects.toThrow(NotTriedError);
  expect(await refusals.ask(seat(performance.now() + 3_000), request)).toBe('there');
});

test('a key that is refused to one is refused to all who wait, whatever for, without asking again', async () => {
  request.mockClear();
  const refusals = openRefusals();
  const before = performance.now();
  const error = new ProfileApiError({
    answer: { kind: 'refused', status: 401, sentence: undefined },
    message: 'The API key is not valid.',
  });
  await expect(refusals.ask(seat(before), () => Promise.reject(error))).rejects.toBe(error);

  await expect(refusals.ask(seat(before), request)).rejects.toBe(error);
  expect(request).not.toHaveBeenCalled();

  await new Promise((later) => setTimeout(later, 2));
  expect(await refusals.ask(seat(performance.now()), request)).toBe('there');
});

test('another refusal tells nothing of seats', async () => {
  const refusals = openRefusals();
  const before = performance.now();
  const bad = () => Promise.reject(new Error('Something else.'));
  await expect(refusals.ask(seat(before), bad)).rejects.toThrow('Something else.');

  expect(await refusals.ask(seat(before), request)).toBe('there');
});
