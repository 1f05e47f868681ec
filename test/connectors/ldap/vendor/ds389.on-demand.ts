/** A real 389 Directory Server, with nothing said about it but where it is. Run by `npm run test:389`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLdapConnector } from '../../../../connectors/ldap/index.ts';
import { type Ds389, startDs389 } from '../../../servers/ds389.ts';
import { gone, next, readWhole, tell } from '../changes.ts';
import { ldapSource, readAll } from '../source.ts';

let server: Ds389;

beforeAll(async () => {
  server = await startDs389();
  for (const uid of ['ann', 'bob', 'cyd'])
    await server.add(`uid=${uid},${server.peopleDn}`, {
      ...{ objectClass: ['inetOrgPerson', 'shadowAccount'], uid, cn: `${uid} Müller`, sn: 'Müller' },
      ...{ mail: `${uid}@example.com`, userPassword: 'not-to-be-seen' },
    });
}, 180_000);

afterAll(async () => {
  await server.stop();
});

const connector = (settings: Record<string, unknown> = {}) =>
  createLdapConnector(
    ldapSource({
      ...{ url: server.ldapsUrl, bindDn: server.readerDn, password: server.readerPassword },
      ...{ tls: { ca: server.caFile, serverName: server.serverName }, baseDn: server.peopleDn },
      ...settings,
    }),
  );

const readOne = async (uid: string) =>
  (await readAll(connector())).identities.find(({ login }) => login === uid);

test('its people are read completely, by what is usual there', async () => {
  const { identities, skipped, completeness } = await readAll(connector(), 'all');

  expect(completeness).toEqual({ kind: 'complete' });
  expect(skipped).toEqual([]);
  expect(identities.map(({ login, email, active }) => ({ login, email, active }))).toEqual(
    ['ann', 'bob', 'cyd'].map((uid) => ({ login: uid, email: `${uid}@example.com`, active: true })),
  );
  expect(Object.keys(identities[0]?.attributes ?? {})).not.toContain('userPassword');
});

test('nsUniqueId is the anchor, stays through a renaming and a move, and is found again', async () => {
  const before = await readOne('cyd');
  await server.rename(`uid=cyd,${server.peopleDn}`, 'uid=cyd2', `ou=former,${server.baseDn}`);
  const away = await connector().lookup(before ? [before.anchor] : [], new AbortController().signal);
  await server.rename(`uid=cyd2,ou=former,${server.baseDn}`, 'uid=cyd', server.peopleDn);
  const back = await connector().lookup(before ? [before.anchor] : [], new AbortController().signal);

  expect(before?.anchor).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{8}){3}$/);
  expect((await readOne('cyd'))?.anchor).toBe(before?.anchor);
  expect([...away.values()]).toEqual([{ kind: 'absent' }]);
  expect([...back.values()]).toEqual([{ kind: 'present' }]);
});

describe('the server says who left', () => {
  const dn = () => `uid=bob,${server.peopleDn}`;

  test('by nsAccountLock', async () => {
    await server.modify(dn(), 'nsAccountLock', ['TRUE']);
    const locked = await readOne('bob');
    await server.modify(dn(), 'nsAccountLock', []);

    expect(locked).toMatchObject({
      active: false,
      whyInactive: 'The account is disabled in the source (nsAccountLock: TRUE).',
    });
    expect(await readOne('bob')).toMatchObject({ active: true });
  });

  test('by shadowExpire', async () => {
    await server.modify(dn(), 'shadowExpire', ['20543']);

    expect(await readOne('bob')).toMatchObject({
      leaveAt: new Date('2026-03-31T00:00:00Z'),
      leaveAtFrom: 'shadowExpire',
    });
  });
});

test('changes are told by time stamps: who was added, changed, moved and deleted', async () => {
  const changing = connector({ delta: 'timestamps' });
  const eve = `uid=eve,${server.peopleDn}`;
  const { anchors, cursor } = await readWhole(changing);
  await server.add(eve, {
    objectClass: 'inetOrgPerson',
    uid: 'eve',
    cn: 'Eve',
    sn: 'Eve',
    mail: 'eve@example.com',
  });
  await server.modify(`uid=ann,${server.peopleDn}`, 'title', ['Captain']);
  await server.rename(`uid=cyd,${server.peopleDn}`, 'uid=cyd', `ou=former,${server.baseDn}`);

  const told = await tell(changing, cursor);

  // Whoever has the newest stamp of the last time is told once more, which may be anybody here.
  const strangers = [...told.changed.keys()].filter((id) => ![...anchors.values()].includes(id));
  expect([...told.changed.values()]).toContain('Captain');
  expect(strangers).toHaveLength(1);
  expect(gone(told, anchors.values())).toEqual([anchors.get('cyd@example.com')]);
  await server.rename(`uid=cyd,ou=former,${server.baseDn}`, 'uid=cyd', server.peopleDn);
  await server.remove(eve);
  const again = await tell(changing, next(told));
  expect(again.inView?.size).toBe(3);
  expect(again.departures).toEqual([]);
});

test('changes are told by the retro changelog: who was added, changed, moved and deleted', async () => {
  const changing = connector();
  const [fay, gus] = ['fay', 'gus'].map((uid) => `uid=${uid},${server.peopleDn}`) as [string, string];
  const person = (uid: string) => ({
    ...{ objectClass: 'inetOrgPerson', uid, cn: uid, sn: uid, mail: `${uid}@example.com` },
  });
  await server.add(gus, person('gus'));
  const { anchors, cursor } = await readWhole(changing);
  await server.add(fay, person('fay'));
  // So many that their numbers get a digit more: they go by their value, not by their text.
  for (let turn = 0; turn < 100; turn += 1)
    await server.modify(`uid=ann,${server.peopleDn}`, 'title', [`Captain ${turn}`]);
  await server.modify(`uid=ann,${server.peopleDn}`, 'title', ['Major']);
  await server.rename(`uid=cyd,${server.peopleDn}`, 'uid=cyd', `ou=former,${server.baseDn}`);
  await server.remove(gus);

  const told = await tell(changing, cursor);

  expect([...told.changed.values()].sort()).toEqual(['', 'Major']);
  expect([...told.departures].sort()).toEqual(
    [`deleted ${anchors.get('gus@example.com')}`, `out-of-view ${anchors.get('cyd@example.com')}`].sort(),
  );
  expect(told.inView).toBeUndefined();
  await server.rename(`uid=cyd,ou=former,${server.baseDn}`, 'uid=cyd', server.peopleDn);
  await server.remove(fay);
  const again = await tell(changing, next(told));
  expect([...again.changed.keys()]).toEqual([anchors.get('cyd@example.com')]);
  expect(again.departures).toHaveLength(1);
  expect(await tell(changing, next(again))).toMatchObject({ departures: [], end: { kind: 'end' } });
});

test('a unit with people that is renamed, and a changelog that is not the same, mean a whole reading', async () => {
  const changing = connector();
  const teams = `ou=teams,${server.peopleDn}`;
  await server.add(teams, { objectClass: 'organizationalUnit', ou: 'teams' });
  await server.rename(`uid=cyd,${server.peopleDn}`, 'uid=cyd', teams);
  const { cursor } = await readWhole(changing);
  await server.rename(teams, 'ou=crews');
  await server.rename(`uid=cyd,ou=crews,${server.peopleDn}`, 'uid=cyd', server.peopleDn);
  const { cursor: later } = await readWhole(changing);
  await server.rename(`uid=cyd,${server.peopleDn}`, 'uid=cyd', `ou=crews,${server.peopleDn}`);
  await server.rename(`ou=crews,${server.peopleDn}`, 'ou=teams');

  const renamed = await tell(changing, later);
  const other = await tell(changing, cursor.replace(/"id":"[^"]*"/, '"id":"another"') as typeof cursor);

  expect(renamed.end).toMatchObject({ kind: 'cursor-lost', reason: expect.stringContaining('took along') });
  expect(other.end).toMatchObject({ kind: 'cursor-lost', reason: expect.stringContaining('trimmed') });
  await server.rename(`uid=cyd,${teams}`, 'uid=cyd', server.peopleDn);
});

test('check tells what it is and how many people it has', async () => {
  const findings = await connector().probe({ attributes: ['cn'], signal: new AbortController().signal });

  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  const texts = findings.map(({ text }) => text);
  expect(texts).toContainEqual(
    expect.stringMatching(/^It is read as 389 Directory Server \(it says: 389 Project 389-Directory\//),
  );
  expect(texts.at(-1)).toMatch(/finds 3 people$/);
  expect(texts).toContainEqual('Changes are read by the retro changelog');
});
