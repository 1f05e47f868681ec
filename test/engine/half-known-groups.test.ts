/** Roles by groups, in whole runs against a directory in which a group can't be read any more. */
import { expect, test } from 'vitest';
import { runOf } from '../../src/store/runs/runs.ts';
import { generatePeople, ldifRecord } from '../servers/directory-people.ts';
import { startSlapd } from '../servers/slapd.ts';
import { install } from './installation.ts';

const peopleDn = 'ou=people,dc=example,dc=com';
const people = generatePeople(3, peopleDn);
const dn = (cn: string) => `cn=${cn},ou=groups,dc=example,dc=com`;
const members = people.map((one) => one.dn);

test('a group that is not there any more lowers nobody’s role, and everything else goes on', async () => {
  const extraLdif = ['admins', 'staff']
    .map((cn) => ldifRecord(dn(cn), { cn, objectClass: 'groupOfNames', member: members }))
    .join('');
  const slapd = await startSlapd({ people, extraLdif });
  try {
    await using here = await install({
      sandbox: { roles: ['Admin', 'User'] },
      config: {
        sources: `[{ id: people, type: ldap, url: "${slapd.ldapsUrl}", bindDn: "${slapd.readerDn}", password: "${slapd.readerPassword}", tls: { ca: "${slapd.caFile}" }, baseDn: "${peopleDn}", groups: { names: cn, only: ["${dn('admins')}", "${dn('staff')}"] } }]`,
        scope: `'"staff" in user.groups'`,
        mapping: `{ email: mail, username: mail, name: cn, phone: title, role: '"admins" in user.groups ? "Admin" : "User"' }`,
      },
    });
    const sync = async () => {
      const run = await here.release();
      await here.carryOut(run);
      const deeds = (await here.operations(run)).map(({ kind, after }) => ({ kind, after }));
      const told = (await here.findings(run)).map(({ kind, reason }) => `${kind}: ${reason}`);
      return { deeds, told, summary: (await runOf(here.engine.store.db, run))?.summary };
    };
    expect((await sync()).deeds).toHaveLength(3);

    await slapd.remove(dn('admins'));
    await slapd.modify(members[0] ?? '', 'title', ['Captain']);
    const { deeds, told, summary } = await sync();

    expect(summary?.incomplete).toContain(`The group ${dn('admins')} of groups.only can't be read`);
    expect(deeds).toEqual([{ kind: 'edit', after: { phone: 'Captain' } }]);
    expect(told).toHaveLength(3);
    for (const one of told) expect(one).toMatch(/^waiting: .*role.* depends on groups, and stays as it is/);
    expect(here.sandbox.users.filter(({ extras }) => extras.role === 'User')).toEqual([]);

    await slapd.add(dn('admins'), { cn: 'admins', objectClass: 'groupOfNames', member: [members[0] ?? ''] });
    const again = await sync();

    expect(again.summary?.incomplete).toBeNull();
    expect(again.deeds).toEqual([
      { kind: 'edit', after: { role: 'User' } },
      { kind: 'edit', after: { role: 'User' } },
    ]);
  } finally {
    await slapd.stop();
  }
});
