import { describe, expect, test } from 'vitest';
import { buildServer } from '../../src/sandbox/server.ts';
import { buildState } from '../../src/sandbox/state.ts';
import { newUserBody, org } from './client.ts';

describe('the control API', () => {
  test('sets, lists and clears faults', async () => {
    const { send, control } = await org();
    const effect = { kind: 'status', status: 500 };

    const set = await control('POST', 'faults', { operation: 'me', effect });
    const struck = await send('GET', 'getmyprofile/');
    const listed = await control('GET', 'faults');
    const cleared = await control('DELETE', `faults/${set.json.id}`);

    expect([set.status, struck.status, cleared.status]).toEqual([201, 500, 204]);
    expect(listed.json).toMatchObject({ faults: [{ operation: 'me', fired: 1, matched: 1 }] });
    expect((await control('DELETE', 'faults/99')).status).toBe(404);
    expect((await control('DELETE', 'faults')).status).toBe(204);
    expect((await send('GET', 'getmyprofile/')).status).toBe(200);
  });

  test('says what is wrong with a fault', async () => {
    const { control } = await org();

    const answer = await control('POST', 'faults', { operation: 'everything', effect: { kind: 'drop' } });

    expect(answer.status).toBe(400);
    expect(answer.json.error).toContain('operation');
  });

  test('tells the effects, whole or from one on, with who did them', async () => {
    const { send, control } = await org();
    await send('POST', '', newUserBody('ada@example.com'), { 'idempotency-key': 'op-1' });
    await control('POST', 'users', { email: 'bob@example.com' });

    const { json } = await control('GET', 'effects');

    expect(json).toMatchObject({
      effects: [
        { sequence: 1, kind: 'created', email: 'ada@example.com', by: 'api', idempotencyKey: 'op-1' },
        { sequence: 2, kind: 'created', email: 'bob@example.com', by: 'hand' },
      ],
    });
    expect((await control('GET', 'effects?after=1')).json).toMatchObject({ effects: [{ sequence: 2 }] });
    expect((await control('GET', 'requests')).json).toMatchObject({ requests: { create: 1, list: 0 } });
  });

  test('does what an administrator would do by hand', async () => {
    const { sandbox, control } = await org();

    const added = await control('POST', 'users', { email: 'ada@example.com', extras: { role: 'User' } });
    await control('PATCH', 'users/ada@example.com', {
      is_active: false,
      name: 'Ada',
      extras: { phone: '1' },
    });

    expect(added.status).toBe(201);
    expect((await control('GET', 'users')).json).toEqual({ users: sandbox.users });
    expect(sandbox.find('ada@example.com')).toMatchObject({
      profile: { name: 'Ada', is_active: false, email: 'ada@example.com' },
      extras: { role: 'User', phone: '1' },
      removedFromAssets: 1,
    });
    expect((await control('DELETE', 'users/ada@example.com')).status).toBe(204);
    expect((await control('DELETE', 'users/ada@example.com')).status).toBe(404);
    expect((await control('PATCH', 'users/ada@example.com', { user: 1 })).status).toBe(400);
  });

  test('accepts invitations', async () => {
    const { sandbox, send, control } = await org();
    await send('POST', 'user_invite/', { email: 'ada@example.com', role: 'User' });

    expect((await control('GET', 'invitations')).json).toEqual({ invitations: sandbox.invitations });
    expect((await control('POST', 'invitations/accept', { email: 'ada@example.com' })).status).toBe(200);
    expect(sandbox.find('ada@example.com')?.profile.is_active).toBe(true);
  });

  test.each([
    ['loopback', '127.0.0.1', 200],
    ['loopback', '::ffff:127.0.0.1', 200],
    ['loopback', '::1', 200],
    ['loopback', '192.0.2.7', 403],
    ['loopback', '::ffff:192.0.2.7', 403],
    ['loopback', '2001:db8::7', 403],
    ['anywhere', '192.0.2.7', 200],
  ] as const)('open to %s, it answers %s with %i', async (controlFrom, remoteAddress, status) => {
    const server = await buildServer(buildState({ controlFrom }));

    const answer = await server.inject({ url: '/_sandbox/requests', remoteAddress });

    expect(answer.statusCode).toBe(status);
  });
});
