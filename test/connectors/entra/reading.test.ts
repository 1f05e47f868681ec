/** Whole readings of a tenant: who is in them, and what makes one complete. */
import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../connectors/source-error.ts';
import {
  changesSince,
  cursorAfterReading,
  emulatedTenant,
  graphRequests,
  namesOf,
  readAll,
} from './tenant.ts';

const people = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `Person ${String(index).padStart(3, '0')}`);

describe('a whole reading', () => {
  test('shows everybody, page by page, and ends with a place in the changes', async () => {
    await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 3, hasEmptyPages: true } });
    for (const displayName of people(8)) tenant.directory.addUser({ displayName });

    const { identities, end } = await readAll(tenant.connect());

    expect(namesOf(identities)).toEqual(people(8));
    expect(end).toMatchObject({ completeness: { kind: 'complete' }, cursor: expect.any(String) });
  });

  test('shows disabled people as such, and takes nobody for disabled of whom Graph does not say so', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Blocked', accountEnabled: false });
    const unsaid = tenant.directory.addUser({ displayName: 'Unsaid' });
    unsaid.everSet.delete('accountEnabled');

    const { identities } = await readAll(tenant.connect());

    const blocked = identities.find((one) => one.label.startsWith('blocked'));
    expect(blocked).toMatchObject({ active: false, whyInactive: expect.stringContaining('accountEnabled') });
    expect(identities.find((one) => one.label.startsWith('unsaid'))?.active).toBe(true);
  });

  test('tells employee numbers, of employeeId or of the property that is named', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Numbered', employeeId: '4711', mailNickname: 'nick' });
    tenant.directory.addUser({ displayName: 'Without' });
    const numbersOf = async (config: Parameters<typeof tenant.connect>[0]) =>
      (await readAll(tenant.connect(config))).identities.map((one) => one.employeeNumber).sort();

    expect(await numbersOf({})).toEqual(['4711', undefined]);
    expect(await numbersOf({ attributes: { employeeNumber: 'mailNickname' } })).toContain('nick');
  });

  test("tells first days, where the property is named: a time, or a day of an attribute of one's own", async () => {
    await using tenant = await emulatedTenant();
    const employeeHireDate = '2026-04-01T00:00:00Z';
    tenant.directory.addUser({ displayName: 'New', employeeHireDate, mailNickname: '2026-05-01' });
    const startsOf = async (config: Parameters<typeof tenant.connect>[0]) =>
      (await readAll(tenant.connect(config))).identities.map((one) => one.start);

    expect(await startsOf({})).toEqual([undefined]);
    expect(await startsOf({ attributes: { startDate: 'employeeHireDate' } })).toEqual([
      { kind: 'at', at: new Date(employeeHireDate), from: 'employeeHireDate' },
    ]);
    expect(await startsOf({ attributes: { startDate: 'mailNickname' } })).toEqual([
      { kind: 'at', at: new Date('2026-05-01T00:00:00Z'), from: 'mailNickname' },
    ]);
  });

  test('leaves out guests unless told otherwise', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Member' });
    tenant.directory.addUser({ displayName: 'Guest', userType: 'Guest' });
    const old = tenant.directory.addUser({ displayName: 'Old member' });
    old.everSet.delete('userType');

    const usual = await readAll(tenant.connect());
    const withGuests = await readAll(tenant.connect({ scope: { guests: true } }));

    expect(namesOf(usual.identities)).toEqual(['Member', 'Old member']);
    expect(namesOf(withGuests.identities)).toEqual(['Guest', 'Member', 'Old member']);
    expect(usual.end.completeness.kind).toBe('complete');
  });

  test('has nobody in it who is deleted, although Graph may tell of them', async () => {
    await using tenant = await emulatedTenant({ tenant: { tellsOldDeletions: true } });
    tenant.directory.addUser({ displayName: 'Here' });
    tenant.directory.softDelete(tenant.directory.addUser({ displayName: 'Soft' }).id);
    tenant.directory.hardDelete(tenant.directory.addUser({ displayName: 'Hard' }).id);

    const { identities, end } = await readAll(tenant.connect());

    expect(namesOf(identities)).toEqual(['Here']);
    expect(end.completeness.kind).toBe('complete');
  });

  test('shows somebody who was restored, of which the changes had told nothing', async () => {
    await using tenant = await emulatedTenant({ tenant: { tellsRestores: false } });
    tenant.directory.addUser({ displayName: 'Here' });
    const { id } = tenant.directory.addUser({ displayName: 'Back' });
    tenant.directory.softDelete(id);
    const connector = tenant.connect();
    const cursor = await cursorAfterReading(connector);
    tenant.directory.restore(id);

    const { identities } = await changesSince(connector, cursor);
    const whole = await readAll(connector);

    expect(namesOf(identities)).toEqual([]);
    expect(namesOf(whole.identities)).toEqual(['Back', 'Here']);
  });

  test('gives nobody twice; what it said of somebody last comes with the first changes', async () => {
    await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 2 } });
    const [first] = people(5).map((displayName) =>
      tenant.directory.addUser({ displayName, jobTitle: 'Clerk' }),
    );
    const gone = tenant.directory.addUser({ displayName: 'Gone meanwhile' });
    const late = tenant.directory.addUser({ displayName: 'Late' });
    if (first === undefined) throw new Error('The tenant is empty.');
    // The last page of the first reading tells again of those who changed while it went on.
    tenant.faults.add({
      on: /GET \/users\/delta\?\$skiptoken/,
      misfortune: {
        kind: 'change',
        with(body) {
          if (tenant.directory.users.get(first.id)?.properties.jobTitle === 'Clerk') {
            tenant.directory.editUser(first.id, { jobTitle: 'Head' });
            tenant.directory.softDelete(gone.id);
          }
          return body;
        },
      },
      after: 1,
    });
    const connector = tenant.connect();

    const { identities, end } = await readAll(connector);
    const changes = end.cursor && (await changesSince(connector, end.cursor));

    expect(new Set(identities.map((one) => one.anchor)).size).toBe(identities.length);
    expect(identities.some((one) => one.anchor === late.id)).toBe(true);
    expect(changes?.identities).toMatchObject([{ anchor: first.id, attributes: { jobTitle: ['Head'] } }]);
    const told = [
      ...identities.map((one) => one.anchor),
      ...(changes?.departures ?? []).map((one) => one.anchor),
    ];
    expect(told).toContain(gone.id);
  });

  test('asks for what is mapped, and for nothing else that a person has', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Ann' });

    await readAll(tenant.connect(), ['mail', 'jobTitle', 'noSuchAttribute']);

    const [first = ''] = graphRequests(tenant);
    expect(first).toBe(
      'GET /users/delta?$select=accountEnabled,employeeId,id,jobTitle,mail,userPrincipalName,userType',
    );
  });
});

