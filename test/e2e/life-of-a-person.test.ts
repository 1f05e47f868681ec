/** The main job: somebody added to, changed in and removed from a real directory, over TLS, through real queues. */
import { describe, expect, test } from 'vitest';
import { startSlapd } from '../servers/slapd.ts';
import { combinations, setStage, until } from './stage.ts';

describe.each(combinations)('on %s, with the service and two workers', (combination) => {
  test('somebody joins, is renamed, leaves, comes back and is removed', async () => {
    const slapd = await startSlapd({ people: 20 });
    try {
      const [anna] = slapd.people;
      if (anna === undefined) throw new Error('The directory is empty.');
      await using stage = await setStage({
        combination,
        sources: `  - { id: corp, type: ldap, url: "${slapd.ldapsUrl}", bindDn: "${slapd.readerDn}", password: "${slapd.readerPassword}", tls: { ca: "${slapd.caFile}" }, baseDn: "${slapd.peopleDn}", active: 'user.?employeeType.orValue("") != "left"' }`,
        more: `
mapping: { email: mail, username: mail, name: cn, first_name: givenName, organization_role: title }
lifecycle: { grace: 0s }
`,
      });
      const services =
        combination === 'embedded'
          ? [stage.startService('all')]
          : [stage.startService('scheduler'), stage.startService('worker'), stage.startService('worker')];
      await Promise.all(services.map((service) => service.untilEvent('service.started')));

      const sync = async () => {
        const result = await stage.rollcall('resync', '--wait', '--json');
        expect(result, result.stderr).toMatchObject({ code: 0 });
        return JSON.parse(result.stdout);
      };
      const dn = `uid=zoe,${slapd.peopleDn}`;
      const zoe = () => stage.sandbox.find('zoe@example.org');

      await sync();
      expect(stage.sandbox.effects.filter((effect) => effect.kind === 'created')).toHaveLength(20);

      await slapd.add(dn, {
        objectClass: ['inetOrgPerson'],
        uid: 'zoe',
        cn: 'Zoë Ångström',
        sn: 'Ångström',
        givenName: 'Zoë',
        mail: 'zoe@example.org',
        title: 'Engineer',
      });
      await sync();
      expect(zoe()).toMatchObject({
        profile: { is_active: true, name: 'Zoë Ångström' },
        extras: { organization_role: 'Engineer' },
      });

      await slapd.modify(dn, 'title', ['Manager']);
      await slapd.rename(dn, 'uid=zoe.angstrom');
      const renamed = `uid=zoe.angstrom,${slapd.peopleDn}`;
      const mover = await sync();
      expect(mover.operations).toHaveLength(1);
      expect(mover.operations[0]).toMatchObject({
        kind: 'edit',
        state: 'done',
        before: { organization_role: 'Engineer' },
        after: { organization_role: 'Manager' },
      });
      expect(zoe()).toMatchObject({ extras: { organization_role: 'Manager', first_name: 'Zoë' } });

      await slapd.modify(renamed, 'employeeType', ['left']);
      await sync();
      expect(zoe()).toMatchObject({ profile: { is_active: false } });

      await slapd.modify(renamed, 'employeeType', ['employee']);
      await sync();
      expect(zoe()).toMatchObject({ profile: { is_active: true } });

      await slapd.remove(renamed);
      await sync();
      expect(zoe()).toMatchObject({ profile: { is_active: false } });

      expect((await sync()).operations).toEqual([]);
      expect(
        stage.sandbox.effects
          .filter((effect) => effect.email === 'zoe@example.org')
          .map((effect) => effect.kind),
      ).toEqual(['created', 'edited', 'deactivated', 'reactivated', 'deactivated']);
      expect(await stage.rollcall('audit', 'verify')).toMatchObject({ code: 0 });
      await Promise.all(services.map((service) => service.kill('SIGTERM')));
    } finally {
      await slapd.stop();
    }
  });
});

test('a schedule starts runs by itself', async () => {
  const slapd = await startSlapd({ people: 3 });
  try {
    await using stage = await setStage({
      sources: `  - { id: corp, type: ldap, url: "${slapd.url}", tls: { allowPlaintext: true }, bindDn: "${slapd.readerDn}", password: "${slapd.readerPassword}", baseDn: "${slapd.peopleDn}", schedule: { full: "* * * * * *" } }`,
    });
    stage.startService('all');

    await until(
      () => stage.sandbox.effects.length,
      (count) => count === 3,
    );
  } finally {
    await slapd.stop();
  }
});
