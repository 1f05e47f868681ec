import { describe, expect, test } from 'vitest';
import type { ChangesPart, Cursor } from '../../../connectors/connector.ts';
import { createLdapConnector } from '../../../connectors/ldap/index.ts';
import type { Anchor } from '../../../src/identity/identity.ts';
import { freePort } from '../../servers/free-port.ts';
import { type Samba, startSamba } from '../../servers/samba.ts';
import type { Slapd } from '../../servers/slapd.ts';
import { gone, next, readWhole, signal, tell } from './changes.ts';
import { connectorTo, ldapSource, withSlapd } from './source.ts';

const person = (server: Slapd, index: number) => {
  const one = server.people[index];
  if (one === undefined) throw new RangeError(`There is nobody with the number ${index}.`);
  return { ...one, anchor: one.entryUuid as Anchor };
};

describe.each([
  ['content synchronisation with a log of deletions', { contentSync: 'with-log' }, {}],
  ['content synchronisation without one', { contentSync: 'without-log' }, {}],
  ['the stamps of entries', {}, { delta: 'timestamps' }],
] as const)('OpenLDAP by %s', (_, options, settings) => {
  test('tells who was added, changed, renamed, deleted, and out of base or filter, and nothing twice', async () => {
    await withSlapd({ people: 30, ...options }, async (server) => {
      const filter = '(&(objectClass=inetOrgPerson)(!(title=Guest)))';
      const connector = connectorTo(server, { filter, ...settings });
      const { anchors, cursor } = await readWhole(connector);
      const quiet = await tell(connector, cursor);
      expect(gone(quiet, anchors.values())).toEqual([]);

      await server.modify(person(server, 0).dn, 'title', ['Captain']);
      await server.rename(person(server, 1).dn, 'cn=Renamed');
      await server.remove(person(server, 2).dn);
      await server.modify(person(server, 3).dn, 'title', ['Guest']);
      await server.rename(person(server, 4).dn, 'cn=Moved', `ou=former,${server.baseDn}`);
      await server.add(`cn=New,${server.peopleDn}`, {
        ...{ objectClass: 'inetOrgPerson', cn: 'New', sn: 'New', mail: 'new@example.com', title: 'Recruit' },
      });
      const told = await tell(connector, next(quiet));

      expect(told.changed.get(person(server, 0).anchor)).toBe('Captain');
      expect(told.changed.has(person(server, 1).anchor)).toBe(true);
      expect([...told.changed.values()]).toContain('Recruit');
      expect([...gone(told, anchors.values())].sort()).toEqual(
        [2, 3, 4].map((index) => person(server, index).anchor).sort(),
      );
      // An absence is never the source's own word here.
      expect(told.departures.filter((one) => one.startsWith('deleted'))).toEqual([]);

      const after = await tell(connector, next(told), [person(server, 7).anchor, person(server, 2).anchor]);
      expect(after.changed.has(person(server, 7).anchor)).toBe(true);
      expect(after.changed.has(person(server, 2).anchor)).toBe(false);
      expect(gone(after, [person(server, 7).anchor])).toEqual([]);
      await connector.close();
    });
  });
});

describe('OpenLDAP', () => {
  test('that has no changes to tell answers with nothing but an end', async () => {
    await withSlapd({ people: 5, contentSync: 'with-log' }, async (server) => {
      const connector = connectorTo(server);
      const { cursor } = await readWhole(connector);

      const told = await tell(connector, cursor);

      expect(told).toMatchObject({ changed: new Map(), departures: [], inView: undefined });
      expect(next(told)).toBe(cursor);
    });
  });

  test('with more changes than it answers at once is to be read as a whole', async () => {
    const limited = { sizeLimits: 'size.soft=5 size.hard=5 size.pr=unlimited size.prtotal=unlimited' };
    await withSlapd({ people: 20, contentSync: 'with-log', ...limited }, async (server) => {
      const connector = connectorTo(server);
      const { cursor } = await readWhole(connector);
      for (const { dn } of server.people.slice(0, 8)) await server.modify(dn, 'title', ['Captain']);

      const { end } = await tell(connector, cursor);

      expect(end).toMatchObject({
        kind: 'cursor-lost',
        reason: expect.stringContaining('sizeLimitExceeded'),
      });
    });
  });

  test('whose account has lost its rights tells of nobody that they have gone', async () => {
    await withSlapd({ people: 5 }, async (server) => {
      const { cursor } = await readWhole(connectorTo(server, { delta: 'timestamps' }));

      const blind = connectorTo(server, { delta: 'timestamps', bindDn: '', password: '' });

      expect((await tell(blind, cursor)).end).toMatchObject({ kind: 'broken' });
    });
  });

  test('with a cursor that is none, or of another way, is to be read as a whole', async () => {
    await withSlapd({ people: 2, contentSync: 'with-log' }, async (server) => {
      const connector = connectorTo(server);
      for (const text of ['', '{"by":"usn"}', '{"by":"timestamps","since":"2"}'])
        expect((await tell(connector, text as Cursor)).end.kind).toBe('cursor-lost');
    });
  });
});

