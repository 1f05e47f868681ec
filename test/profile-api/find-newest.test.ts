import { describe, expect, it } from 'vitest';
import type { UserId } from '../../src/profile-api/profile.ts';
import { client, serve, wireProfile } from './test-server.ts';

const user = (number: number) => number as UserId;

/** An org of `count` users in this order, ten a page, whatever sorting is asked for. */
async function org(rows: readonly Record<string, unknown>[], total?: number) {
  const server = await serve(({ url }) => {
    const page = Number(url.searchParams.get('page'));
    return { body: { ...(total !== undefined && { total }), data: rows.slice((page - 1) * 10, page * 10) } };
  });
  return { api: client(server.url), received: server.received };
}

const newestFirst = (count: number) =>
  Array.from({ length: count }, (_, index) => wireProfile(count - index));

describe('somebody created a moment ago', () => {
  it('is found by user id on the first page, newest first', async () => {
    const { api, received } = await org(newestFirst(100));

    expect(await api.findNewest({ userId: user(98) })).toMatchObject({ profileId: 'p98' });

    expect(received).toHaveLength(1);
    expect(received[0]?.url.search).toBe('?items_per_page=10&page=1&sort=creation_time&reverse=true');
  });

  it('is found by e-mail in any case of letters', async () => {
    const { api } = await org(newestFirst(15));

    expect(await api.findNewest({ email: 'USER3@Example.com ' })).toMatchObject({ profileId: 'p3' });
  });

  it('is rather the one with the user id than the one with the e-mail', async () => {
    const { api } = await org([wireProfile(1, { email: 'a@example.com' }), wireProfile(2)]);

    const found = await api.findNewest({ userId: user(2), email: 'a@example.com' });

    expect(found).toMatchObject({ profileId: 'p2' });
  });

  it('is found by e-mail where no profile shows the user id', async () => {
    const { api } = await org([wireProfile(1, { email: 'a@example.com' }), wireProfile(2)]);

    const found = await api.findNewest({ userId: user(77), email: 'a@example.com' });

    expect(found).toMatchObject({ profileId: 'p1' });
  });

  it('is found at the end where the server sorts the other way', async () => {
    const { api, received } = await org(newestFirst(95).toReversed(), 95);

    expect(await api.findNewest({ userId: user(95) })).toMatchObject({ profileId: 'p95' });
    expect(received.length).toBeLessThanOrEqual(5);
  });

  it('is looked for on a few pages only', async () => {
    const { api, received } = await org(newestFirst(1_000), 1_000);

    expect(await api.findNewest({ userId: user(500), email: 'nobody@example.com' })).toBeUndefined();
    expect(received.length).toBeLessThanOrEqual(5);
  });

  it('is not guessed where two profiles have the address', async () => {
    const { api } = await org([wireProfile(1), wireProfile(2, { email: 'USER1@example.com' })]);

    await expect(api.findNewest({ email: 'user1@example.com' })).rejects.toMatchObject({
      answer: { kind: 'bad-record' },
      message: expect.stringContaining('p1, p2'),
    });
  });
});
