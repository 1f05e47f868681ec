/** Deltas from a real directory, by the command line. */
import { expect, test } from 'vitest';
import { startSlapd } from '../servers/slapd.ts';
import { setStage } from './stage.ts';

test('--mode delta reads what has changed, shows it, applies it, and says where it had to read the whole', async () => {
  const slapd = await startSlapd({ people: 6, contentSync: 'with-log' });
  try {
    await using stage = await setStage({
      combination: 'PostgreSQL and Redis',
      sources: `  - { id: corp, type: ldap, url: "${slapd.ldapsUrl}", bindDn: "${slapd.readerDn}", password: "${slapd.readerPassword}", tls: { ca: "${slapd.caFile}" }, baseDn: "${slapd.peopleDn}" }`,
      more: 'lifecycle: { grace: 24h }\nmapping: { email: mail, username: mail, name: cn, phone: title }',
    });
    const json = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await stage.rollcall(...args, '--json');
      expect({ code, stderr }).toMatchObject({ code: 0 });
      return JSON.parse(stdout);
    };

    const first = await json('resync', '--mode', 'delta', '--wait');
    expect(first.run.summary).toMatchObject({
      reading: 'full',
      fallback: expect.stringContaining('There is no complete reading yet'),
    });
    expect(stage.sandbox.effects).toHaveLength(6);

    const [changed, gone] = slapd.people;
    await slapd.modify(changed?.dn ?? '', 'title', ['Captain']);
    await slapd.remove(gone?.dn ?? '');
    const shown = await json('plan', '--mode', 'delta');
    expect(shown.run.summary).toMatchObject({ reading: 'delta', fallback: null, identities: 1 });
    expect(shown.operations).toMatchObject([{ kind: 'edit', after: { phone: 'Captain' } }]);
    expect(stage.sandbox.effects).toHaveLength(6);

    const applied = await json('resync', '--mode', 'delta', '--wait');
    expect(applied.run.summary).toMatchObject({ reading: 'delta', operations: { edit: 1 } });
    expect(stage.sandbox.effects.map(({ kind }) => kind).slice(6)).toEqual(['edited']);
    expect((await json('plan', '--mode', 'delta')).operations).toEqual([]);

    const person = await stage.rollcall('resync', '--mode', 'delta', '--user', 'ann@example.com');
    expect(person).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('With --user the whole source'),
    });
  } finally {
    await slapd.stop();
  }
}, 120_000);