describe('several servers', () => {
  const both = (one: Slapd, other: Slapd, settings: Record<string, unknown>) =>
    connectorTo(one, { ...settings, url: one.url, failover: [other.url], tls: { allowPlaintext: true } });

  test('tell changes of the first that can be used', async () => {
    await withSlapd({ people: 5, contentSync: 'with-log' }, async (server) => {
      const { cursor } = await readWhole(connectorTo(server));
      await server.modify(person(server, 0).dn, 'title', ['Captain']);
      const nobodyThere = `ldap://127.0.0.1:${await freePort()}`;
      const connector = connectorTo(server, {
        url: nobodyThere,
        failover: [server.url],
        tls: { allowPlaintext: true },
      });

      const told = await tell(connector, cursor);

      expect([...told.changed.values()]).toEqual(['Captain']);
      expect(told.end.kind).toBe('end');
    });
  });

  test.each([
    ['whose stamps may be older', {}, { delta: 'timestamps' }, 'is another server than the last time'],
    ['that is behind the first', { contentSync: 'with-log' as const }, {}, 'refused the cookie'],
  ])('%s are to be read as a whole where another one stands in', async (_, options, settings, why) => {
    await withSlapd({ people: 5, ...options }, async (standIn) => {
      const { connector, cursor, anchors } = await withSlapd({ people: 5, ...options }, async (first) => {
        const two = both(first, standIn, settings);
        await first.modify(person(first, 0).dn, 'title', ['Captain']);
        return { connector: two, ...(await readWhole(two)) };
      });

      const told = await tell(connector, cursor);

      expect(told.end).toMatchObject({ kind: 'cursor-lost', reason: expect.stringContaining(why) });
      expect(gone(told, anchors.values())).toEqual([]);
    });
  });
});

test('where rules ask for groups, changes are not told, and it is said why', async () => {
  await withSlapd({ people: 2, contentSync: 'with-log' }, async (server) => {
    const connector = connectorTo(server);
    const { cursor } = await readWhole(connector);
    const request = { attributes: ['mail'], groups: true, since: cursor, also: [], signal: signal() };

    const parts: ChangesPart[] = [];
    for await (const part of connector.changes?.(request) ?? []) parts.push(part);

    const reason = expect.stringContaining(
      'The rules ask for groups (user.groups), and a group that changes',
    );
    expect(parts).toEqual([{ kind: 'cursor-lost', reason }]);
    expect(connector.cannotTellChanges?.({ groups: true })).toEqual(reason);
    expect(connector.cannotTellChanges?.({ groups: false })).toBeUndefined();
  });
});

