import { describe, expect, test } from 'vitest';
import { org, profileIdOf } from './client.ts';

const ada = {
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  customer_id: [7],
  customer_entity_id: ['a'],
  is_multiple_customer_user: true,
  is_profile_image: true,
  extras: { phone: '1', role: 'Manager' },
};

describe('PUT /{id}/', () => {
  test('puts what is left out back to the defaults: it replaces', async () => {
    const { sandbox, send } = await org({ users: [{ ...ada, is_active: false }] });
    const id = profileIdOf(sandbox, ada.email);

    const answer = await send('PUT', `${id}/`, { profile_id: id, phone: '2' });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      email: null,
      is_active: true,
      customer_id: [],
      customer_entity_id: [],
      is_multiple_customer_user: false,
      is_profile_image: false,
    });
    expect(sandbox.find(id)?.extras).toEqual({ phone: '2' });
    expect(sandbox.effects).toMatchObject([{ kind: 'reactivated', profileId: id }]);
    expect(new Set(sandbox.effects[0]?.changed)).toEqual(
      new Set([
        'email',
        'is_active',
        'customer_id',
        'customer_entity_id',
        'is_multiple_customer_user',
        'is_profile_image',
        'phone',
        'role',
      ]),
    );
  });

  test('changes nothing where everything is sent back as it was read', async () => {
    const { sandbox, send } = await org({ users: [ada] });
    const id = profileIdOf(sandbox, ada.email);
    const { json: before } = await send('GET', `${id}/`);

    const { json: after } = await send('PUT', `${id}/`, { ...before, ...ada.extras });

    expect(after).toEqual(before);
    expect(sandbox.effects).toMatchObject([{ kind: 'edited', changed: [] }]);
  });

  test('ignores the read-only fields without a word', async () => {
    const { sandbox, send } = await org({ users: [ada] });
    const id = profileIdOf(sandbox, ada.email);
    const { json: before } = await send('GET', `${id}/`);
    const vain = {
      profile: 'x',
      profile_image: 'x',
      avatar: 'x',
      name: 'x',
      last_loggged_in: 'x',
      actual_username: 'x',
      creation_time: '2000-01-01T00:00:00.000Z',
      user: 1,
    };

    const answer = await send('PUT', `${id}/`, { ...before, ...vain });

    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(before);
    expect(sandbox.find(id)?.extras).toEqual({});
  });

  test('keeps no password', async () => {
    const { sandbox, send } = await org({ users: [ada] });
    const id = profileIdOf(sandbox, ada.email);

    await send('PUT', `${id}/`, { profile_id: id, email: ada.email, password: 'x', confirm_password: 'x' });

    expect(sandbox.find(id)?.extras).toEqual({});
  });

  test.each([
    ['no profile_id', { email: 'ada@example.com' }, 'Please provide profile_id.'],
    ["another's profile_id", { profile_id: 'other' }, 'profile_id does not match the user.'],
    [
      "somebody else's e-mail",
      { profile_id: 'ada', email: 'BOB@example.com' },
      'A user with this email already exists.',
    ],
    ['an unknown role', { profile_id: 'ada', role: 'Emperor' }, 'Please provide a valid role.'],
    ['a list that is none', { profile_id: 'ada', customer_id: '7' }, 'Please provide a valid customer_id.'],
  ])('refuses %s, and changes nothing', async (_what, body, sentence) => {
    const { sandbox, send } = await org({
      users: [{ ...ada, profile_id: 'ada' }, { email: 'bob@example.com' }],
    });
    const before = sandbox.users;

    const answer = await send('PUT', 'ada/', body);

    expect([answer.status, answer.json]).toEqual([400, { error: sentence }]);
    expect(sandbox.users).toEqual(before);
    expect(sandbox.effects).toEqual([]);
  });

  test('takes the same e-mail in another case', async () => {
    const { sandbox, send } = await org({ users: [{ ...ada, profile_id: 'ada' }] });

    await send('PUT', 'ada/', { profile_id: 'ada', email: 'Ada@Example.com' });

    expect(sandbox.find('ada@example.com')?.profile.email).toBe('Ada@Example.com');
  });

  test('counts each deactivation as taken off the assets, which reactivating does not undo', async () => {
    const { sandbox, send } = await org({ users: [{ ...ada, profile_id: 'ada' }] });
    const put = (isActive: boolean) =>
      send('PUT', 'ada/', { profile_id: 'ada', email: ada.email, is_active: isActive });

    for (const isActive of [false, false, true, false]) await put(isActive);

    expect(sandbox.find('ada')?.removedFromAssets).toBe(2);
    expect(sandbox.effects.map((effect) => effect.kind)).toEqual([
      'deactivated',
      'edited',
      'reactivated',
      'deactivated',
    ]);
  });
});

describe('unknown ids', () => {
  test.each(['GET', 'PUT', 'DELETE'])('%s answers 404 with a sentence', async (method) => {
    const { send } = await org();

    const answer = await send(method, 'nobody/', method === 'PUT' ? { profile_id: 'nobody' } : undefined);

    expect([answer.status, answer.json]).toEqual([404, { error: 'User profile not found.' }]);
  });
});
