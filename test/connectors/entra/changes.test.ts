/** What has changed since a place: partial, repeated, late and contradictory words of Graph's, and their truth. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cursor } from '../../../connectors/connector.ts';
import type { Expiry } from '../../servers/entra/delta.ts';
import {
  changesSince,
  cursorAfterReading,
  emulatedTenant,
  graphRequests,
  namesOf,
  readAll,
  type Tenant,
} from './tenant.ts';

async function begun(tenant: Tenant, settings: Record<string, unknown> = {}) {
  const connector = tenant.connect(settings);
  return { connector, cursor: await cursorAfterReading(connector) };
}

describe('changes', () => {
  test('cost one request when there are none', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Ann' });
    const { connector, cursor } = await begun(tenant);
    const before = tenant.requests.length;

    const changes = await changesSince(connector, cursor);

    expect(changes).toMatchObject({ identities: [], departures: [], end: { kind: 'end' } });
    expect(graphRequests(tenant, before)).toHaveLength(1);
  });

  test.each([
    'whole',
    'changed',
  ] as const)('tell of joiners and movers as whole people, though Graph shows %s ones', async (deltaShows) => {
    await using tenant = await emulatedTenant({ tenant: { deltaShows } });
    const ann = tenant.directory.addUser({ displayName: 'Ann', jobTitle: 'Clerk' });
    const { connector, cursor } = await begun(tenant);
    tenant.directory.editUser(ann.id, { jobTitle: 'Head' });
    tenant.directory.addUser({ displayName: 'Bob' });

    const { identities } = await changesSince(connector, cursor);

    expect(namesOf(identities)).toEqual(['Ann', 'Bob']);
    expect(identities.find((one) => one.anchor === ann.id)).toMatchObject({
      active: true,
      email: 'ann@contoso.example',
      attributes: { displayName: ['Ann'], jobTitle: ['Head'], mail: ['ann@contoso.example'] },
    });
  });

  test('of what nobody asked for are none', async () => {
    await using tenant = await emulatedTenant();
    const { id } = tenant.directory.addUser({ displayName: 'Ann' });
    const { connector, cursor } = await begun(tenant);
    tenant.directory.editUser(id, { city: 'Graz' });

    expect((await changesSince(connector, cursor)).identities).toEqual([]);
  });

  test('tell of somebody who was blocked, and of nobody else as blocked', async () => {
    await using tenant = await emulatedTenant({ tenant: { deltaShows: 'changed' } });
    const ann = tenant.directory.addUser({ displayName: 'Ann' });
    const bob = tenant.directory.addUser({ displayName: 'Bob' });
    const { connector, cursor } = await begun(tenant);
    tenant.directory.editUser(ann.id, { accountEnabled: false });
    tenant.directory.editUser(bob.id, { jobTitle: 'Head' });

    const { identities } = await changesSince(connector, cursor);

    const activity = new Map(identities.map((one) => [one.anchor as string, one.active]));
    expect(activity).toEqual(
      new Map([
        [ann.id, false],
        [bob.id, true],
      ]),
    );
  });

  test('tell of the deleted by the source’s own word, and which of them can be restored', async () => {
    await using tenant = await emulatedTenant();
    const soft = tenant.directory.addUser({ displayName: 'Soft' });
    const hard = tenant.directory.addUser({ displayName: 'Hard' });
    const { connector, cursor } = await begun(tenant);
    tenant.directory.softDelete(soft.id);
    tenant.directory.hardDelete(hard.id);

    const { departures } = await changesSince(connector, cursor);

    expect(departures).toEqual([
      { kind: 'deleted', anchor: soft.id, reason: expect.stringContaining('30 days') },
      { kind: 'deleted', anchor: hard.id, reason: expect.stringContaining('for good') },
    ]);
  });

  test('tell of somebody restored where Graph does', async () => {
    await using tenant = await emulatedTenant({ tenant: { tellsRestores: true } });
    tenant.directory.addUser({ displayName: 'Here' });
    const { id } = tenant.directory.addUser({ displayName: 'Back' });
    tenant.directory.softDelete(id);
    const { connector, cursor } = await begun(tenant);
    tenant.directory.restore(id);

    expect(namesOf((await changesSince(connector, cursor)).identities)).toEqual(['Back']);
  });

  test('read those who are asked for besides, whether they changed or not', async () => {
    await using tenant = await emulatedTenant();
    const ann = tenant.directory.addUser({ displayName: 'Ann' });
    const soft = tenant.directory.addUser({ displayName: 'Soft' });
    tenant.directory.addUser({ displayName: 'Bob' });
    const { connector, cursor } = await begun(tenant);
    const { identities: all } = await readAll(connector);
    const anchors = all
      .filter((one) => one.anchor === ann.id || one.anchor === soft.id)
      .map((one) => one.anchor);
    tenant.directory.softDelete(soft.id);
    const next = await changesSince(connector, cursor);

    const { identities, departures } = await changesSince(connector, next.cursor, anchors);

    expect(namesOf(identities)).toEqual(['Ann']);
    expect(departures).toMatchObject([{ kind: 'deleted', anchor: soft.id }]);
  });

  test('over many pages lose nobody', async () => {
    await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 3 } });
    tenant.directory.addUser({ displayName: 'Here' });
    const { connector, cursor } = await begun(tenant);
    for (let index = 0; index < 20; index += 1) tenant.directory.addUser({ displayName: `New ${index}` });

    expect((await changesSince(connector, cursor)).identities).toHaveLength(20);
  });
});

describe('where the stream and reads disagree', () => {
  test('a value that the stream told wins, and the person is read again the next time', async () => {
    await using tenant = await emulatedTenant({ tenant: { deltaShows: 'changed' } });
    const { id } = tenant.directory.addUser({ displayName: 'Ann' });
    const { connector, cursor } = await begun(tenant);
    tenant.directory.letReadsLag(id);
    tenant.directory.editUser(id, { accountEnabled: false });

    const first = await changesSince(connector, cursor);
    tenant.directory.letReadsCatchUp();
    const second = await changesSince(connector, first.cursor);
    const third = await changesSince(connector, second.cursor);

    expect(first.identities).toMatchObject([{ anchor: id, active: false }]);
    expect(second.identities).toMatchObject([{ anchor: id, active: false }]);
    expect(third.identities).toEqual([]);
  });

  test('somebody new whom no read shows yet is found the next time', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Here' });
    const { connector, cursor } = await begun(tenant);
    tenant.directory.letReadsLag('11111111-1111-1111-1111-111111111111');
    tenant.directory.addUser({ displayName: 'New' }, '11111111-1111-1111-1111-111111111111');

    const first = await changesSince(connector, cursor);
    tenant.directory.letReadsCatchUp();
    const second = await changesSince(connector, first.cursor);

    expect(first).toMatchObject({ identities: [], departures: [] });
    expect(namesOf(second.identities)).toEqual(['New']);
  });

  test('a removal counts although a read still shows the person, since they are among the deleted', async () => {
    await using tenant = await emulatedTenant();
    const { id } = tenant.directory.addUser({ displayName: 'Ann' });
    const { connector, cursor } = await begun(tenant);
    tenant.directory.letReadsLag(id);
    tenant.directory.softDelete(id);

    expect((await changesSince(connector, cursor)).departures).toMatchObject([
      { kind: 'deleted', anchor: id },
    ]);
  });

  test('a removal that is told again of somebody who is back removes nobody', async () => {
    await using tenant = await emulatedTenant();
    const { id } = tenant.directory.addUser({ displayName: 'Ann' });
    const { connector, cursor } = await begun(tenant);
    tenant.faults.add({
      on: /GET \/users\/delta/,
      misfortune: {
        kind: 'change',
        with: (body) => ({ ...body, value: [{ id, '@removed': { reason: 'changed' } }] }),
      },
    });

    const { identities, departures } = await changesSince(connector, cursor);

    expect(departures).toEqual([]);
    expect(identities).toMatchObject([{ anchor: id }]);
  });
});

describe('of several words about somebody, the last counts', () => {
  const say = (tenant: Tenant, value: readonly object[]): void =>
    tenant.faults.add({
      on: /GET \/users\/delta/,
      misfortune: { kind: 'change', with: (body) => ({ ...body, value }) },
    });

  test('also where they are parts of a whole', async () => {
    await using tenant = await emulatedTenant();
    const { id } = tenant.directory.addUser({ displayName: 'Ann', jobTitle: 'Clerk' });
    const { connector, cursor } = await begun(tenant);
    say(tenant, [
      { id, jobTitle: 'Old' },
      { id, displayName: 'Anna' },
      { id: id.toUpperCase(), jobTitle: 'Head' },
    ]);

    const { identities } = await changesSince(connector, cursor);

    expect(identities).toMatchObject([{ attributes: { displayName: ['Anna'], jobTitle: ['Head'] } }]);
  });

  test('removed, then there: they are there', async () => {
    await using tenant = await emulatedTenant();
    const { id } = tenant.directory.addUser({ displayName: 'Ann' });
    const { connector, cursor } = await begun(tenant);
    say(tenant, [
      { id, '@removed': { reason: 'changed' } },
      { id, displayName: 'Ann' },
    ]);

    expect(await changesSince(connector, cursor)).toMatchObject({
      identities: [{ anchor: id }],
      departures: [],
    });
  });
});

describe('a place that is of no use any more asks for a whole reading:', () => {
  const forms: readonly Expiry[] = [
    'syncStateNotFound',
    'resyncRequired',
    'gone-with-location',
    'older-than-30-days',
    'expired-page-token',
  ];

  test.each(forms)('%s', async (form) => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Ann' });
    const { connector, cursor } = await begun(tenant);
    tenant.deltas.expire(form);

    const { end } = await changesSince(connector, cursor);

    expect(end).toMatchObject({ kind: 'cursor-lost', reason: expect.stringContaining('Graph answered') });
    expect((await readAll(connector)).end).toMatchObject({ completeness: { kind: 'complete' } });
  });

  test('of another query, scope or tenant', async () => {
    await using tenant = await emulatedTenant();
    tenant.directory.addUser({ displayName: 'Ann' });
    const { connector, cursor } = await begun(tenant);

    expect((await changesSince(connector, cursor, [], ['city'])).end.kind).toBe('cursor-lost');
    expect((await changesSince(tenant.connect({ tenantId: 'other.example' }), cursor)).end.kind).toBe(
      'cursor-lost',
    );
  });

  test('any text that is none', async () => {
    await using tenant = await emulatedTenant();
    const connector = tenant.connect();

    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect((await changesSince(connector, text as Cursor)).end.kind).toBe('cursor-lost');
      }),
      { numRuns: 30 },
    );
  });
});

test('a mistake in our own query is not taken for an expired place', async () => {
  await using tenant = await emulatedTenant();
  tenant.directory.addUser({ displayName: 'Ann' });
  const { connector, cursor } = await begun(tenant);
  const body = { error: { code: 'BadRequest', message: "Could not find a property named 'x'." } };
  tenant.faults.add({ on: /GET \/users\/delta/, misfortune: { kind: 'answer', status: 400, body } });

  await expect(changesSince(connector, cursor)).rejects.toMatchObject({ kind: 'filter' });
});

test('changes that break off keep the old place', async () => {
  await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 2 } });
  tenant.directory.addUser({ displayName: 'Here' });
  const { connector, cursor } = await begun(tenant);
  for (let index = 0; index < 6; index += 1) tenant.directory.addUser({ displayName: `New ${index}` });
  tenant.faults.add({ on: /\$skiptoken/, misfortune: { kind: 'answer', status: 503 }, times: 20 });

  const broken = await changesSince(connector, cursor);
  tenant.faults.clear();
  const whole = await changesSince(connector, cursor);

  expect(broken.end).toMatchObject({ kind: 'broken', reason: expect.stringContaining('503') });
  expect(whole.identities).toHaveLength(6);
});
