import { describe, expect, it } from 'vitest';
import type { ProfileApiConfig } from '../../config/schema.ts';
import type { EndEvent, ListOptions } from '../../src/profile-api/list-profiles.ts';
import type { Profile } from '../../src/profile-api/profile.ts';
import { type Answer, client, type Received, serve, wireProfile } from './test-server.ts';

type Wire = Record<string, unknown>;

interface Listing {
  readonly ids: readonly string[];
  readonly profiles: readonly Profile[];
  readonly unreadable: readonly string[];
  readonly end: EndEvent;
  readonly received: readonly Received[];
}

/** Lists everything from a server that answers pages as given, ten users each. */
async function list(
  page: (number: number, request: Received) => Answer,
  config: Partial<ProfileApiConfig> = {},
  options: ListOptions = {},
): Promise<Listing> {
  const server = await serve((request) => {
    if (request.url.pathname.endsWith('/getmyprofile/')) return { body: wireProfile(0) };
    return page(Number(request.url.searchParams.get('page')), request);
  });
  const profiles: Profile[] = [];
  const unreadable: string[] = [];
  let end: EndEvent | undefined;
  for await (const event of client(server.url, config).listProfiles(options)) {
    if (event.kind === 'end') {
      end = event;
      continue;
    }
    profiles.push(...event.profiles);
    unreadable.push(...event.unreadable.map((row) => row.name));
  }
  if (end === undefined) throw new Error('the listing had no end');
  return { ids: profiles.map((one) => one.profileId), profiles, unreadable, end, received: server.received };
}

const users = (from: number, to: number): Wire[] =>
  Array.from({ length: to - from + 1 }, (_, index) => wireProfile(from + index));
const ids = (from: number, to: number) => users(from, to).map((one) => one.profile_id);
const pageOf = (all: readonly Wire[], number: number, size = 10) =>
  all.slice((number - 1) * size, number * size);

