/** Who of a tenant is looked at: by groups, assignment, administrative unit; and how changes of these are found. */
import { describe, expect, test } from 'vitest';
import {
  changesSince,
  cursorAfterReading,
  emulatedTenant,
  graphRequests,
  namesOf,
  readAll,
  type Tenant,
} from './tenant.ts';

/** Ann in a group, Bob in a group inside of it, Cid in none. */
function nested({ directory }: Tenant) {
  const outer = directory.addGroup('Staff');
  const inner = directory.addGroup('Engineers');
  const ann = directory.addUser({ displayName: 'Ann' });
  const bob = directory.addUser({ displayName: 'Bob' });
  const cid = directory.addUser({ displayName: 'Cid' });
  directory.join(outer, ann.id);
  directory.join(outer, inner.id);
  directory.join(inner, bob.id);
  return { outer, inner, ann, bob, cid };
}

describe('a scope by groups', () => {
  test('has whoever is in one of them, or in a group inside, circles too', async () => {
    await using tenant = await emulatedTenant();
    const { outer, inner } = nested(tenant);
    tenant.directory.join(inner, outer.id);
    const connector = tenant.connect({ scope: { groups: [outer.id] } });

    const { identities, end } = await readAll(connector);

    expect(namesOf(identities)).toEqual(['Ann', 'Bob']);
    expect(identities[0]?.groups).toEqual([outer.id]);
    expect(end.completeness).toEqual({ kind: 'complete' });
  });

  test('learns who joined and left, in groups inside of others as well', async () => {
    await using tenant = await emulatedTenant();
    const { outer, inner, ann, bob, cid } = nested(tenant);
    const connector = tenant.connect({ scope: { groups: [outer.id] } });
    const cursor = await cursorAfterReading(connector);
    // The reading of a small scope leaves everybody to be read once more.
    const begun = await changesSince(connector, cursor);
    tenant.directory.join(inner, cid.id);
    tenant.directory.leave(inner, bob.id);

    const { identities, departures } = await changesSince(connector, begun.cursor);

    expect(namesOf(begun.identities)).toEqual(['Ann', 'Bob']);
    expect(namesOf(identities)).toEqual(['Cid']);
    expect(departures).toEqual([{ kind: 'out-of-view', anchor: bob.id }]);
    expect(identities.some((one) => one.anchor === ann.id)).toBe(false);
  });

  test('learns of a whole group that joins, is watched from then on, and leaves', async () => {
    await using tenant = await emulatedTenant();
    const { outer, cid } = nested(tenant);
    const crew = tenant.directory.addGroup('Crew');
    tenant.directory.join(crew, cid.id);
    const dot = tenant.directory.addUser({ displayName: 'Dot' });
    const connector = tenant.connect({ scope: { groups: [outer.id] } });
    let { cursor } = await changesSince(connector, await cursorAfterReading(connector));

    tenant.directory.join(outer, crew.id);
    const joined = await changesSince(connector, cursor);
    cursor = (await changesSince(connector, joined.cursor)).cursor;
    tenant.directory.join(crew, dot.id);
    const later = await changesSince(connector, cursor);
    cursor = (await changesSince(connector, later.cursor)).cursor;
    tenant.directory.leave(outer, crew.id);
    const left = await changesSince(connector, cursor);

    expect(namesOf(joined.identities)).toEqual(['Cid']);
    expect(namesOf(later.identities)).toEqual(['Dot']);
    expect(left.departures.map((one) => one.anchor).sort()).toEqual([cid.id, dot.id].sort());
  });

  test('keeps apart who is out of it, whatever else changes about them', async () => {
    await using tenant = await emulatedTenant();
    const { outer, cid } = nested(tenant);
    const connector = tenant.connect({ scope: { groups: [outer.id] } });
    const { cursor } = await changesSince(connector, await cursorAfterReading(connector));
    tenant.directory.editUser(cid.id, { jobTitle: 'Head' });

    const { identities, departures } = await changesSince(connector, cursor);

    expect(identities).toEqual([]);
    expect(departures).toEqual([{ kind: 'out-of-view', anchor: cid.id }]);
  });

  test('does not read who was soft-deleted, though they stay members', async () => {
    await using tenant = await emulatedTenant();
    const { outer, ann } = nested(tenant);
    tenant.directory.softDelete(ann.id);

    expect(namesOf((await readAll(tenant.connect({ scope: { groups: [outer.id] } }))).identities)).toEqual([
      'Bob',
    ]);
  });

  test('whose group was deleted is an error and empties nothing', async () => {
    await using tenant = await emulatedTenant();
    const { outer } = nested(tenant);
    const gone = tenant.directory.addGroup('Gone');
    const connector = tenant.connect({ scope: { groups: [outer.id, gone.id] } });
    const { identities } = await readAll(connector);
    const anchors = identities.map((one) => one.anchor);
    tenant.directory.groups.delete(gone.id);

    await expect(readAll(connector)).rejects.toMatchObject({
      kind: 'base',
      message: expect.stringContaining(gone.id),
    });
    await expect(connector.lookup(anchors, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      kind: 'base',
    });
  });

  test('has groups of 100,000, told in slices, beside a tenant that is larger', async () => {
    await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 5_000 } });
    const group = tenant.directory.addGroup('All');
    const count = 100_000;
    for (let index = 0; index < count; index += 1) {
      const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
      tenant.directory.addUser({ displayName: `P${index}` }, id);
      group.members.set(id, 'user');
    }
    tenant.directory.addUser({ displayName: 'Outside' });
    const connector = tenant.connect({ scope: { groups: [group.id] } });
    let seen = 0;

    for await (const part of connector.read({
      attributes: ['displayName'],
      signal: AbortSignal.timeout(60_000),
    })) {
      if (part.kind === 'batch') seen += part.identities.length;
      else expect(part.completeness).toEqual({ kind: 'complete' });
    }

    expect(seen).toBe(count);
    expect(tenant.requests.filter((line) => line.includes('/groups/delta')).length).toBe(20);
  });
});

