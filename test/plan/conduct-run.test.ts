import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { failAbandonedRuns, failRun, runOf } from '../../src/store/runs/runs.ts';
import { until } from '../e2e/stage.ts';
import { install } from '../engine/installation.ts';

describe('conducting a run', () => {
  test('while another one reads the same source is put off', async () => {
    await using here = await install({ people: 2 });
    const reading = await here.request('plan');
    const next = await here.request('plan');
    here.sandbox.fault({ operation: 'list', times: 1, effect: { kind: 'delay', ms: 500 } });

    const first = here.conduct(reading);
    await expect
      .poll(async () => (await runOf(here.engine.store.db, reading))?.state, { interval: 10 })
      .toBe('reading');
    const second = await here.conduct(next);

    expect(second).toEqual({ kind: 'busy' });
    expect(await first).toMatchObject({ kind: 'planned' });
    expect(await here.conduct(next)).toMatchObject({ kind: 'planned' });
  });

  test('at the same moment in several processes happens once', async () => {
    await using here = await install({ people: 2 });
    const run = await here.request('apply');

    const ends = await Promise.all([here.conduct(run), here.conduct(run), here.conduct(run)]);

    expect(ends.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'planned']);
    expect(await here.operations(run)).toHaveLength(2);
  });

  test('that was conducted already is nobody’s business any more', async () => {
    await using here = await install({ people: 1 });
    const run = await here.plan();

    expect(await here.conduct(run)).toEqual({ kind: 'busy' });
  });

  test('that was left in the middle fails, and makes way for the next', async () => {
    await using here = await install({ people: 1 });
    const { db } = here.engine.store;
    const left = await here.request('apply');
    const hourAgo = new Date(Date.now() - 3_600_000);
    await db
      .updateTable('runs')
      .set({ state: 'reading', lease_owner: 'gone', lease_until: hourAgo })
      .where('id', '=', left)
      .execute();

    await here.sync();

    expect(await runOf(db, left)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('ended in the middle'),
    });
    await failAbandonedRuns(db, 'another');
    expect(here.effects()).toHaveLength(1);
  });

  // Its process slept for more than a minute; meanwhile another one called it failed and read the source anew.
  test('that was taken for abandoned while it was still reading plans nothing any more', async () => {
    await using here = await install({ people: 2 });
    const { db } = here.engine.store;
    const slow = await here.request('apply');
    here.sandbox.fault({ operation: 'list', times: 1, effect: { kind: 'delay', ms: 500 } });
    const conducted = here.conduct(slow);
    await until(
      () => runOf(db, slow),
      (run) => run?.state === 'reading',
    );
    await failRun(db, slow, 'It was taken for abandoned.');

    const end = await conducted;

    expect(end).toMatchObject({ kind: 'failed', error: { name: 'PlanError' } });
    expect(await runOf(db, slow)).toMatchObject({ state: 'failed', error: 'It was taken for abandoned.' });
    expect(await here.operations(slow)).toEqual([]);
  });

  // A million operations take the store a minute.
  test('whose plan takes long to store is not taken for abandoned, and nobody waits for it', async () => {
    await using here = await install({ combination: 'PostgreSQL', people: 2 });
    const { db, pool } = here.engine.store;
    const large = await here.request('apply');
    const other = await pool.connect();
    await other.query('BEGIN');
    await other.query('LOCK TABLE operations IN EXCLUSIVE MODE');
    const conducted = here.conduct(large);
    const storing = sql`SELECT FROM pg_locks WHERE NOT granted AND relation = 'operations'::regclass`;
    await until(
      () => storing.execute(db),
      ({ rows }) => rows.length > 0,
    );
    await db.updateTable('runs').set({ lease_until: new Date() }).where('id', '=', large).execute();

    const renewed = await until(
      () => runOf(db, large),
      (run) => (run?.lease_until?.getTime() ?? 0) > Date.now() + 5_000,
    );
    await failAbandonedRuns(db, 'another');
    await other.query('COMMIT');
    other.release();

    expect(renewed).toMatchObject({ state: 'reading', identities_read: 2 });
    expect(await conducted).toMatchObject({ kind: 'planned' });
    expect(await here.operations(large)).toHaveLength(2);
  });

  test('that cannot read its source fails with the reason, and changes nothing', async () => {
    await using here = await install({ people: 1 });
    await here.publishText('this is no LDIF');
    const run = await here.request('apply');

    const end = await here.conduct(run);

    expect(end).toMatchObject({ kind: 'failed', error: { name: 'SourceError' } });
    expect(await runOf(here.engine.store.db, run)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('LDIF'),
    });
    const [entry] = await latestEntries(here.engine.store.db, { run }, 1);
    expect(entry).toMatchObject({ action: 'run.failed', reason: expect.stringContaining('LDIF') });
    expect(here.effects()).toEqual([]);
  });
});