describe('a listing of the whole org', () => {
  it('is counted where the server says how many there are', async () => {
    const all = users(1, 23);

    const listing = await list((page) => ({ body: { count: 23, results: pageOf(all, page) } }));

    expect(listing.ids).toEqual(ids(1, 23));
    expect(listing.end).toMatchObject({ settled: true, counted: true, passes: 1, seen: 23, vanished: [] });
    expect(listing.received[0]?.url.search).toBe('?items_per_page=10&page=1&sort=creation_time');
  });

  it('is uncounted, but settled, where the server gives lists without a total', async () => {
    const all = users(1, 23);

    const listing = await list((page) => ({ body: pageOf(all, page) }));

    expect(listing.ids).toHaveLength(23);
    expect(listing.end).toMatchObject({ settled: true, counted: false, passes: 1 });
  });

  it('goes on after a short page: the server may cap the page size', async () => {
    const all = users(1, 23);

    const listing = await list((page) => ({ body: pageOf(all, page, 4) }));

    expect(listing.ids).toHaveLength(23);
  });

  it.each([
    ['404', { status: 404, body: { detail: 'Invalid page.' } }],
    ['400', { status: 400, body: { error: 'That page contains no results' } }],
    ['500', { status: 500, body: '<h1>Server Error</h1>' }],
  ])('ends where a page past the end is answered with %s', async (_status, answer) => {
    const all = users(1, 20);

    const listing = await list((page) =>
      page > 2 ? answer : { body: { count: 20, results: pageOf(all, page) } },
    );

    expect(listing.end).toMatchObject({ settled: true, counted: true, seen: 20 });
  });

  it('ends where the server gives the last page again and again', async () => {
    const all = users(1, 23);

    const listing = await list((page) => ({ body: pageOf(all, Math.min(page, 3)) }));

    expect(listing.ids).toEqual(ids(1, 23));
    expect(listing.end).toMatchObject({ settled: true, counted: false });
    expect(listing.received).toHaveLength(4);
  });

  it('finds out a server that ignores the page number', async () => {
    const listing = await list(() => ({ body: users(1, 10) }));

    expect(listing.end).toMatchObject({ settled: false, doubt: expect.stringContaining('page number') });
    expect(listing.received).toHaveLength(6);
  });

  it('finds out a server that says more than it gives', async () => {
    const listing = await list((page) => ({ body: { total: 30, results: page > 1 ? [] : users(1, 10) } }));

    expect(listing.end).toMatchObject({
      settled: false,
      passes: 3,
      doubt: 'Only 10 of 30 users came up in the list.',
    });
  });

  it('finds out pages that go round in circles', async () => {
    const listing = await list((page) => ({ body: pageOf(users(1, 30), ((page - 1) % 3) + 1) }));

    expect(listing.end).toMatchObject({ settled: false });
    expect(listing.ids).toEqual(ids(1, 30));
    expect(listing.received.length).toBeLessThan(30);
  });

  it('is read again where somebody was deleted meanwhile and the later pages moved up', async () => {
    const before = users(1, 25);
    const after = before.slice(1);
    let requests = 0;

    const listing = await list((page) => {
      requests += 1;
      const now = requests === 1 ? before : after;
      return { body: { count: now.length, results: pageOf(now, page) } };
    });

    expect(listing.ids.toSorted()).toEqual(ids(1, 25).toSorted());
    expect(new Set(listing.ids).size).toBe(25);
    expect(listing.end).toMatchObject({ settled: true, counted: true, passes: 2, vanished: ['p1'] });
  });

  it('is read again where somebody came twice and there is no total', async () => {
    const before = users(1, 25);
    const after = [wireProfile(99), ...before];
    let requests = 0;

    const listing = await list((page) => {
      requests += 1;
      return { body: pageOf(requests === 1 ? before : after, page) };
    });

    expect(new Set(listing.ids).size).toBe(listing.ids.length);
    expect(listing.ids).toContain('p99');
    expect(listing.end).toMatchObject({ settled: true, counted: false, passes: 2, seen: 26 });
  });

  it('says so where it never settles', async () => {
    let count = 20;

    const listing = await list(
      (page) => {
        count += 1;
        return { body: { count, results: pageOf(users(1, 20), page) } };
      },
      {},
      { maxPasses: 2 },
    );

    expect(listing.end).toMatchObject({ settled: false, passes: 2, vanished: [] });
    expect(listing.ids).toHaveLength(20);
  });

  it('does not take the number of rows on each page for a total', async () => {
    const all = users(1, 23);

    const listing = await list((page) => {
      const rows = pageOf(all, page);
      return { body: { count: rows.length, results: rows } };
    });

    expect(listing.ids).toHaveLength(23);
    expect(listing.end).toMatchObject({ settled: true, counted: false });
  });

  it('names rows that are no profile, and goes on', async () => {
    const rows = [
      wireProfile(1),
      { email: 'no-id@example.com' },
      wireProfile(3, { is_active: 'perhaps' }),
      'row',
      wireProfile(5),
    ];

    const listing = await list((page) => ({ body: { count: 5, results: page === 1 ? rows : [] } }));

    expect(listing.ids).toEqual(['p1', 'p5']);
    expect(listing.unreadable).toEqual(['no-id@example.com', 'user3@example.com', '(without a name)']);
    expect(listing.end).toMatchObject({ settled: true, counted: true });
  });

  it('of rows alone that are no profiles cannot be relied on', async () => {
    const listing = await list((page) => ({ body: page === 1 ? [{ id: 1 }, { id: 2 }] : [] }));

    expect(listing.end).toMatchObject({ settled: false, doubt: expect.stringContaining('None of the 2') });
  });

  it('that is empty, although the key has an account, cannot be relied on', async () => {
    const listing = await list(() => ({ body: { count: 0, results: [] } }));

    expect(listing.ids).toEqual([]);
    expect(listing.end).toMatchObject({ settled: false, doubt: expect.stringContaining('empty') });
  });

  it('that turns empty on the second reading does not make everybody vanish', async () => {
    let requests = 0;

    const listing = await list(() => {
      requests += 1;
      if (requests === 1) return { body: users(1, 10) };
      return { body: requests === 2 ? [...users(5, 10), ...users(11, 14)] : [] };
    });

    expect(listing.end).toMatchObject({ settled: false, vanished: [] });
  });

  it('goes without sorting where the server refuses the sort key', async () => {
    const all = users(1, 12);

    const listing = await list((page, request) =>
      request.url.searchParams.has('sort')
        ? { status: 400, body: { error: 'Unknown sort key.' } }
        : { body: pageOf(all, page) },
    );

    expect(listing.ids).toHaveLength(12);
    expect(listing.received.filter((one) => one.url.searchParams.has('sort'))).toHaveLength(1);
  });

  it('is found at the configured path', async () => {
    const listing = await list(
      (page) => ({ body: { users: { rows: page === 1 ? users(1, 3) : [] }, admins: users(8, 9) } }),
      { listPath: 'users.rows' },
    );

    expect(listing.ids).toEqual(['p1', 'p2', 'p3']);
  });

  it('stays where it was found when a later page has only empty lists', async () => {
    const listing = await list((page) => ({
      body: { results: page === 1 ? users(1, 3) : [], errors: [] },
    }));

    expect(listing.ids).toHaveLength(3);
    expect(listing.end.settled).toBe(true);
  });

  it.each([
    ['a web page', { body: '<html><title>Sign in</title></html>' }],
    ['no list', { body: { status: 'success' } }],
    ['two lists', { body: { users: users(1, 2), admins: users(3, 4) } }],
    ['cut-off JSON', { body: '[{"profile_id": "p1"}, {"prof' }],
    ['nothing', { status: 204 }],
  ])('fails on %s, and is never an empty org', async (_name, answer) => {
    await expect(list(() => answer)).rejects.toMatchObject({
      name: 'ProfileApiError',
      answer: { kind: 'not-understood' },
      message: expect.stringMatching(/^Could not read page 1 of the user list at http.* .+\.$/),
    });
  });

  it('fails where a later page fails, instead of ending early', async () => {
    const listing = list((page) => (page === 1 ? { body: users(1, 10) } : { status: 500 }));

    await expect(listing).rejects.toMatchObject({ answer: { kind: 'retry-later' } });
  });
});
