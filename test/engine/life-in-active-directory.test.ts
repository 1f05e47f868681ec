/** The main job in a real Active Directory (Samba's), over LDAPS, with nothing said about it but where it is. */
import { expect, test } from 'vitest';
import { startSamba } from '../servers/samba.ts';
import { install } from './installation.ts';

/** 100 ns since 1601, as `accountExpires` has them. */
const fileTime = (date: Date): string => String((BigInt(date.getTime()) + 11_644_473_600_000n) * 10_000n);
const never = '9223372036854775807';

test('somebody joins, is renamed, moved and disabled, comes back, expires, comes back and is deleted', async () => {
  const samba = await startSamba({ people: 2 });
  try {
    await using here = await install({
      combination: 'PostgreSQL',
      config: {
        sources: `[{ id: people, type: ldap, url: "${samba.ldapsUrl}", bindDn: "${samba.readerName}", password: "${samba.readerPassword}", tls: { ca: "${samba.caFile}" }, baseDn: "${samba.peopleDn}" }]`,
        scope: '"true"',
        mapping: '{ email: email, username: login, name: displayName, organization_role: title }',
      },
    });
    const sync = async () => {
      const run = await here.release();
      await here.carryOut(run);
      return (await here.operations(run)).map(({ kind, state, reason }) => `${kind} ${state}: ${reason}`);
    };
    const zoe = () => here.sandbox.find('zoe@example.org');

    const joined = await samba.addPerson('Zoe Zander', {
      ...{ sAMAccountName: 'zoe', displayName: 'Zoë Zander', title: 'Clerk' },
      proxyAddresses: ['smtp:other@example.org', 'SMTP:zoe@example.org'],
    });
    expect(await sync()).toHaveLength(3);
    expect(zoe()).toMatchObject({ profile: { is_active: true, name: 'Zoë Zander' } });

    await samba.modify(joined, 'title', ['Engineer']);
    await samba.rename(joined, 'CN=Zoë Ångström\\, Dr.', `OU=B,${samba.peopleDn}`);
    const dn = `CN=Zoë Ångström\\, Dr.,OU=B,${samba.peopleDn}`;
    expect(await sync()).toEqual(['edit done: The source and the profile differ in organization_role.']);

    await samba.modify(dn, 'userAccountControl', ['546']);
    expect(await sync()).toEqual([
      'deactivate done: The account is disabled in the source (userAccountControl: ACCOUNTDISABLE).',
    ]);
    expect(zoe()).toMatchObject({ profile: { is_active: false } });

    await samba.modify(dn, 'userAccountControl', ['544']);
    await samba.modify(dn, 'accountExpires', [fileTime(new Date(Date.now() + 86_400_000))]);
    expect(await sync()).toEqual(['reactivate done: They are back: in scope and active in the source.']);

    const past = new Date(Date.now() - 1_000);
    await samba.modify(dn, 'accountExpires', [fileTime(past)]);
    expect(await sync()).toEqual([
      `deactivate done: The source says that they left on ${past.toISOString()} (accountExpires).`,
    ]);

    await samba.modify(dn, 'accountExpires', [never]);
    await sync();
    expect(zoe()).toMatchObject({ profile: { is_active: true } });

    await samba.remove(dn);
    expect((await sync())[0]).toMatch(/^deactivate done: They are gone from the source/);
    expect(zoe()).toMatchObject({ profile: { is_active: false } });
    expect(await sync()).toEqual([]);
    expect(
      here.sandbox.effects.filter(({ email }) => email === 'zoe@example.org').map(({ kind }) => kind),
    ).toEqual([
      'created',
      'edited',
      'deactivated',
      'reactivated',
      'deactivated',
      'reactivated',
      'deactivated',
    ]);
  } finally {
    await samba.stop();
  }
});
