/** Promise 7: one bad record stops nothing but itself, one bad source stops no other, and each is named. */
import { describe, expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { startService } from '../../src/engine/index.ts';
import type { SourceId } from '../../src/identity/index.ts';
import { latestRuns, requestRun } from '../../src/store/runs/runs.ts';
import { combinations, until } from '../e2e/stage.ts';
import { install } from '../engine/installation.ts';
import { hour, stage } from '../plan/delta/stage.ts';

describe.each(combinations)('on %s', (combination) => {
  test('a source that cannot be read fails by itself; the other is kept up to date', async () => {
    const sources = `[{ id: broken, type: ldif, file: nosuch.ldif }, { id: people, type: ldif, file: people.ldif }]`;
    await using here = await install({ combination, people: 5, config: { sources } });
    const { db } = here.engine.store;
    const service = await startService(here.engine, ['scheduler', 'worker']);
    try {
      for (const source of ['broken', 'people'] as SourceId[])
        await requestRun(db, {
          source,
          mode: 'apply',
          trigger: 'hand',
          actor: 'cli:test',
          onlyWho: undefined,
        });

      const runs = await until(
        () => latestRuns(db, 10),
        (all) => all.every(({ state }) => state === 'done' || state === 'failed'),
      );

      const bySource = Object.fromEntries(runs.map((run) => [run.source_id, run]));
      expect(bySource.people?.state).toBe('done');
      expect(bySource.broken).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('nosuch.ldif'),
      });
      expect(here.effects()).toHaveLength(5);
    } finally {
      await service.stop();
    }
  });
});

test('records without mail, with two of the same, and unreadable ones are named, and everybody else is created', async () => {
  await using here = await install({ people: 12 });
  const [noMail, twin, other, odd] = here.people;
  const others = here.people.slice(4).map((person) => ({ ...person, manager: undefined }));
  const text = toLdif(
    here.people.map((person) => (person === other ? { ...person, mail: twin?.mail ?? '' } : person)),
  )
    .replace(`mail: ${noMail?.mail}\n`, '')
    .replace(`uid: ${odd?.uid}\n`, `uid: ${odd?.uid}\nentryUUID: second-id\n`);
  await here.publishText(`${text}\ndn: uid=broken,dc=example,dc=org\nno colon here\n`);

  const end = await here.sync();

  expect(here.effects().sort()).toEqual(others.map(({ mail }) => `created ${mail}`).sort());
  expect(Object.fromEntries(end.counts)).toEqual({ done: 8 });
  const named = (await here.findings(end.run.id)).map(({ kind, label, reason }) => ({ kind, label, reason }));
  for (const { label, reason } of named) expect([label, reason].every((text) => text.length > 0)).toBe(true);
  for (const person of [twin, other, odd])
    expect(named.some(({ label, reason }) => `${label} ${reason}`.includes(person?.uid ?? '?'))).toBe(true);
  expect(named.some(({ label }) => label.includes('uid=broken'))).toBe(true);
});

test('a value that the org cannot take, and one that no store can, fail alone', async () => {
  await using here = await install({ people: 6 });
  const odd = (title: string, index: number) =>
    here.people.map((one, at) => (at === index ? { ...one, title } : one));
  await here.publish(odd('before\u0000after', 2));
  const refused = here.person(4).mail;
  here.sandbox.fault({ operation: 'create', match: refused, effect: { kind: 'status', status: 400 } });

  const end = await here.sync();

  expect(Object.fromEntries(end.counts)).toEqual({ done: 4, failed: 1 });
  const findings = await here.findings(end.run.id);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ kind: 'skipped', email: here.person(2).mail });
  const failed = (await here.operations(end.run.id)).find(({ state }) => state === 'failed');
  expect(failed?.email).toBe(refused);
});

test('a profile of the org that cannot be read is named, and the others are compared', async () => {
  await using here = await install({
    people: 3,
    sandbox: { users: [{ email: null, username: 'nameless' }] },
  });

  const end = await here.sync();

  expect(Object.fromEntries(end.counts)).toEqual({ done: 3 });
});

test('a delta with records that cannot be used names them, changes everybody else, and asks for them again', async () => {
  await using delta = await stage();
  for (const id of ['ann', 'bob', 'cho']) delta.source.put(id);
  await delta.run('full');
  delta.source.put('ann', { mail: '' });
  delta.source.put('bob', { title: 'before\u0000after' });
  delta.source.put('cho', { title: 'Captain' });

  const run = await delta.run('delta');
  delta.source.put('ann', { title: 'Clerk' });
  delta.later(hour + 1);
  const next = await delta.run('delta');

  expect(await delta.deeds(run)).toEqual(['edit cho done']);
  expect(await delta.reasons(run)).toEqual(['skipped ann', 'skipped bob']);
  expect(await delta.deeds(next)).toEqual(['edit ann done']);
  expect(await delta.reasons(next)).toEqual(['skipped bob']);
});