describe('a scope by assignment to an application', () => {
  function assigned(tenant: Tenant) {
    const people = nested(tenant);
    const { appId } = tenant.directory.addApplication();
    tenant.directory.assign(appId, people.outer.id, 'Group');
    tenant.directory.assign(appId, people.cid.id, 'User');
    return { ...people, appId };
  }

  test('has those who are assigned, and direct members of assigned groups, as Entra does', async () => {
    await using tenant = await emulatedTenant();
    const { appId } = assigned(tenant);

    const direct = await readAll(tenant.connect({ scope: { assignedTo: appId } }));
    const deep = await readAll(tenant.connect({ scope: { assignedTo: appId, nestedAssignments: true } }));

    expect(namesOf(direct.identities)).toEqual(['Ann', 'Cid']);
    expect(namesOf(deep.identities)).toEqual(['Ann', 'Bob', 'Cid']);
  });

  test('learns of new and ended assignments, and of members', async () => {
    await using tenant = await emulatedTenant();
    const { appId, outer, ann, bob, cid } = assigned(tenant);
    const dot = tenant.directory.addUser({ displayName: 'Dot' });
    const crew = tenant.directory.addGroup('Crew');
    tenant.directory.join(crew, dot.id);
    const connector = tenant.connect({ scope: { assignedTo: appId } });
    const settled = async (from: Parameters<typeof changesSince>[1]) =>
      (await changesSince(connector, from)).cursor;
    const cursor = await settled(await cursorAfterReading(connector));

    tenant.directory.unassign(appId, cid.id);
    tenant.directory.assign(appId, crew.id, 'Group');
    tenant.directory.join(outer, bob.id);
    const first = await changesSince(connector, cursor);
    tenant.directory.unassign(appId, outer.id);
    const second = await changesSince(connector, await settled(first.cursor));

    expect(namesOf(first.identities)).toEqual(['Bob', 'Dot']);
    expect(first.departures).toEqual([{ kind: 'out-of-view', anchor: cid.id }]);
    expect(second.departures.map((one) => one.anchor).sort()).toEqual([ann.id, bob.id].sort());
  });

  test('counts a direct member alone, also when asked for single people', async () => {
    await using tenant = await emulatedTenant();
    const { appId, ann, bob, cid } = assigned(tenant);
    const connector = tenant.connect({ scope: { assignedTo: appId } });
    const anchors = (await readAll(tenant.connect())).identities.map((one) => one.anchor);

    const found = await connector.lookup(anchors, AbortSignal.timeout(5_000));

    const kinds = Object.fromEntries([...found].map(([id, { kind }]) => [id, kind]));
    expect(kinds).toEqual({ [ann.id]: 'present', [bob.id]: 'absent', [cid.id]: 'present' });
  });
});

describe('a scope by administrative unit', () => {
  test('has its members, and learns who joined and left', async () => {
    await using tenant = await emulatedTenant();
    const { ann, bob } = nested(tenant);
    const unit = tenant.directory.addUnit('Vienna');
    tenant.directory.join(unit, ann.id);
    const connector = tenant.connect({ scope: { administrativeUnits: [unit.id] } });
    const { identities, end } = await readAll(connector);
    const begun = end.cursor && (await changesSince(connector, end.cursor));
    tenant.directory.join(unit, bob.id);
    tenant.directory.leave(unit, ann.id);

    const changes = begun && (await changesSince(connector, begun.cursor));

    expect(namesOf(identities)).toEqual(['Ann']);
    expect(namesOf(changes?.identities ?? [])).toEqual(['Bob']);
    expect(changes?.departures).toEqual([{ kind: 'out-of-view', anchor: ann.id }]);
  });
});

test('a small scope is read by its ids, whatever the size of the tenant', async () => {
  await using tenant = await emulatedTenant();
  const { outer } = nested(tenant);
  for (let index = 0; index < 1_000; index += 1) tenant.directory.addUser();

  const { end } = await readAll(tenant.connect({ scope: { groups: [outer.id] } }));

  expect(end.completeness.kind).toBe('complete');
  expect(graphRequests(tenant).filter((line) => !line.startsWith('in batch')).length).toBeLessThanOrEqual(4);
});