describe('Active Directory (Samba)', () => {
  const connectorToSamba = (samba: Samba, who: 'admin' | 'reader', settings = {}) =>
    createLdapConnector(
      ldapSource({
        url: samba.ldapsUrl,
        bindDn: who === 'admin' ? samba.adminName : samba.readerName,
        password: who === 'admin' ? samba.adminPassword : samba.readerPassword,
        tls: { ca: samba.caFile },
        baseDn: samba.peopleDn,
        ...settings,
      }),
    );

  test.each([
    ['DirSync, with the right to replicate', 'admin', {}, 'deleted'],
    ['DirSync, by what a plain account may see', 'reader', {}, 'out-of-view'],
    ['update numbers', 'reader', { delta: 'usn' }, 'out-of-view'],
    ['update numbers, with the right to see deleted objects', 'admin', { delta: 'usn' }, 'deleted'],
  ] as const)('by %s tells who was added, changed, moved and deleted', async (_, who, settings, word) => {
    const samba = await startSamba({ people: 12 });
    try {
      const connector = connectorToSamba(samba, who, settings);
      const first = await readWhole(connector);
      const { anchors } = first;
      const ada = await samba.addPerson('Ada Added', { mail: 'ada@example.com', sAMAccountName: 'ada' });
      const bob = await samba.addPerson('Bob Moved', { mail: 'bob@example.com', sAMAccountName: 'bob' });
      const added = await tell(connector, first.cursor);
      expect(added.changed.size).toBe(2);
      const whole = await readWhole(connector);
      const idOf = (mail: string) => whole.anchors.get(mail) ?? ('' as Anchor);
      expect([...added.changed.keys()].sort()).toEqual(
        [idOf('ada@example.com'), idOf('bob@example.com')].sort(),
      );

      await samba.modify(ada, 'title', ['Captain']);
      await samba.rename(bob, 'CN=Bob Moved', `OU=former,${samba.baseDn}`);
      const changed = await tell(connector, next(added));

      expect(changed.changed.get(idOf('ada@example.com'))).toBe('Captain');
      expect(gone(changed, whole.anchors.values())).toEqual([idOf('bob@example.com')]);
      expect(changed.departures).toContain(`out-of-view ${idOf('bob@example.com')}`);

      await samba.remove(ada);
      const removed = await tell(connector, next(changed));

      expect(gone(removed, [...anchors.values(), idOf('ada@example.com')])).toEqual([
        idOf('ada@example.com'),
      ]);
      if (word === 'deleted') expect(removed.departures).toContain(`deleted ${idOf('ada@example.com')}`);
      const quiet = await tell(connector, next(removed));
      expect(quiet.changed.size).toBe(0);
      expect(gone(quiet, anchors.values())).toEqual([]);
    } finally {
      await samba.stop();
    }
  });

  test('by DirSync tells whose membership of a group has changed', async () => {
    const samba = await startSamba({ people: 4 });
    try {
      const connector = connectorToSamba(samba, 'reader');
      const ada = await samba.addPerson('Ada', { mail: 'ada@example.com', sAMAccountName: 'ada' });
      const group = `CN=crew,OU=groups,${samba.baseDn}`;
      await samba.add(group, { objectClass: 'group' });
      const { anchors, cursor } = await readWhole(connector);
      await samba.modify(group, 'member', [ada]);

      const joined = await tell(connector, cursor);
      await samba.modify(group, 'member', []);
      const left = await tell(connector, next(joined));

      const id = anchors.get('ada@example.com');
      expect([...joined.changed.keys()]).toEqual([id]);
      expect([...left.changed.keys()]).toEqual([id]);
    } finally {
      await samba.stop();
    }
  });

  test('by update numbers is to be read as a whole where a group has changed', async () => {
    const samba = await startSamba({ people: 2 });
    try {
      const connector = connectorToSamba(samba, 'reader', { delta: 'usn' });
      const { cursor } = await readWhole(connector);
      await samba.add(`CN=crew,OU=groups,${samba.baseDn}`, { objectClass: 'group' });

      expect((await tell(connector, cursor)).end).toMatchObject({
        kind: 'cursor-lost',
        reason: expect.stringContaining('A group has changed'),
      });
    } finally {
      await samba.stop();
    }
  });

  test('by update numbers is to be read as a whole on another domain controller, or a restored one', async () => {
    const samba = await startSamba({ people: 1 });
    try {
      const connector = connectorToSamba(samba, 'reader', { delta: 'usn' });
      const { cursor } = await readWhole(connector);
      const elsewhere = cursor.replace(/"invocationId":"[^"]*"/, '"invocationId":"00"') as Cursor;
      const restored = cursor.replace(/"usn":"(\d+)"/, '"usn":"9$1"') as Cursor;

      for (const other of [elsewhere, restored])
        expect((await tell(connector, other)).end).toMatchObject({
          kind: 'cursor-lost',
          reason: expect.stringContaining('another domain controller, or was restored from a backup'),
        });
    } finally {
      await samba.stop();
    }
  });

  test('refuses a cookie that is none of its own, which is to be read as a whole', async () => {
    const samba = await startSamba({ people: 1 });
    try {
      const connector = connectorToSamba(samba, 'admin');
      const { cursor } = await readWhole(connector);
      const broken = cursor.replace(/"cookie":"[^"]*"/, '"cookie":"AAAA"') as Cursor;

      expect((await tell(connector, broken)).end).toMatchObject({
        kind: 'cursor-lost',
        reason: expect.stringContaining('refused the cookie'),
      });
    } finally {
      await samba.stop();
    }
  });
});
