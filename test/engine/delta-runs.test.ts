/** Deltas in a running service, and when another server of the source stands in. */
import { expect, test } from 'vitest';
import { startService } from '../../src/engine/index.ts';
import { latestRuns, requestRun, runOf } from '../../src/store/runs/runs.ts';
import { until } from '../e2e/stage.ts';
import { type Slapd, startSlapd } from '../servers/slapd.ts';
import { install, people } from './installation.ts';

const config = (slapd: Slapd, more: string) => ({
  sources: `[{ id: people, type: ldap, bindDn: "${slapd.readerDn}", password: "${slapd.readerPassword}", baseDn: "${slapd.peopleDn}", ${more} }]`,
  mapping: '{ email: mail, username: mail, name: cn, phone: title }',
});

test('a service reads by the clock what has changed, and what changed is in the org', async () => {
  const slapd = await startSlapd({ people: 4, contentSync: 'with-log' });
  const [person] = slapd.people;
  try {
    await using here = await install({
      config: config(
        slapd,
        `url: "${slapd.ldapsUrl}", tls: { ca: "${slapd.caFile}" }, schedule: { delta: "* * * * * *" }`,
      ),
    });
    await here.sync();
    await slapd.modify(person?.dn ?? '', 'title', ['Captain']);

    const service = await startService(here.engine, ['scheduler', 'worker']);
    await until(
      async () => here.effects(),
      (effects) => effects.some((effect) => effect.startsWith('edited')),
    );
    await service.stop();

    const byTheClock = (await latestRuns(here.engine.store.db, 50)).filter(
      (run) => run.trigger === 'schedule' && run.summary !== null,
    );
    expect(byTheClock.length).toBeGreaterThan(0);
    for (const { reading, summary } of byTheClock)
      expect([reading, summary?.reading, summary?.fallback]).toEqual(['delta', 'delta', null]);
    expect(here.sandbox.users.filter(({ extras }) => extras.phone === 'Captain')).toHaveLength(1);
    expect(here.effects().filter((effect) => effect.startsWith('deactivated'))).toEqual([]);
  } finally {
    await slapd.stop();
  }
});

test('where another server stands in that is behind, a delta becomes a whole reading that says why', async () => {
  const options = { people: 8, contentSync: 'with-log' } as const;
  const [first, second] = [await startSlapd(options), await startSlapd(options)];
  try {
    await using here = await install({
      config: config(
        first,
        `url: "${first.url}", failover: ["${second.url}"], tls: { allowPlaintext: true }`,
      ),
    });
    await first.modify(first.people[0]?.dn ?? '', 'title', ['Captain']);
    await here.sync();
    await first.kill();

    const { db } = here.engine.store;
    const run = await requestRun(db, {
      ...{ source: people, mode: 'apply', reading: 'delta', trigger: 'hand', actor: 'cli:test' },
      onlyWho: undefined,
    });
    await here.conduct(run);
    await here.carryOut(run);

    expect((await runOf(db, run))?.summary).toMatchObject({
      reading: 'full',
      incomplete: null,
      fallback: expect.stringMatching(/^The whole source was read .* refused the cookie: .* another server/),
    });
    expect(here.effects().filter((effect) => effect.startsWith('deactivated'))).toEqual([]);
  } finally {
    await first.stop();
    await second.stop();
  }
});
