import { describe, expect, test } from 'vitest';
import { newUserBody, org, profileIdOf } from './client.ts';

const returnedFields = [
  'profile_id',
  'user',
  'profile',
  'creation_time',
  'profile_image',
  'avatar',
  'email',
  'name',
  'is_active',
  'last_loggged_in',
  'customer_id',
  'customer_entity_id',
  'actual_username',
  'is_multiple_customer_user',
  'is_profile_image',
];

describe('POST /', () => {
  test('answers with a user id that is not the profile id', async () => {
    const { sandbox, send } = await org();

    const answer = await send('POST', '', newUserBody('ada@example.com', { name: 'Ada Lovelace' }));

    const user = sandbox.find('ada@example.com');
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({ status: 'success', user_id: user?.profile.user, message: 'user created' });
    expect(typeof user?.profile.user).toBe('number');
    expect(user?.profile.profile_id).toMatch(/^[a-z0-9]{1,25}$/);
    expect(user?.profile.profile_id).not.toBe(String(user?.profile.user));
  });

  test('keeps what it takes, and returns the fields of the reference alone', async () => {
    const { sandbox, send, create } = await org();
    const given = {
      landline: 801212121,
      phone: '99999999',
      timezone: 'UTC',
      dashboard: '1',
      role: 'Manager',
      organization_role: 'Lead',
      first_name: 'Ada',
      last_name: 'Lovelace',
      cost_centre: 4711,
    };

    const id = await create('ada@example.com', given);

    const { json } = await send('GET', `${id}/`);
    expect(Object.keys(json)).toEqual(returnedFields);
    expect(json).toMatchObject({
      email: 'ada@example.com',
      is_active: true,
      actual_username: 'ada@example.com',
    });
    expect(sandbox.find(id)?.extras).toEqual({ username: 'ada@example.com', ...given });
  });

  test.each([
    ['no username', { username: '' }, 'Please provide username.'],
    ['no e-mail', { email: undefined }, 'Please provide email.'],
    ['an e-mail that is none', { email: 'ada' }, 'Please provide a valid email.'],
    ['a role that the org does not have', { role: 'Emperor' }, 'Please provide a valid role.'],
    ['a state that is no boolean', { is_active: 'yes' }, 'Please provide a valid is_active.'],
    ['an e-mail in use', { email: 'GRACE@example.com' }, 'A user with this email already exists.'],
    ['a login in use', { username: 'grace' }, 'A user with this username already exists.'],
  ])('refuses %s with a sentence', async (_what, more, sentence) => {
    const { sandbox, send } = await org({ users: [{ email: 'grace@example.com', username: 'grace' }] });

    const answer = await send('POST', '', newUserBody('ada@example.com', more));

    expect([answer.status, answer.json]).toEqual([400, { error: sentence }]);
    expect(sandbox.effects).toEqual([]);
  });

  test('refuses what is no JSON object', async () => {
    const { send } = await org();

    expect((await send('POST', '', [])).json).toEqual({ error: 'Please provide a JSON object.' });
    expect((await send('POST', '', '{"email":')).status).toBe(400);
  });

  test('an address and a login are free again after a delete', async () => {
    const { send, create } = await org();
    const id = await create('ada@example.com');

    expect((await send('DELETE', `${id}/`)).status).toBe(204);

    expect(await create('Ada@example.com')).not.toBe(id);
  });
});

describe('the licence', () => {
  test('counts active users only, the own account among them', async () => {
    const { send } = await org({ licences: 2, users: [{ email: 'old@example.com', is_active: false }] });

    const second = await send('POST', '', newUserBody('ada@example.com'));
    const third = await send('POST', '', newUserBody('bob@example.com'));
    const inactive = await send('POST', '', newUserBody('eve@example.com', { is_active: false }));

    expect([second.status, third.status, inactive.status]).toEqual([201, 400, 201]);
    expect(third.json.error).toMatch(/^User license limit reached/);
  });

  test('holds for invites and for reactivating too, with the status that is set', async () => {
    const { sandbox, send } = await org({
      licences: 1,
      licenceStatus: 403,
      users: [{ email: 'old@example.com', is_active: false }],
    });
    const id = profileIdOf(sandbox, 'old@example.com');

    const invite = await send('POST', 'user_invite/', { email: 'new@example.com', role: 'User' });
    const reactivate = await send('PUT', `${id}/`, { profile_id: id, is_active: true });
    const edit = await send('PUT', `${id}/`, { profile_id: id, is_active: false, email: 'old@example.com' });

    expect([invite.status, reactivate.status, edit.status]).toEqual([403, 403, 200]);
    expect(sandbox.find(id)?.profile.is_active).toBe(false);
  });

  test('has room again after a deactivation and after a delete', async () => {
    const { send, create } = await org({ licences: 2 });
    const ada = await create('ada@example.com');

    await send('PUT', `${ada}/`, { profile_id: ada, is_active: false, email: 'ada@example.com' });
    const bob = await create('bob@example.com');
    await send('DELETE', `${bob}/`);

    await create('cyd@example.com');
  });
});
