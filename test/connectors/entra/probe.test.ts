/** What `check` says of a tenant. */
import { expect, test } from 'vitest';
import { emulatedTenant, type Tenant } from './tenant.ts';

async function probed(
  tenant: Tenant,
  settings: Record<string, unknown> = {},
  attributes: readonly string[] = ['mail'],
) {
  const findings = await tenant.connect(settings).probe({ attributes, signal: AbortSignal.timeout(10_000) });
  return {
    all: findings.map(({ text }) => text).join('\n'),
    bad: findings.filter(({ ok }) => !ok),
  };
}

test('names tenant, application, permissions, the count and three samples', async () => {
  await using tenant = await emulatedTenant();
  for (const displayName of ['Ann', 'Bob', 'Cid', 'Dot', 'Eve']) tenant.directory.addUser({ displayName });

  const { all, bad } = await probed(tenant);

  expect(bad).toEqual([]);
  expect(all).toContain(tenant.registration.tenantId);
  expect(all).toContain(`Rollcall (${tenant.registration.clientId})`);
  expect(all).toContain('User.Read.All');
  expect(all).toMatch(/^5 users in the tenant/m);
  expect(all.match(/For example: /g)).toHaveLength(3);
  expect(all).toContain('ann@contoso.example');
});

test('names each permission that is missing for what is configured', async () => {
  await using tenant = await emulatedTenant();
  tenant.directory.addUser();
  tenant.registration.roles = ['User.Read.All'];
  const group = tenant.directory.addGroup('Staff');

  const { bad } = await probed(tenant, { scope: { groups: [group.id] }, leaveDates: true });

  expect(bad.map(({ text }) => text).join('\n')).toMatch(
    /GroupMember\.Read\.All.*User-LifeCycleInfo\.Read\.All/s,
  );
  expect(bad[0]?.mend).toContain('consent');
});

test('warns of permissions to write', async () => {
  await using tenant = await emulatedTenant();
  tenant.directory.addUser();
  tenant.registration.roles = ['User.ReadWrite.All'];

  expect((await probed(tenant)).bad).toMatchObject([{ text: expect.stringContaining('User.ReadWrite.All') }]);
});

test('counts those in scope', async () => {
  await using tenant = await emulatedTenant();
  const group = tenant.directory.addGroup('Staff');
  for (const displayName of ['Ann', 'Bob'])
    tenant.directory.join(group, tenant.directory.addUser({ displayName }).id);
  tenant.directory.addUser({ displayName: 'Outside' });

  const { all } = await probed(tenant, { scope: { groups: [group.id] } });

  expect(all).toMatch(/^2 users in the scope/m);
  expect(all).not.toContain('outside@');
});

test('says what no user of Entra has, and who lacks an address', async () => {
  await using tenant = await emulatedTenant();
  tenant.directory.addUser({ mail: null });

  const { all, bad } = await probed(tenant, {}, ['mail', 'carLicense']);

  expect(all).toContain('Entra ID has no carLicense');
  expect(bad).toMatchObject([
    {
      text: expect.stringContaining('no e-mail address'),
      mend: expect.stringContaining('userPrincipalName'),
    },
  ]);
});

test('ends with the sentence for a sign-in that is refused', async () => {
  await using tenant = await emulatedTenant();

  const { bad } = await probed(tenant, { auth: { secret: 'wrong' } });

  expect(bad).toMatchObject([{ text: expect.stringContaining('the client secret is wrong, AADSTS7000215') }]);
});
