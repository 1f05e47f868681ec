/** What an identity has of a user. */
import { describe, expect, test } from 'vitest';
import { changesSince, emulatedTenant, readAll } from './tenant.ts';

const extension = 'extension_0123456789abcdef0123456789abcdef_badge';

describe('attributes', () => {
  test('come by their names in Graph, the nested ones and directory extensions too', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({
      displayName: 'Ann',
      businessPhones: ['+43 1 1', '+43 1 2'],
      onPremisesSyncEnabled: true,
      onPremisesExtensionAttributes: { extensionAttribute1: 'red', extensionAttribute2: null },
      employeeOrgData: { costCenter: '4711', division: null },
      employeeHireDate: '2020-05-01T00:00:00Z',
      [extension]: 'B-12',
    });
    const wanted = [
      ...['businessPhones', 'onPremisesSyncEnabled', 'extensionAttribute1', 'extensionAttribute2'],
      ...['costCenter', 'division', 'employeeHireDate', extension],
    ];

    const { identities } = await readAll(tenant.connect(), wanted);

    expect(identities[0]?.attributes).toEqual({
      businessPhones: ['+43 1 1', '+43 1 2'],
      onPremisesSyncEnabled: ['true'],
      extensionAttribute1: ['red'],
      costCenter: ['4711'],
      employeeHireDate: ['2020-05-01T00:00:00Z'],
      [extension]: ['B-12'],
    });
  });

  test('come by the names of LDAP as well, spelled as they were asked for', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Ann Lee', surname: 'Lee', jobTitle: 'Clerk' });

    const { identities } = await readAll(tenant.connect(), ['cn', 'SN', 'title', 'JOBTITLE']);

    expect(identities[0]?.attributes).toEqual({
      cn: ['Ann Lee'],
      SN: ['Lee'],
      title: ['Clerk'],
      JOBTITLE: ['Clerk'],
    });
  });

  test('that were emptied are absent, and so is what nobody ever set', async () => {
    await using tenant = await emulatedTenant();
    const { id } = tenant.directory.addUser({ displayName: 'Ann', jobTitle: 'Clerk' });
    tenant.directory.editUser(id, { jobTitle: null });

    const { identities } = await readAll(tenant.connect(), ['jobTitle', 'department']);

    expect(identities[0]?.attributes).toEqual({});
  });

  test('`all` has what lists and changes have, without what needs another permission', async () => {
    await using tenant = await emulatedTenant();
    tenant.registration.roles = ['User.Read.All'];
    tenant.directory.addUser({ displayName: 'Ann', city: 'Graz' });

    const { identities } = await readAll(tenant.connect(), 'all');

    expect(identities[0]?.attributes).toMatchObject({ city: ['Graz'], displayName: ['Ann'] });
  });
});

describe('the e-mail address', () => {
  const addresses = {
    mail: null,
    otherMails: ['ann@home.example'],
    proxyAddresses: ['smtp:a@contoso.example', 'SMTP:ann.lee@contoso.example'],
  };

  test.each([
    ['mail', undefined],
    [['mail', 'userPrincipalName'], 'ann@contoso.example'],
    [['mail', 'otherMails'], 'ann@home.example'],
    [['mail', 'proxyAddresses'], 'ann.lee@contoso.example'],
  ])('of somebody without mail is, by %j, %s', async (email, expected) => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Ann', ...addresses });

    const { identities } = await readAll(tenant.connect({ attributes: { email } }));

    expect(identities[0]?.email).toBe(expected);
  });
});

describe('a manager', () => {
  test('is told by id, and by what is known of them, each looked up once', async () => {
    await using tenant = await emulatedTenant();
    const boss = tenant.directory.addUser({ displayName: 'Boss' });
    for (const displayName of ['Ann', 'Bob', 'Cid']) {
      const { id } = tenant.directory.addUser({ displayName });
      tenant.directory.setManager(id, boss.id);
    }
    const wanted = ['displayName', 'manager', 'managerMail', 'managerDisplayName'];

    const { identities } = await readAll(tenant.connect(), wanted);

    const [ann] = identities.filter((one) => one.label.startsWith('ann'));
    expect(ann?.attributes).toMatchObject({
      manager: [boss.id],
      managerMail: ['boss@contoso.example'],
      managerDisplayName: ['Boss'],
    });
    expect(tenant.requests.filter((line) => line.startsWith('in batch'))).toHaveLength(1);
  });

  test('who changes is a change of those they manage', async () => {
    await using tenant = await emulatedTenant();
    const boss = tenant.directory.addUser({ displayName: 'Boss' });
    const { id } = tenant.directory.addUser({ displayName: 'Ann' });
    const connector = tenant.connect();
    const { end } = await readAll(connector, ['manager']);
    tenant.directory.setManager(id, boss.id);

    const changes = end.cursor && (await changesSince(connector, end.cursor, [], ['manager']));

    expect(changes?.identities).toMatchObject([{ anchor: id, attributes: { manager: [boss.id] } }]);
  });
});

describe('the leave date', () => {
  test('makes a leaver where it is configured', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Ann', employeeLeaveDateTime: '2026-03-31T22:00:00Z' });

    const { identities } = await readAll(tenant.connect({ leaveDates: true }));

    expect(identities).toMatchObject([
      { leaveAt: new Date('2026-03-31T22:00:00Z'), leaveAtFrom: 'employeeLeaveDateTime' },
    ]);
  });

  test('is not even asked for elsewhere', async () => {
    await using tenant = await emulatedTenant();
    tenant.registration.roles = ['User.Read.All'];
    tenant.directory.addUser({ displayName: 'Ann', employeeLeaveDateTime: '2026-03-31T22:00:00Z' });

    const { identities } = await readAll(tenant.connect());

    expect(identities).toMatchObject([{ leaveAt: undefined }]);
  });

  // Nobody outside of Microsoft can say whether Graph refuses or keeps silent; silence would undo every leaving.
  test.each([
    'refused',
    'left-out',
  ] as const)('without its permission stops the reading, be it %s by Graph', async (leaveDateWithoutPermission) => {
    await using tenant = await emulatedTenant({ tenant: { leaveDateWithoutPermission } });
    tenant.registration.roles = ['User.Read.All'];
    tenant.directory.addUser({ displayName: 'Ann', employeeLeaveDateTime: '2026-03-31T22:00:00Z' });

    await expect(readAll(tenant.connect({ leaveDates: true }))).rejects.toMatchObject({
      kind: 'permission',
      message: expect.stringContaining('User-LifeCycleInfo.Read.All'),
    });
    await expect(readAll(tenant.connect(), ['employeeLeaveDateTime'])).rejects.toMatchObject({
      kind: 'permission',
    });
  });
});
