/** A branch that is gone, and a person's word that it is right so, by the command line. */
import { expect, test } from 'vitest';
import { startSlapd } from '../servers/slapd.ts';
import { setStage } from './stage.ts';

test('people who have really left are deactivated once a person says so, with their number and a reason', async () => {
  const slapd = await startSlapd({ people: 20 });
  try {
    await using stage = await setStage({
      sources: `  - { id: corp, type: ldap, url: "${slapd.ldapsUrl}", bindDn: "${slapd.readerDn}", password: "${slapd.readerPassword}", tls: { ca: "${slapd.caFile}" }, baseDn: "${slapd.peopleDn}" }`,
      more: 'lifecycle: { grace: 0s }\nguards: { maxDeactivations: { count: 100 } }\nmapping: { email: mail, username: mail, name: cn }',
    });
    const deactivated = () => stage.sandbox.effects.filter(({ kind }) => kind === 'deactivated');
    await stage.rollcall('resync', '--wait');
    for (const { dn } of slapd.people) if (dn.includes('ou=A')) await slapd.remove(dn);

    const refused = await stage.rollcall('resync', '--wait', '--json');
    expect(JSON.parse(refused.stdout).run.summary.incomplete).toContain(
      'ou=a,ou=people,dc=example,dc=com had 10 people and has 0 now (10 gone, 5 allowed)',
    );
    expect(refused.stdout).toContain('--raise maxShrink=10');
    expect(deactivated()).toEqual([]);

    const word = ['--accept-shrink', '10', '--reason', 'Vienna was sold'];
    const accepted = await stage.rollcall('resync', '--source', 'corp', '--wait', '--json', ...word);
    expect(JSON.parse(accepted.stdout).run.summary.incomplete).toBeNull();
    expect(deactivated()).toHaveLength(10);
    const { stdout } = await stage.rollcall('audit', 'list', '--json');
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ action: 'guard.raised', reason: 'Vienna was sold' }),
    );
  } finally {
    await slapd.stop();
  }
}, 180_000);
