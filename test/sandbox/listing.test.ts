import { describe, expect, test } from 'vitest';
import { type Org, org } from './client.ts';

const own = { email: 'own@example.com', creation_time: '2020-01-01T00:00:00.000Z' };

function people(count: number): { email: string }[] {
  return Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com` }));
}

async function emails({ send }: Org, query: string): Promise<unknown[]> {
  const { json } = await send('GET', `?${query}`);
  if (!Array.isArray(json.results)) throw new Error('the answer has no list');
  return json.results.map((user) => user.email);
}

describe('GET /', () => {
  test.each([
    ['page=1', 'Please provide items_per_page.'],
    ['items_per_page=5', 'Please provide page.'],
    ['items_per_page=5&page=0', 'Please provide a valid page.'],
    ['items_per_page=all&page=1', 'Please provide a valid items_per_page.'],
  ])('refuses ?%s', async (query, sentence) => {
    const { send } = await org();

    const answer = await send('GET', `?${query}`);

    expect([answer.status, answer.json]).toEqual([400, { error: sentence }]);
  });

  test('cuts the users into pages, and is empty beyond the end', async () => {
    const it = await org({ ownAccount: own, users: people(4) });

    expect(await emails(it, 'items_per_page=2&page=1')).toEqual(['own@example.com', 'p0@example.com']);
    expect(await emails(it, 'items_per_page=2&page=3')).toEqual(['p3@example.com']);
    expect(await emails(it, 'items_per_page=2&page=4')).toEqual([]);
    expect(await emails(it, 'items_per_page=2&page=3&reverse=true')).toEqual(['own@example.com']);
    expect(await emails(it, 'items_per_page=2&page=4&reverse=true')).toEqual([]);
  });

  test('shifts later pages when somebody is deleted during the read', async () => {
    const it = await org({ ownAccount: own, users: people(4) });

    const first = await emails(it, 'items_per_page=2&page=1');
    it.sandbox.removeUser('own@example.com');
    const second = await emails(it, 'items_per_page=2&page=2');

    expect([...first, ...second]).not.toContain('p1@example.com');
  });

  test('shows somebody twice when a user is created during a read from the newest on', async () => {
    const it = await org({ ownAccount: own, users: people(3) });

    const first = await emails(it, 'items_per_page=2&page=1&sort=creation_time&reverse=true');
    await it.create('new@example.com');
    const second = await emails(it, 'items_per_page=2&page=2&sort=creation_time&reverse=true');

    expect(first).toEqual(['p2@example.com', 'p1@example.com']);
    expect(second).toEqual(['p1@example.com', 'p0@example.com']);
  });

  test('sorts, by insertion where creation times are the same millisecond', async () => {
    const now = () => new Date('2026-01-01T00:00:00.000Z');
    const users = [
      { email: 'b@example.com', profile_id: '1', creation_time: '2026-02-01T00:00:00.000Z' },
      { email: 'C@example.com', profile_id: '3' },
      { email: 'a@example.com', profile_id: '2' },
    ];
    const it = await org({ ownAccount: { ...own, profile_id: '0' }, users, now });
    const all = 'items_per_page=9&page=1';

    expect(await emails(it, `${all}&sort=creation_time`)).toEqual([
      'own@example.com',
      'C@example.com',
      'a@example.com',
      'b@example.com',
    ]);
    expect(await emails(it, `${all}&sort=email`)).toEqual([
      'a@example.com',
      'b@example.com',
      'C@example.com',
      'own@example.com',
    ]);
    expect((await emails(it, `${all}&sort=profile_id&reverse=true`))[0]).toBe('C@example.com');
    expect(await emails(it, `${all}&sort=password`)).toEqual(await emails(it, `${all}&sort=user`));
  });

  test('stays in order through changes', async () => {
    const it = await org({ ownAccount: own, users: people(2) });
    const byEmail = 'items_per_page=9&page=1&sort=email';

    await emails(it, byEmail);
    it.sandbox.editUser('p0@example.com', { email: 'z@example.com' });
    const id = await it.create('a@example.com');

    expect(await emails(it, byEmail)).toEqual([
      'a@example.com',
      'own@example.com',
      'p1@example.com',
      'z@example.com',
    ]);
    await it.send('DELETE', `${id}/`);
    expect((await emails(it, byEmail))[0]).toBe('own@example.com');
  });

  test('cuts a page that is too large to what it allows, without a word', async () => {
    const it = await org({ users: people(5), maxItemsPerPage: 3 });

    expect(await emails(it, 'items_per_page=100&page=1')).toHaveLength(3);
    expect(await emails(it, 'items_per_page=100&page=2')).toHaveLength(3);
  });

  test.each([
    ['bare', (list: unknown) => list],
    ['results', (list: unknown) => ({ count: 1, results: list })],
    ['data', (list: unknown) => ({ status: 'success', total: 1, data: list })],
    ['nested', (list: unknown) => ({ response: { users: list } })],
  ] as const)('has the shape "%s" where that is set', async (listShape, shape) => {
    const { sandbox, send } = await org({ listShape });

    const { json } = await send('GET', '?items_per_page=5&page=1');

    expect(json).toEqual(shape(sandbox.users.map((user) => user.profile)));
  });
});

describe('who is active', () => {
  test.each([
    ['GET', 'activeuser_list/'],
    ['POST', 'active_users/'],
  ])('%s %s lists the active users alone', async (method, path) => {
    const { send } = await org({
      ownAccount: own,
      users: [{ email: 'ada@example.com' }, { email: 'old@example.com', is_active: false }],
    });

    const { json } = await send(method, path);

    expect(json).toMatchObject({
      count: 2,
      results: [{ email: 'own@example.com' }, { email: 'ada@example.com' }],
    });
  });
});

describe('an org of 100,000', () => {
  test('answers pages and takes creates without a sort each time', async () => {
    const it = await org({ users: people(100_000) });
    await emails(it, 'items_per_page=1&page=1&sort=creation_time&reverse=true');

    const started = performance.now();
    for (let index = 0; index < 200; index += 1) {
      await it.create(`new${index}@example.com`);
      await emails(it, 'items_per_page=1&page=1&sort=creation_time&reverse=true');
    }

    // 400 requests take about a second; a sort or a scan for each would take over ten.
    expect(performance.now() - started).toBeLessThan(8_000);
  });
});
