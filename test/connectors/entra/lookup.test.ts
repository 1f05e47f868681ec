/** Looking people up by id: absence is said only where Graph says so in so many words. */
import { describe, expect, test } from 'vitest';
import type { Anchor } from '../../../src/identity/identity.ts';
import { emulatedTenant, graphRequests } from './tenant.ts';

const soon = (): AbortSignal => AbortSignal.timeout(10_000);
const anchor = (id: string): Anchor => id as Anchor;
const nobody = anchor('99999999-9999-4999-8999-999999999999');

describe('a look-up', () => {
  test('tells present from absent, soft-deleted from never there, twenty to a request', async () => {
    await using tenant = await emulatedTenant();
    const here = Array.from({ length: 25 }, () => anchor(tenant.directory.addUser().id));
    const soft = anchor(tenant.directory.addUser().id);
    tenant.directory.softDelete(soft);
    const guest = anchor(tenant.directory.addUser({ userType: 'Guest' }).id);

    const found = await tenant.connect().lookup([...here, soft, guest, nobody, anchor('cn=ann')], soon());

    expect(here.every((one) => found.get(one)?.kind === 'present')).toBe(true);
    expect([soft, guest, nobody].map((one) => found.get(one)?.kind)).toEqual(['deleted', 'absent', 'absent']);
    expect(found.get(anchor('cn=ann'))?.kind).toBe('unknown');
    expect(graphRequests(tenant).filter((line) => line === 'POST /$batch')).toHaveLength(3);
  });

  test('of nobody asks nothing', async () => {
    await using tenant = await emulatedTenant();

    expect((await tenant.connect().lookup([], soon())).size).toBe(0);
    expect(tenant.requests).toEqual([]);
  });

  test('that finds nobody believes it only where somebody else is found, or one is among the deleted', async () => {
    await using tenant = await emulatedTenant();
    const blind = await tenant.connect().lookup([nobody], soon());
    tenant.directory.addUser();
    const seeing = await tenant.connect().lookup([nobody], soon());

    expect(blind.get(nobody)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('no user') });
    expect(seeing.get(nobody)?.kind).toBe('absent');
  });

  test.each([
    [
      'a refusal',
      {
        kind: 'answer',
        status: 403,
        body: { error: { code: 'Authorization_RequestDenied', message: 'No.' } },
      },
    ],
    [
      'a 404 that is not Graph’s own',
      { kind: 'answer', status: 404, body: { error: { code: 'UnknownError', message: '' } } },
    ],
    [
      'throttling without an end',
      { kind: 'answer', status: 429, body: { error: { code: 'TooManyRequests', message: '' } } },
    ],
  ] as const)('takes %s for no absence', async (_, misfortune) => {
    await using tenant = await emulatedTenant();
    const { id } = tenant.directory.addUser();
    tenant.faults.add({ on: new RegExp(`in batch GET /users/${id}`), misfortune, times: 99 });

    const found = await tenant.connect().lookup([anchor(id)], soon());

    expect(found.get(anchor(id))).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('Graph answered'),
    });
  });

  test('asks the throttled parts of a batch again, after the time that they name', async () => {
    await using tenant = await emulatedTenant();
    const all = Array.from({ length: 5 }, () => anchor(tenant.directory.addUser().id));
    const [first] = all;
    tenant.faults.add({
      on: new RegExp(`in batch GET /users/${first}`),
      misfortune: { kind: 'answer', status: 429, headers: { 'Retry-After': '1' } },
    });
    const began = Date.now();

    const found = await tenant.connect().lookup(all, soon());

    expect(all.every((one) => found.get(one)?.kind === 'present')).toBe(true);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
    expect(tenant.requests.filter((line) => line.startsWith('in batch'))).toHaveLength(6);
  });
});
