/** Joiners before their first day, in a real directory: a delta brings them in when it has come. */
import { expect, test } from 'vitest';
import { requestRun, runOf } from '../../src/store/runs/runs.ts';
import { startSlapd } from '../servers/slapd.ts';
import { install, people } from './installation.ts';

const startDate = '{ attribute: roomNumber, format: date-time }';

test('whoever begins later waits, whoever began joins, and a date that is nearer by now counts in a delta too', async () => {
  const slapd = await startSlapd({ people: 3, contentSync: 'with-log' });
  const [begun, later, unclear] = slapd.people;
  try {
    await slapd.modify(begun?.dn ?? '', 'roomNumber', ['2020-01-01T00:00:00Z']);
    const soon = new Date(Date.now() + 20_000).toISOString();
    await slapd.modify(later?.dn ?? '', 'roomNumber', [soon]);
    await slapd.modify(unclear?.dn ?? '', 'roomNumber', ['soon']);
    await using here = await install({
      config: {
        sources: `[{ id: people, type: ldap, url: "${slapd.ldapsUrl}", tls: { ca: "${slapd.caFile}" }, bindDn: "${slapd.readerDn}", password: "${slapd.readerPassword}", baseDn: "${slapd.peopleDn}", attributes: { startDate: ${startDate} } }]`,
        mapping: '{ email: mail, username: mail, name: cn }',
      },
    });

    const first = await here.release();
    await here.carryOut(first);
    const told = new Map(
      (await here.findings(first)).map(({ label, kind, reason }) => [label, { kind, reason }]),
    );

    expect(here.effects()).toHaveLength(1);
    expect(told.get(later?.dn ?? '')).toMatchObject({
      kind: 'waiting',
      reason: expect.stringContaining(soon),
    });
    expect(told.get(unclear?.dn ?? '')).toMatchObject({
      kind: 'skipped',
      reason: expect.stringContaining('roomNumber is not a date and time'),
    });

    await new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(soon) - Date.now()) + 500));
    const { db } = here.engine.store;
    const delta = await requestRun(db, {
      ...{ source: people, mode: 'apply', reading: 'delta', trigger: 'hand', actor: 'cli:test' },
      onlyWho: undefined,
    });
    await here.conduct(delta);
    await here.carryOut(delta);

    expect((await runOf(db, delta))?.summary).toMatchObject({ reading: 'delta', fallback: null });
    expect(here.effects()).toHaveLength(2);
  } finally {
    await slapd.stop();
  }
});
