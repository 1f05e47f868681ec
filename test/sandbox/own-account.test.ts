import { describe, expect, test } from 'vitest';
import { org } from './client.ts';

describe("the key's own account", () => {
  test('is a user of the org, and getmyprofile/ shows it', async () => {
    const { sandbox, send } = await org({ ownAccount: { email: 'sync@example.com', profile_id: 'own' } });

    const { json } = await send('GET', 'getmyprofile/');

    expect(json).toEqual(sandbox.find('sync@example.com')?.profile);
    expect(json.profile_id).toBe('own');
  });

  test.each([
    'preference/',
    'myprofile/',
  ])('%s keeps what it is given, for that account alone', async (path) => {
    const { sandbox, send } = await org({ ownAccount: { email: 'sync@example.com' } });

    const answer = await send('POST', path, { timezone: 'UTC', email: 'other@example.com' });

    expect(answer.status).toBe(200);
    expect(answer.json.email).toBe('sync@example.com');
    expect(sandbox.find('sync@example.com')?.extras).toEqual({ timezone: 'UTC' });
    expect(sandbox.effects).toMatchObject([{ kind: 'own-account-edited', changed: ['timezone'] }]);
  });
});

test('options/ lists what the org offers', async () => {
  const { send } = await org({ roles: ['Boss'], timezones: ['UTC'], dashboards: ['d'] });

  const { json } = await send('GET', 'options/');

  expect(json).toEqual({ roles: ['Boss'], timezones: ['UTC'], dashboards: ['d'] });
});
