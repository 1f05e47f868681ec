import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNewestProfiles } from '../../src/profile-api/find-newest.ts';
import { openLookDepth } from '../../src/profile-api/look-depth.ts';
import type { UserId } from '../../src/profile-api/profile.ts';
import { parseRows } from '../../src/profile-api/read-page.ts';
import { client, findOne, serve, wireProfile } from './test-server.ts';

const user = (number: number) => number as UserId;

/** An org of `count` users in this order, ten a page, whatever sorting is asked for. */
async function org(rows: readonly Record<string, unknown>[], total?: number) {
  const server = await serve(({ url }) => {
    const page = Number(url.searchParams.get('page'));
    return { body: { ...(total !== undefined && { total }), data: rows.slice((page - 1) * 10, page * 10) } };
  });
  return { api: client(server.url), received: server.received, url: server.url };
}

const newestFirst = (count: number) =>
  Array.from({ length: count }, (_, index) => wireProfile(count - index));

describe('somebody created a moment ago', () => {
  it('is found by user id on the first page, newest first', async () => {
    const { api, received } = await org(newestFirst(100));

    expect(await findOne(api, { userId: user(98) })).toMatchObject({ profileId: 'p98' });

    expect(received).toHaveLength(1);
    expect(received[0]?.url.search).toBe('?items_per_page=10&page=1&sort=creation_time&reverse=true');
  });

  it('is found by e-mail in any case of letters', async () => {
    const { api } = await org(newestFirst(15));

    expect(await findOne(api, { email: 'USER3@Example.com ' })).toMatchObject({ profileId: 'p3' });
  });

  it('is rather the one with the user id than the one with the e-mail', async () => {
    const { api } = await org([wireProfile(1, { email: 'a@example.com' }), wireProfile(2)]);

    const found = await findOne(api, { userId: user(2), email: 'a@example.com' });

    expect(found).toMatchObject({ profileId: 'p2' });
  });

  it('is found by e-mail where no profile shows the user id', async () => {
    const { api } = await org([wireProfile(1, { email: 'a@example.com' }), wireProfile(2)]);

    const found = await findOne(api, { userId: user(77), email: 'a@example.com' });

    expect(found).toMatchObject({ profileId: 'p1' });
  });

  it('is found at the end where the server sorts the other way', async () => {
    const { api, received } = await org(newestFirst(95).toReversed(), 95);

    expect(await findOne(api, { userId: user(95) })).toMatchObject({ profileId: 'p95' });
    expect(received.length).toBeLessThanOrEqual(5);
  });

  it('is looked for on a few pages only', async () => {
    const { api, received } = await org(newestFirst(1_000), 1_000);

    expect(await findOne(api, { userId: user(500), email: 'nobody@example.com' })).toBeUndefined();
    expect(received.length).toBeLessThanOrEqual(5);
  });

  it('is not guessed where two profiles have the address', async () => {
    const { api } = await org([wireProfile(1), wireProfile(2, { email: 'USER1@example.com' })]);

    await expect(findOne(api, { email: 'user1@example.com' })).rejects.toMatchObject({
      answer: { kind: 'bad-record' },
      message: expect.stringContaining('p1, p2'),
    });
  });
});

