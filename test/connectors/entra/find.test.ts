/** Reading single users by name: each comes as a whole reading shows them, and nobody else does. */
import { describe, expect, test } from 'vitest';
import { emulatedTenant, readAll } from './tenant.ts';

const soon = (): AbortSignal => AbortSignal.timeout(10_000);
const attributes = ['mail', 'displayName', 'jobTitle'];
const email = ['mail', 'proxyAddresses'];

describe('a user', () => {
  test.each([
    ['e-mail address', 'Ann.OHara@Contoso.example'],
    ['another of their addresses', 'ann@contoso.example'],
    ['login', "ann.o'hara@contoso.example"],
    ['id', 'ABCDEF00-0000-4000-8000-000000000001'],
  ])('is found by their %s, as a whole reading shows them', async (_, name) => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser(
      {
        ...{ displayName: 'Ann', mail: 'ann.ohara@contoso.example', jobTitle: 'Pilot' },
        ...{ userPrincipalName: "ann.o'hara@contoso.example", proxyAddresses: ['smtp:ann@contoso.example'] },
      },
      'abcdef00-0000-4000-8000-000000000001',
    );
    tenant.directory.addUser({ displayName: 'Bob' });
    const connector = tenant.connect({ attributes: { email } });

    const found = await connector.find([name], { attributes, signal: soon() });

    const whole = await readAll(connector, attributes);
    expect(found).toMatchObject({ skipped: [], incomplete: undefined });
    expect(found.identities).toEqual(whole.identities.filter(({ anchor }) => anchor.startsWith('abcdef')));
    expect(found.identities).toHaveLength(1);
  });

  test('who is out of scope, a guest, or deleted is not found', async () => {
    await using tenant = await emulatedTenant();
    const guest = tenant.directory.addUser({ userType: 'Guest' });
    const gone = tenant.directory.addUser();
    tenant.directory.softDelete(gone.id);
    const other = tenant.directory.addUser();
    const group = tenant.directory.addGroup('Staff');
    tenant.directory.join(group, other.id);
    const request = { attributes, signal: soon() };

    const all = await tenant.connect().find([guest.id, gone.id, other.id], request);
    const scoped = await tenant.connect({ scope: { groups: [group.id] } }).find([other.id], request);
    const outside = tenant.directory.addUser();

    expect(all.identities.map(({ anchor }) => anchor)).toEqual([other.id]);
    expect(scoped.identities[0]?.groups).toEqual([group.id]);
    expect(
      (await tenant.connect({ scope: { groups: [group.id] } }).find([outside.id], request)).identities,
    ).toEqual([]);
  });
});

test('that Graph does not answer one of the searches is a doubt, not an absence', async () => {
  await using tenant = await emulatedTenant();
  const body = { error: { code: 'Authorization_RequestDenied', message: 'No.' } };
  tenant.faults.add({
    on: /in batch GET \/users/,
    misfortune: { kind: 'answer', status: 403, body },
    times: 99,
  });

  const found = await tenant.connect().find(['ann@contoso.example'], { attributes, signal: soon() });

  expect(found.identities).toEqual([]);
  expect(found.incomplete).toContain('Looking for users by name');
});
