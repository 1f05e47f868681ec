/** The main job with Microsoft Entra ID as the source, from an emulated tenant over HTTPS to the org. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test, vi } from 'vitest';
import type { ReadingMode } from '../../src/store/schema.ts';
import { cursorOf } from '../../src/store/sources/cursors.ts';
import type { Expiry } from '../servers/entra/delta.ts';
import { installEntra, mailOf } from './entra-installation.ts';
import { people } from './installation.ts';

const staff = ['Ann', 'Bob', 'Cleo'];

describe.each(['full', 'delta'] as const)('by %s readings', (reading: ReadingMode) => {
  test('somebody joins, moves, is blocked, comes back, is deleted, restored, and deleted for good', async () => {
    // Whether a delta tells of restores is up to Graph; the test below is about one that does not.
    await using here = await installEntra({ people: staff, tenant: { tellsRestores: true } });
    const { directory } = here.entra;
    await here.run('full');
    const next = () => here.run(reading);
    const told = async () => (await next()).deeds;

    const { id } = directory.addUser({ displayName: 'Zoe', jobTitle: 'Clerk' });
    expect(await told()).toEqual(['create done zoe@contoso.example']);
    expect(here.isActive('Zoe')).toBe(true);

    directory.editUser(id, { jobTitle: 'Head' });
    const moved = await next();
    expect(moved.deeds).toEqual(['edit done zoe@contoso.example']);
    expect(await here.operations(moved.id)).toMatchObject([
      { before: { organization_role: 'Clerk' }, after: { organization_role: 'Head' } },
    ]);

    directory.editUser(id, { accountEnabled: false });
    expect(await told()).toEqual(['deactivate done zoe@contoso.example']);
    directory.editUser(id, { accountEnabled: true });
    expect(await told()).toEqual(['reactivate done zoe@contoso.example']);

    // The tenant's own word: no grace, though there is one of 24 hours.
    directory.softDelete(id);
    expect(await told()).toEqual(['deactivate done zoe@contoso.example']);
    directory.restore(id);
    expect(await told()).toEqual(['reactivate done zoe@contoso.example']);
    expect(here.isActive('Zoe')).toBe(true);

    directory.softDelete(id);
    await next();
    directory.hardDelete(id);
    expect(await told()).toEqual([]);
    expect(here.isActive('Zoe')).toBe(false);
    const last = await next();
    expect(last).toMatchObject({ deeds: [], error: undefined, summary: { incomplete: null } });
    expect(staff.map((name) => here.isActive(name))).toEqual([true, true, true]);
  });
});

test('somebody deleted for good at once is deactivated by a delta, and by a whole reading after the grace', async () => {
  await using here = await installEntra({ people: staff });
  const [ann, bob] = [...here.entra.directory.users.keys()];
  await here.run('full');

  here.entra.directory.hardDelete(ann ?? '');
  expect((await here.run('delta')).deeds).toEqual(['deactivate done ann@contoso.example']);
  here.entra.directory.hardDelete(bob ?? '');
  expect(await here.run('full')).toMatchObject({ deeds: [], findings: ['waiting bob@contoso.example'] });
  await here.engine.store.db
    .updateTable('links')
    .set({ absent_since: new Date(Date.now() - 25 * 3_600_000) })
    .where('absent_since', 'is not', null)
    .execute();
  expect((await here.run('full')).deeds).toEqual(['deactivate done bob@contoso.example']);
});

test('somebody restored of whom no delta tells is found by the next whole reading', async () => {
  await using here = await installEntra({ people: staff, tenant: { tellsRestores: false } });
  const [ann = ''] = [...here.entra.directory.users.keys()];
  await here.run('full');
  here.entra.directory.softDelete(ann);
  await here.run('delta');
  here.entra.directory.restore(ann);

  expect((await here.run('delta')).deeds).toEqual([]);
  expect((await here.run('full')).deeds).toEqual(['reactivate done ann@contoso.example']);
});

test('who leaves the group of the scope waits for the grace, and a group that is gone removes nobody', async () => {
  const group = '33333333-3333-4333-8333-333333333333';
  await using here = await installEntra({
    people: staff,
    source: `scope: { groups: [${group}] }`,
    config: { lifecycle: '{ grace: 0s }' },
  });
  const { directory, registration } = here.entra;
  const members = directory.addGroup('Staff', group);
  const [ann = '', bob = ''] = [...directory.users.keys()];
  directory.join(members, ann);
  directory.join(members, bob);
  expect((await here.run('full')).deeds).toHaveLength(2);

  directory.leave(members, ann);
  expect((await here.run('delta')).deeds).toEqual(['deactivate done ann@contoso.example']);

  directory.groups.delete(group);
  expect(await here.run('full')).toMatchObject({ deeds: [], error: expect.stringContaining(group) });
  directory.groups.set(group, members);
  registration.roles = ['User.Read.All'];
  const refused = await here.run('full');
  expect(refused).toMatchObject({ deeds: [], error: expect.stringContaining('GroupMember.Read.All') });
  expect(here.isActive('Bob')).toBe(true);
});

test('a role follows the groups that somebody is in, also by a group inside of another, by deltas', async () => {
  const admins = '55555555-5555-4555-8555-555555555555';
  await using here = await installEntra({
    people: staff,
    config: {
      mapping: `{ email: email, username: login, name: displayName, organization_role: '"${admins}" in user.groups ? "Admin" : "User"' }`,
    },
  });
  const { directory } = here.entra;
  const group = directory.addGroup('Admins', admins);
  const inner = directory.addGroup('Night shift');
  directory.join(group, inner.id);
  const [ann = ''] = [...directory.users.keys()];
  await here.run('full');

  directory.join(inner, ann);
  const joined = await here.run('delta');
  directory.leave(group, inner.id);
  const left = await here.run('delta');

  expect(joined.summary).toMatchObject({ reading: 'delta' });
  expect(await here.operations(joined.id)).toMatchObject([{ after: { organization_role: 'Admin' } }]);
  expect(await here.operations(left.id)).toMatchObject([
    { email: mailOf('Ann'), after: { organization_role: 'User' } },
  ]);
});

describe('a place in the changes that is of no use any more starts a whole reading by itself:', () => {
  const forms: readonly Expiry[] = [
    'syncStateNotFound',
    'resyncRequired',
    'gone-with-location',
    'older-than-30-days',
    'expired-page-token',
  ];

  test('in every form that Graph has for it', async () => {
    await using here = await installEntra({ people: staff });
    const { directory, deltas } = here.entra;
    await here.run('full');
    const [ann = ''] = [...directory.users.keys()];

    for (const [index, form] of forms.entries()) {
      deltas.expire(form);
      directory.editUser(ann, { jobTitle: `Role ${index}` });
      const { summary, deeds } = await here.run('delta');

      expect(summary, form).toMatchObject({
        reading: 'full',
        fallback: expect.stringContaining('Graph answered'),
        incomplete: null,
      });
      expect(deeds, form).toEqual(['edit done ann@contoso.example']);
    }
    // From the new place, changes are told again.
    directory.editUser(ann, { jobTitle: 'Head' });
    expect((await here.run('delta')).summary).toMatchObject({ reading: 'delta', fallback: null });
  });
});

test('a delta that breaks off half-way applies what came and removes nobody, and the next begins at the same place', async () => {
  await using here = await installEntra({ people: staff, tenant: { deltaPageSize: 1 } });
  const { directory, faults } = here.entra;
  const [ann = '', bob = '', cleo = ''] = [...directory.users.keys()];
  await here.run('full');
  const place = await cursorOf(here.engine.store.db, people);
  directory.editUser(ann, { jobTitle: 'Head' });
  directory.softDelete(bob);
  directory.editUser(cleo, { jobTitle: 'Head' });
  const body = { error: { code: 'Authorization_RequestDenied', message: 'No.' } };
  faults.add({ on: /\$skiptoken/, after: 1, misfortune: { kind: 'answer', status: 403, body } });

  const broken = await here.run('delta');

  expect(broken.deeds.filter((deed) => deed.startsWith('deactivate'))).toEqual([]);
  expect(broken.summary?.incomplete).toContain('403');
  expect(await cursorOf(here.engine.store.db, people)).toEqual(place);
  const again = await here.run('delta');
  expect([...broken.deeds, ...again.deeds].sort()).toEqual([
    'deactivate done bob@contoso.example',
    'edit done ann@contoso.example',
    'edit done cleo@contoso.example',
  ]);
});

test('a process that is killed between reading and storing has stored no place: the next sees the same changes', async () => {
  await using here = await installEntra({ people: staff });
  const { db } = here.engine.store;
  const { directory, caFile } = here.entra;
  await here.run('full');
  const place = await cursorOf(db, people);
  const [ann = '', bob = ''] = [...directory.users.keys()];
  directory.editUser(ann, { jobTitle: 'Head' });
  directory.softDelete(bob);
  // It hangs where it asks the org, with the changes read and nothing stored.
  here.sandbox.fault({ operation: 'me', effect: { kind: 'delay', ms: 60_000 } });
  const before = here.sandbox.requests.me;
  const main = resolve(import.meta.dirname, '../../src/main.ts');
  const config = join(here.folder, 'rollcall.yaml');
  const child = spawn(process.execPath, [main, '--config', config, 'resync', '--mode', 'delta', '--wait'], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
    stdio: 'ignore',
  });
  await vi.waitFor(() => expect(here.sandbox.requests.me).toBeGreaterThan(before), 20_000);
  child.kill('SIGKILL');
  await once(child, 'exit');
  here.sandbox.clearFaults();

  expect(await cursorOf(db, people)).toEqual(place);
  // Nobody waits for its lease to run out.
  await db.updateTable('runs').set({ lease_until: sql`now()` }).where('state', '=', 'reading').execute();
  const next = await here.run('delta');
  expect([...next.deeds].sort()).toEqual([
    'deactivate done bob@contoso.example',
    'edit done ann@contoso.example',
  ]);
});