describe('several people created a moment ago', () => {
  it('are found in one look, each by their own user id or else by e-mail', async () => {
    const { api, received } = await org(newestFirst(100));

    const found = await api.findNewest([
      { userId: user(94), email: 'user95@example.com' },
      { userId: user(777), email: 'user99@example.com' },
      { email: 'USER91@example.com' },
    ]);

    expect(found).toMatchObject([{ profileId: 'p94' }, { profileId: 'p99' }, { profileId: 'p91' }]);
    expect(received.length).toBeLessThanOrEqual(3);
  });

  it('are looked for on further pages while those show any of them, and no longer', async () => {
    const { api, received } = await org(newestFirst(1_000), 1_000);
    const newest60 = Array.from({ length: 60 }, (_, index) => ({ userId: user(1_000 - index) }));

    const found = await api.findNewest([...newest60, { userId: user(500) }]);

    expect(found.filter((one) => one !== undefined)).toHaveLength(60);
    expect(found.at(-1)).toBeUndefined();
    // Six pages with somebody, one with nobody, and the last two.
    expect(received).toHaveLength(9);
  });

  it('are found at the end where the server sorts the other way, in one look', async () => {
    const { api, received } = await org(newestFirst(95).toReversed(), 95);

    const found = await api.findNewest([{ userId: user(95) }, { userId: user(83) }, { userId: user(90) }]);

    expect(found).toMatchObject([{ profileId: 'p95' }, { profileId: 'p83' }, { profileId: 'p90' }]);
    expect(received.length).toBeLessThanOrEqual(5);
  });

  it('are not mixed up where their addresses differ in the case of letters alone', async () => {
    const { api } = await org([
      wireProfile(2, { email: 'Ada@example.com' }),
      wireProfile(1, { email: 'ada@example.com' }),
    ]);
    const [one, other] = ['ada@example.com', 'Ada@example.com'];

    expect(
      await api.findNewest([
        { userId: user(1), email: one },
        { userId: user(2), email: other },
      ]),
    ).toMatchObject([{ profileId: 'p1' }, { profileId: 'p2' }]);
    // One who can't be told apart is nobody else's trouble.
    expect(await api.findNewest([{ email: one }, { userId: user(2), email: other }])).toMatchObject([
      { answer: { kind: 'bad-record' }, message: expect.stringContaining('p2, p1') },
      { profileId: 'p2' },
    ]);
  });

  it('are asked for with a page that grows with their number, up to the size of a listing’s', async () => {
    const { received, url } = await org(newestFirst(5));
    const api = client(url, { pageSize: 500 });
    const sizeFor = async (count: number) => {
      await api.findNewest(Array.from({ length: count }, (_, index) => ({ userId: user(index + 1) })));
      return received.at(-1)?.url.searchParams.get('items_per_page');
    };

    expect([await sizeFor(1), await sizeFor(20), await sizeFor(200)]).toEqual(['25', '80', '500']);
  });

  describe('are asked for with as many rows as were needed before', () => {
    const wantedOf = (ids: readonly number[]) => ids.map((id) => ({ userId: user(id) }));
    const newest20 = Array.from({ length: 20 }, (_, index) => 1_000 - index);
    const sizesOf = (received: Awaited<ReturnType<typeof org>>['received']) =>
      received.map(({ url }) => Number(url.searchParams.get('items_per_page')));

    async function sized() {
      const rows = newestFirst(1_000);
      const { url, received } = await serve(({ url: { searchParams } }) => {
        const page = Number(searchParams.get('page'));
        const size = Number(searchParams.get('items_per_page'));
        return { body: { total: 1_000, data: rows.slice((page - 1) * size, page * size) } };
      });
      return { api: client(url, { pageSize: 500 }), received };
    }

    it('fewer, where nobody else creates', async () => {
      const { api, received } = await sized();

      for (let look = 0; look < 12; look += 1) await api.findNewest(wantedOf(newest20));

      const sizes = sizesOf(received);
      expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
      expect([sizes[0], sizes.at(-1), sizes.length]).toEqual([80, 30, 12]);
    });

    it('more, where others create', async () => {
      const { api, received } = await sized();
      const eachTenth = Array.from({ length: 20 }, (_, index) => 1_000 - 10 * index);

      await api.findNewest(wantedOf(eachTenth));
      const first = received.length;
      const found = await api.findNewest(wantedOf(eachTenth));

      expect(first).toBe(3);
      expect(found.every((one) => one !== undefined)).toBe(true);
      expect(sizesOf(received).slice(first)).toEqual([287]);
    });

    it('and usual ones again once somebody was not found, or for those who are known by their address', async () => {
      const { api, received } = await sized();
      for (let look = 0; look < 12; look += 1) await api.findNewest(wantedOf(newest20));

      await api.findNewest(newest20.map((id) => ({ email: `user${id}@example.com` })));
      expect(sizesOf(received).at(-1)).toBe(80);
      await api.findNewest(wantedOf([...newest20, 400]));
      await api.findNewest(wantedOf(newest20));
      expect(sizesOf(received).at(-1)).toBe(80);
    });
  });

  const orgs = fc.record({
    count: fc.integer({ min: 1, max: 400 }),
    wanted: fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40, size: 'max' }),
    sorts: fc.constantFrom('newest-first', 'oldest-first'),
    showsUser: fc.boolean(),
    told: fc.boolean(),
  });

  it('are found together at least where each alone would be, and nobody as somebody else', async () => {
    await fc.assert(
      fc.asyncProperty(orgs, async ({ count, wanted, sorts, showsUser, told }) => {
        const rows = newestFirst(count).map((row) => (showsUser ? row : { ...row, user: undefined }));
        const ordered = sorts === 'newest-first' ? rows : rows.toReversed();
        let requests = 0;
        const depth = openLookDepth();
        const finder = {
          ...{ listPath: undefined, url: 'http://org', pageSize: 10, depth },
          readPage: async ({ page, size }: { readonly page: number; readonly size: number }) => {
            requests += 1;
            const part = ordered.slice((page - 1) * size, page * size);
            const total = told ? count : undefined;
            const { profiles, unreadable } = parseRows(part as never);
            return {
              ...({ kind: 'page', profiles, unreadable, rowCount: part.length, total } as const),
              ...{ listPath: '', fingerprint: undefined },
            };
          },
        };
        const asked = wanted.map((id) => ({ userId: user(id), email: `user${id}@example.com` }));

        const together = await findNewestProfiles(finder, asked);
        const requestsTogether = requests;
        const alone = await Promise.all(asked.map((one) => findNewestProfiles(finder, [one])));

        for (const [index, id] of wanted.entries()) {
          if (together[index] !== undefined) expect(together[index]).toMatchObject({ profileId: `p${id}` });
          else expect(alone[index]).toEqual([undefined]);
        }
        expect(requestsTogether).toBeLessThanOrEqual(requests - requestsTogether);
      }),
      { numRuns: 300 },
    );
  });
});
