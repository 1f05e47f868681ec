import { describe, expect, test } from 'vitest';
import { newUserBody, org } from './client.ts';

describe('a fault', () => {
  test('answers with a status, a body and a time to wait, in seconds', async () => {
    const { sandbox, send } = await org();
    sandbox.fault({ operation: 'me', effect: { kind: 'status', status: 429, retryAfterSeconds: 7 } });

    const answer = await send('GET', 'getmyprofile/');

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
    expect(answer.json).toEqual({ error: 'Too Many Requests' });
  });

  test('tells the time to wait as a date where that is asked for', async () => {
    const { sandbox, send } = await org({ now: () => new Date('2026-01-01T00:00:00Z') });
    const effect = {
      kind: 'status',
      status: 503,
      retryAfterSeconds: 60,
      retryAfterForm: 'date',
      body: 'down',
    } as const;
    sandbox.fault({ operation: '*', effect });

    const answer = await send('GET', 'options/');

    expect(answer.headers.get('retry-after')).toBe('Thu, 01 Jan 2026 00:01:00 GMT');
    expect(answer.text).toBe('down');
  });

  test.each([
    ['before', undefined],
    ['after', 'ada@example.com'],
  ] as const)('drops the connection %s the effect', async (when, created) => {
    const { sandbox, send } = await org();
    sandbox.fault({ operation: 'create', effect: { kind: 'drop', when } });

    await expect(send('POST', '', newUserBody('ada@example.com'))).rejects.toThrow('fetch failed');

    expect(sandbox.find('ada@example.com')?.profile.email).toBe(created);
    expect(sandbox.effects).toHaveLength(created === undefined ? 0 : 1);
    expect(sandbox.requests.create).toBe(1);
  });

  test.each([
    ['status 502', { kind: 'status', status: 502 }, 502],
    ['JSON that breaks off', { kind: 'wrong-json' }, 200],
    ['an HTML page', { kind: 'html' }, 200],
  ] as const)('answers with %s although the effect has happened', async (_what, effect, status) => {
    const { sandbox, send } = await org({ users: [{ email: 'ada@example.com', profile_id: 'ada' }] });
    sandbox.fault({ operation: 'delete', effect: { ...effect, when: 'after' } });

    const answer = await send('DELETE', 'ada/');

    expect(answer.status).toBe(status);
    expect(sandbox.effects.map((it) => it.kind)).toEqual(['deleted']);
  });

  test('sends a page, or JSON that breaks off, with a 200', async () => {
    const { sandbox, send } = await org();
    sandbox.fault({ operation: 'list', effect: { kind: 'html' }, times: 1 });
    sandbox.fault({ operation: 'list', effect: { kind: 'wrong-json' }, times: 2 });
    const list = '?items_per_page=5&page=1';

    const page = await send('GET', list);
    const broken = await send('GET', list);

    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect([broken.status, broken.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(() => JSON.parse(broken.text)).toThrow();
  });

  test('delays the answer, and the effect happens though nobody waits for it', async () => {
    const { sandbox } = await org();
    const delay = sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 400 } });
    const patience = new AbortController();

    const started = performance.now();
    const gaveUp = fetch(`${sandbox.url}/ux/common/user/profile/`, {
      method: 'POST',
      headers: { authorization: sandbox.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify(newUserBody('ada@example.com')),
      signal: patience.signal,
    });
    const refused = expect(gaveUp).rejects.toThrow();
    await expect.poll(() => delay.fired, { timeout: 10_000 }).toBe(1);
    patience.abort();

    await refused;
    await expect.poll(() => sandbox.effects.length, { timeout: 10_000 }).toBe(1);
    expect(performance.now() - started).toBeGreaterThan(390);
  });

  test('lets an attribute be taken and silently not kept', async () => {
    const { sandbox, send } = await org();
    sandbox.fault({ operation: '*', effect: { kind: 'forget', attributes: ['phone', 'customer_id'] } });

    await send('POST', '', newUserBody('ada@example.com', { phone: '1', landline: 2 }));
    sandbox.editUser('ada@example.com', { customer_id: [1], extras: { phone: '0' } });
    const id = sandbox.find('ada@example.com')?.profile.profile_id;
    const body = { profile_id: id, email: 'ada@example.com', phone: '9', landline: 3, customer_id: [2] };
    const answer = await send('PUT', `${id}/`, body);

    expect([answer.status, answer.json.customer_id]).toEqual([200, [1]]);
    expect(sandbox.find('ada@example.com')?.extras).toEqual({ phone: '0', landline: 3 });
  });

  test('leaves rows out of a page of the list, whose total tells of them', async () => {
    const users = ['ada', 'bob', 'cleo'].map((name) => ({ email: `${name}@example.com` }));
    const { sandbox, send } = await org({ users });
    sandbox.fault({ operation: 'list', times: 1, effect: { kind: 'lose-rows', rows: 3 } });

    const short = await send('GET', '?items_per_page=10&page=1');
    const whole = await send('GET', '?items_per_page=10&page=1');

    expect(short.json).toMatchObject({ count: 4, results: [{ email: 'cleo@example.com' }] });
    expect(whole.json.results).toHaveLength(4);
  });

  test('strikes as often as it is told, every n-th time, and whom it is told', async () => {
    const { sandbox, send } = await org({
      users: [
        { email: 'ada@example.com', profile_id: 'ada' },
        { email: 'bob@example.com', profile_id: 'bob' },
      ],
    });
    const effect = { kind: 'status', status: 500 } as const;
    const handle = sandbox.fault({ operation: 'get', match: 'ADA@example.com', every: 2, times: 2, effect });

    const statuses: number[] = [];
    for (const id of ['ada', 'bob', 'ada', 'bob', 'ada', 'ada', 'ada', 'ada'])
      statuses.push((await send('GET', `${id}/`)).status);

    expect(statuses).toEqual([200, 200, 500, 200, 200, 500, 200, 200]);
    expect(handle.fired).toBe(2);
  });

  test('is gone when it is cleared, alone or with all others', async () => {
    const { sandbox, send } = await org();
    const status = async () => (await send('GET', 'options/')).status;
    const one = sandbox.fault({ operation: 'options', effect: { kind: 'status', status: 500 } });
    sandbox.fault({ operation: '*', effect: { kind: 'status', status: 503 } });

    expect(await status()).toBe(500);
    one.clear();
    expect(await status()).toBe(503);
    sandbox.clearFaults();
    expect(await status()).toBe(200);
  });

  test('strikes an upload too', async () => {
    const { sandbox, sendCsv } = await org();
    sandbox.fault({ operation: 'uploadCsv', effect: { kind: 'status', status: 503 } });

    expect((await sendCsv('upload_csv/', 'email,username\na@example.com,a\n')).status).toBe(503);
    expect(sandbox.effects).toEqual([]);
  });

  test('that makes no sense is refused', async () => {
    const { sandbox } = await org();

    expect(() => sandbox.fault({ operation: 'me', effect: { kind: 'status', status: 42 } })).toThrow();
  });

  test('does not keep a sandbox from closing', async () => {
    const { sandbox, send } = await org({ latencyMs: 600_000 });
    const request = send('GET', 'options/');
    const failed = expect(request).rejects.toThrow();
    await expect.poll(() => sandbox.requests.options).toBe(1);

    await sandbox.close();

    await failed;
  });
});