describe('a listing of the org that cannot be relied on', () => {
  test('that lacks most of the linked profiles ends the run before it plans anything', async () => {
    await using here = await install({ people: 60 });
    await here.sync();
    for (const { mail } of here.people.slice(0, 30)) here.sandbox.removeUser(mail);

    const end = await here.conduct(await here.request('apply'));

    expect(end).toMatchObject({
      kind: 'failed',
      error: { name: 'PlanError', message: expect.stringContaining('lacks 30 of 60 linked profiles') },
    });
  });

  // Every run of the source failed for ever, whatever the operator said.
  test('that lacks many by an operator’s word is believed in that run, and those who were deleted are settled', async () => {
    await using here = await install({ people: 60 });
    await here.sync();
    for (const { mail } of here.people.slice(0, 30)) here.sandbox.removeUser(mail);

    const tooFew = await here.conduct(await here.requestAccepting(29));
    const accepted = await here.requestAccepting(30);
    const believed = await here.conduct(accepted);
    await here.carryOut(accepted);
    const next = await here.sync();

    expect(tooFew).toMatchObject({
      kind: 'failed',
      error: {
        message: expect.stringMatching(/lacks 30 of 60 .* 29 were accepted[.] .* --raise maxMissing=30/s),
      },
    });
    expect(believed.kind).toBe('planned');
    expect((await here.findings(accepted)).map(({ conflict }) => conflict)).toEqual(
      Array(30).fill('deleted-in-org'),
    );
    const [planned] = (await latestEntries(here.engine.store.db, { run: accepted }, 10)).filter(
      ({ action }) => action === 'run.planned',
    );
    expect(planned).toMatchObject({
      reason: 'They were cleared away in March.',
      details: { raised: { maxMissing: 30 } },
    });
    expect(next.run.state).toBe('done');

    // What is missing beyond them is nobody's word.
    for (const { mail } of here.people.slice(30, 55)) here.sandbox.removeUser(mail);
    expect(await here.conduct(await here.request('apply'))).toMatchObject({
      kind: 'failed',
      error: { message: expect.stringContaining('lacks 25 of 60') },
    });
  });

  test('that lacks whom Rollcall had deactivated, since the org clears such accounts away, is believed', async () => {
    await using here = await install({
      people: 60,
      config: { guards: '{ maxDeactivations: { count: 60, percent: 100 } }' },
    });
    await here.sync();
    await here.publish(
      here.people.map((person, index) => (index < 30 ? { ...person, employeeType: 'left' } : person)),
    );
    await here.sync();
    for (const { mail } of here.people.slice(0, 30)) here.sandbox.removeUser(mail);

    const end = await here.sync();

    expect(end.run.state).toBe('done');
    expect(await here.operations(end.run.id)).toEqual([]);
  });

  test('that lacks a few has each of them asked for by its id', async () => {
    await using here = await install({ people: 12 });
    await here.sync();
    here.sandbox.removeUser(here.person(3).mail);

    const end = await here.sync();

    expect(await here.operations(end.run.id)).toEqual([]);
    expect((await here.findings(end.run.id)).map(({ kind, email }) => [kind, email])).toEqual([
      ['conflict', here.person(3).mail],
    ]);
  });

  test('because of a page in the wrong form fails the run', async () => {
    await using here = await install({ people: 2 });
    here.sandbox.fault({ operation: 'list', effect: { kind: 'html' } });

    expect(await here.conduct(await here.request('apply'))).toMatchObject({ kind: 'failed' });
    expect(here.effects()).toEqual([]);
  });
});

test('a run for one person alone touches nobody else, by e-mail, login or id', async () => {
  await using here = await install({ people: 6 });
  await here.sync(here.person(0).mail.toUpperCase());
  await here.sync(here.person(1).uid);
  await here.sync(here.person(2).entryUuid);

  expect(here.effects()).toEqual([0, 1, 2].map((index) => `created ${here.person(index).mail}`));

  await here.publish(here.people.slice(3).reduce((all, { uid }) => markLeft(all, uid), [...here.people]));
  await here.sync(here.sandbox.find(here.person(0).mail)?.profile.profile_id);
  expect(here.effects()).toHaveLength(3);
});

test('a run for somebody whom nobody knows fails and says so', async () => {
  await using here = await install({ people: 1 });

  const end = await here.conduct(await here.request('apply', 'nobody@example.org'));

  expect(end).toMatchObject({
    kind: 'failed',
    error: { message: expect.stringContaining('Nobody in the source is called nobody@example.org') },
  });
});

test('somebody whose role the org does not know is named, and the others are created', async () => {
  const mapping = `{ email: mail, username: mail, role: 'user.title.startsWith("Head") ? "Boss" : "User"' }`;
  await using here = await install({ people: 12, config: { mapping } });

  const end = await here.sync();

  const heads = here.people.filter(({ title }) => title.startsWith('Head'));
  expect(end.counts).toEqual(new Map([['done', 12 - heads.length]]));
  const findings = await here.findings(end.run.id);
  expect(findings.map(({ kind, email }) => `${kind} ${email}`).sort()).toEqual(
    heads.map(({ mail }) => `skipped ${mail}`).sort(),
  );
  expect(findings[0]?.reason).toBe(
    'Their role "Boss" does not exist in the org, which knows Admin, Manager, User, Viewer. Make it there, or mend the mapping of role.',
  );
});

test('records that cannot be read are named, keep the others from nothing, and remove nobody', async () => {
  await using here = await install({ people: 5 });
  await here.publish(here.people.slice(0, 4));
  await here.sync();
  const gone = here.person(0);
  const broken = 'dn: uid=broken,ou=people,dc=example,dc=org\nobjectClass: person\nthis is no attribute\n';
  const everybody = toLdif([...here.people.slice(1)]);
  await here.publishText(`${everybody}\n${broken}`);

  const end = await here.sync();

  expect(end.run.summary?.incomplete).toContain("can't be read");
  expect(here.sandbox.find(gone.mail)?.profile.is_active).toBe(true);
  expect((await here.findings(end.run.id)).map(({ kind }) => kind)).toContain('skipped');
});
