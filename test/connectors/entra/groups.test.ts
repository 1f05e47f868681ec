/** The groups that rules ask for: all of them, those around them too, or a word that they are not wholly known. */
import { expect, test } from 'vitest';
import type { Connector, Cursor } from '../../../connectors/connector.ts';
import {
  changesSince,
  cursorAfterReading,
  emulatedTenant,
  graphRequests,
  namesOf,
  readAll,
  type Tenant,
} from './tenant.ts';

/** Ann in a group inside of another one, Bob in the outer one, Cid in none. */
function staff({ directory }: Tenant) {
  const outer = directory.addGroup('Staff');
  const inner = directory.addGroup('Engineers');
  const ann = directory.addUser({ displayName: 'Ann' });
  const bob = directory.addUser({ displayName: 'Bob' });
  const cid = directory.addUser({ displayName: 'Cid' });
  directory.join(outer, inner.id);
  directory.join(inner, ann.id);
  directory.join(outer, bob.id);
  return { outer, inner, ann, bob, cid };
}

const usual = ['mail', 'displayName', 'jobTitle'];
const readWithGroups = (connector: Connector) => readAll(connector, usual, true);
const changesWithGroups = (connector: Connector, since: Cursor) =>
  changesSince(connector, since, [], usual, true);

const groupsOf = ({
  identities,
}: {
  readonly identities: readonly { label: string; groups: readonly string[] }[];
}) => Object.fromEntries(identities.map(({ label, groups }) => [label.split('@')[0], [...groups].sort()]));

test('everybody has the groups that they are in, and those around them', async () => {
  await using tenant = await emulatedTenant();
  const { outer, inner } = staff(tenant);

  const read = await readWithGroups(tenant.connect());

  expect(groupsOf(read)).toEqual({
    ann: [inner.id, outer.id].sort(),
    bob: [outer.id],
    cid: [],
  });
  expect(read.end.completeness).toEqual({ kind: 'complete' });
});

test('nobody is asked for groups that no rule asks for', async () => {
  await using tenant = await emulatedTenant();
  staff(tenant);

  await readAll(tenant.connect());

  expect(graphRequests(tenant).filter((line) => /group/i.test(line))).toEqual([]);
});

test('changes tell of whoever joins or leaves a group, and of everybody in a group that joins or leaves another', async () => {
  await using tenant = await emulatedTenant();
  const { directory } = tenant;
  const { outer, inner, bob, cid } = staff(tenant);
  const connector = tenant.connect();
  const cursor = await cursorAfterReading(connector, usual, true);

  directory.join(outer, cid.id);
  directory.leave(outer, bob.id);
  const moved = await changesWithGroups(connector, cursor);
  directory.leave(outer, inner.id);
  const apart = await changesWithGroups(connector, moved.cursor);

  expect(groupsOf(moved)).toEqual({ bob: [], cid: [outer.id] });
  expect(groupsOf(apart)).toMatchObject({ ann: [inner.id] });
  // A read may lag behind: whoever was touched is read once more, and then there is peace.
  const again = await changesWithGroups(connector, apart.cursor);
  expect(namesOf(again.identities)).toEqual(['Ann']);
  expect((await changesWithGroups(connector, again.cursor)).identities).toEqual([]);
});

test('a place that was taken without groups is of no use with them', async () => {
  await using tenant = await emulatedTenant();
  staff(tenant);
  const connector = tenant.connect();

  const cursor = await cursorAfterReading(connector);

  expect((await changesWithGroups(connector, cursor)).end.kind).toBe('cursor-lost');
});

test('a group that was deleted asks for a whole reading', async () => {
  await using tenant = await emulatedTenant();
  const { inner } = staff(tenant);
  const connector = tenant.connect();
  const cursor = await cursorAfterReading(connector, usual, true);
  tenant.faults.add({
    on: /GET \/groups\/delta/,
    misfortune: {
      kind: 'change',
      with: (body) => ({ ...body, value: [{ id: inner.id, '@removed': { reason: 'changed' } }] }),
    },
  });

  expect((await changesWithGroups(connector, cursor)).end).toMatchObject({
    kind: 'cursor-lost',
    reason: expect.stringContaining(inner.id),
  });
});

test('where the groups of one person can not be read, all are there, the reading is incomplete and says that groups are unknown', async () => {
  await using tenant = await emulatedTenant();
  const { ann } = staff(tenant);
  const error = { code: 'Directory_ResultSizeLimitExceeded', message: 'Too many groups.' };
  const refuse = () =>
    tenant.faults.add({
      on: new RegExp(`in batch POST /users/${ann.id}/getMemberGroups`),
      misfortune: { kind: 'answer', status: 400, body: { error } },
    });
  const connector = tenant.connect();
  const cursor = await cursorAfterReading(connector, usual, true);

  refuse();
  const { identities, end } = await readWithGroups(connector);
  tenant.directory.editUser(ann.id, { jobTitle: 'Head' });
  refuse();
  const changes = await changesWithGroups(connector, cursor);

  expect(namesOf(identities)).toEqual(['Ann', 'Bob', 'Cid']);
  const told = expect.stringContaining('Directory_ResultSizeLimitExceeded');
  expect(end).toEqual({
    kind: 'end',
    completeness: { kind: 'incomplete', reason: told, groupsUnknown: told },
    cursor: undefined,
  });
  expect(changes).toMatchObject({ identities: [], end: { kind: 'broken', reason: told } });
});

test('without the permission, people are read, their groups are unknown, and check names it', async () => {
  await using tenant = await emulatedTenant();
  staff(tenant);
  tenant.registration.roles = ['User.Read.All'];
  const connector = tenant.connect();

  const { identities, end } = await readWithGroups(connector);
  const findings = await connector.probe({
    attributes: usual,
    groups: true,
    signal: AbortSignal.timeout(10_000),
  });

  expect(identities).toHaveLength(3);
  expect(end.completeness).toMatchObject({ groupsUnknown: expect.stringContaining('GroupMember.Read.All') });
  expect(findings.find(({ ok }) => !ok)?.text).toContain('GroupMember.Read.All');
});