describe('a reading is incomplete, and gives no place in the changes,', () => {
  const cases = {
    'where a page never comes': { kind: 'answer', status: 503 },
    'where a page is cut off each time': { kind: 'cut' },
    'where a page ends in the middle of its JSON': { kind: 'half' },
    'where a page unfolds to more than 64 MiB': { kind: 'bomb', mib: 80 },
    'where a proxy answers with a web page': { kind: 'html', status: 200 },
    'where a 200 has an error in it': {
      kind: 'change',
      with: () => ({ error: { code: 'UnknownError', message: 'Something went wrong.' } }),
    },
    'where the connection is reset each time': { kind: 'reset' },
    'where the pages lead in circles': { kind: 'loop' },
    'where a link leads to another host': { kind: 'link', to: 'https://evil.example/v1.0/users/delta' },
    'where a page has no list': { kind: 'change', with: () => ({ '@odata.nextLink': 'https://x' }) },
    'where a page has neither link': {
      kind: 'change',
      with: (body: object) => ({ value: Object(body).value }),
    },
  } as const;

  test.each(Object.entries(cases))('%s', async (_, misfortune) => {
    await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 2 } });
    for (const displayName of people(6)) tenant.directory.addUser({ displayName });
    tenant.faults.add({ on: /GET \/users\/delta\?\$skiptoken/, misfortune, times: 50 });

    const { identities, end } = await readAll(tenant.connect());

    expect(identities.length).toBeGreaterThan(0);
    expect(end.completeness).toMatchObject({ kind: 'incomplete', reason: expect.stringMatching(/\.$/) });
    expect(end.cursor).toBeUndefined();
  });

  test('where Graph showed far fewer than it counts', async () => {
    await using tenant = await emulatedTenant({ tenant: { countTold: 500 } });
    for (const displayName of people(40)) tenant.directory.addUser({ displayName });

    const { end } = await readAll(tenant.connect());

    expect(end.completeness).toMatchObject({ kind: 'incomplete', reason: expect.stringContaining('500') });
  });

  test('where it shows nobody', async () => {
    await using tenant = await emulatedTenant();

    const { end } = await readAll(tenant.connect());

    expect(end.completeness).toMatchObject({ kind: 'incomplete', reason: expect.stringContaining('nobody') });
  });

  test('where somebody came without an id', async () => {
    await using tenant = await emulatedTenant();
    for (const displayName of people(3)) tenant.directory.addUser({ displayName });
    tenant.faults.add({
      on: /GET \/users\/delta/,
      misfortune: {
        kind: 'change',
        with: (body) => ({
          ...body,
          value: [...Object(body).value, { userPrincipalName: 'x@contoso.example' }],
        }),
      },
    });

    const { skipped, end } = await readAll(tenant.connect());

    expect(skipped).toMatchObject([{ label: 'x@contoso.example', anchor: undefined }]);
    expect(end.completeness.kind).toBe('incomplete');
  });
});

describe('a reading goes on', () => {
  test.each([
    ['a page that was cut off once', { kind: 'cut' }],
    ['a reset connection', { kind: 'reset' }],
    ['a server in trouble', { kind: 'answer', status: 502 }],
  ] as const)('after %s', async (_, misfortune) => {
    await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 2 } });
    for (const displayName of people(6)) tenant.directory.addUser({ displayName });
    tenant.faults.add({ on: /GET \/users\/delta\?\$skiptoken/, misfortune, times: 2 });

    const { identities, end } = await readAll(tenant.connect());

    expect(namesOf(identities)).toEqual(people(6));
    expect(end.completeness.kind).toBe('complete');
  });
});

test('a reading that shows nothing at all throws, with what to do', async () => {
  await using tenant = await emulatedTenant();
  tenant.registration.roles = [];

  const reading = readAll(tenant.connect());

  await expect(reading).rejects.toThrow(SourceError);
  await expect(reading).rejects.toMatchObject({
    kind: 'permission',
    message: expect.stringMatching(/403 Authorization_RequestDenied.*request-id.*User\.Read\.All/s),
  });
});
