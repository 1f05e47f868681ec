import { expect, test } from 'vitest';
import { createProfileApi, ProfileApiError } from '../../src/profile-api/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';

const patience = { tries: 3, waitMs: 1 };

async function orgWithApi() {
  const sandbox = await startSandbox({});
  const config = {
    url: sandbox.url,
    apiKey: sandbox.apiKey,
    authScheme: '',
    pageSize: 100,
    concurrency: 1,
    timeout: 5_000,
  };
  const rest = { rateLimit: { max: 1_000, per: 1_000 }, insecureSkipTlsVerify: false, logout: false };
  const api = createProfileApi({ ...config, ...rest }, { patience });
  return { sandbox, api, close: () => sandbox.close().then(() => api.close()) };
}

test('a read that meets passing trouble is tried again', async () => {
  const { sandbox, api, close } = await orgWithApi();
  sandbox.fault({ operation: 'me', effect: { kind: 'status', status: 503 }, times: 2 });
  sandbox.fault({ operation: 'list', effect: { kind: 'drop' }, times: 3 });

  await expect(api.whoAmI()).resolves.toMatchObject({ isActive: true });
  await expect(api.listPage({ page: 1 })).resolves.toMatchObject({ kind: 'page' });

  await close();
});

test('its patience has an end, and a refused key needs none', async () => {
  const { sandbox, api, close } = await orgWithApi();
  sandbox.fault({ operation: 'me', effect: { kind: 'status', status: 500 } });
  sandbox.fault({ operation: 'options', effect: { kind: 'status', status: 401 } });

  await expect(api.whoAmI()).rejects.toThrow(ProfileApiError);
  await expect(api.options()).rejects.toThrow(ProfileApiError);

  expect(sandbox.requests).toMatchObject({ me: 4, options: 1 });
  await close();
});

test('a write goes out once, whatever comes back', async () => {
  const { sandbox, api, close } = await orgWithApi();
  sandbox.fault({ operation: 'create', effect: { kind: 'status', status: 503 } });
  sandbox.fault({ operation: 'invite', effect: { kind: 'drop', when: 'after' } });

  await expect(api.create({ email: 'anna@example.org', username: 'anna@example.org' })).rejects.toThrow(
    ProfileApiError,
  );
  await expect(api.invite('bea@example.org', { role: 'User' })).rejects.toThrow(ProfileApiError);

  expect(sandbox.requests).toMatchObject({ create: 1, invite: 1 });
  await close();
});
