import { describe, expect, test } from 'vitest';
import { operations } from '../../src/sandbox/api/operations.ts';
import { org } from './client.ts';

const endpoints = [
  ['GET', '?items_per_page=5&page=1'],
  ['POST', ''],
  ['GET', 'x/'],
  ['PUT', 'x/'],
  ['DELETE', 'x/'],
  ['POST', 'user_invite/'],
  ['GET', 'getmyprofile/'],
  ['GET', 'options/'],
  ['GET', 'activeuser_list/'],
  ['POST', 'active_users/'],
  ['POST', 'validate_csv/'],
  ['POST', 'upload_csv/'],
  ['GET', 'download_csv/'],
  ['POST', 'preference/'],
  ['POST', 'myprofile/'],
  ['POST', 'logout/'],
] as const;

describe('the API key', () => {
  test.each(endpoints)('%s %s refuses a wrong key, does nothing, and is counted', async (method, path) => {
    const { sandbox, send } = await org();

    const answer = await send(method, path, method === 'GET' ? undefined : {}, { authorization: 'wrong' });

    expect([answer.status, answer.json]).toEqual([401, { error: 'Invalid API key.' }]);
    expect(sandbox.effects).toEqual([]);
    expect(Object.values(sandbox.requests).reduce((sum, count) => sum + count)).toBe(1);
  });

  test('the sixteen endpoints are sixteen operations', async () => {
    const { sandbox, send } = await org();

    for (const [method, path] of endpoints) await send(method, path, method === 'GET' ? undefined : {});

    expect(Object.keys(sandbox.requests).sort()).toEqual([...operations].sort());
    expect(Object.values(sandbox.requests)).toEqual(endpoints.map(() => 1));
  });

  test.each([
    ['either', 'KEY', 200],
    ['either', 'ApiKey KEY', 200],
    ['either', 'Bearer KEY', 401],
    ['either', 'ApiKey wrong', 401],
    ['none', 'KEY', 200],
    ['none', 'ApiKey KEY', 401],
    ['ApiKey', 'KEY', 401],
    ['ApiKey', 'ApiKey KEY', 200],
  ] as const)('an org that takes the scheme "%s" answers "%s" with %i', async (authScheme, authorization, status) => {
    const { send } = await org({ apiKey: 'KEY', authScheme });

    expect((await send('GET', 'getmyprofile/', undefined, { authorization })).status).toBe(status);
  });

  test('a path without its last slash is nowhere', async () => {
    const { send } = await org();

    expect((await send('GET', 'getmyprofile')).status).toBe(404);
  });
});

describe('logout', () => {
  test('ends the key where keys are sessions, until it is renewed', async () => {
    const { sandbox, send, control } = await org({ sessionKeys: true });

    const out = await send('POST', 'logout/', '', { 'content-type': 'application/json' });
    const after = await send('GET', 'getmyprofile/');
    await control('POST', 'session');
    const renewed = await send('GET', 'getmyprofile/');

    expect([out.status, after.status, renewed.status]).toEqual([200, 401, 200]);
    expect(sandbox.effects.map((effect) => effect.kind)).toEqual(['logged-out']);
  });

  test('does nothing to a lasting key', async () => {
    const { send } = await org();

    await send('POST', 'logout/');

    expect((await send('GET', 'getmyprofile/')).status).toBe(200);
  });
});
