/** What people are told of, each as it really comes about, and that it is over. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verifyAllEntries, verifyNewEntries } from '../../src/audit/index.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { clearQuarantine, resumeExecution } from '../../src/plan/index.ts';
import type { ServiceCircuit } from '../../src/store/schema.ts';
import { announce, sayGoodbye } from '../../src/store/service/services.ts';
import { people } from '../engine/installation.ts';
import { sayLeft } from '../offboarding/office.ts';
import { setAlertStage } from './stage.ts';

test('a run that failed, once, and that runs succeed again', async () => {
  await using stage = await setAlertStage();
  const { here } = stage;
  await here.sync();
  expect(await stage.look()).toEqual([]);

  await here.publishText('this is no LDIF');
  for (let time = 0; time < 2; time += 1) await expect(here.sync()).rejects.toThrow();

  expect(await stage.look()).toEqual(['opened run-failed']);
  const { data } = stage.last();
  expect(data).toMatchObject({
    title: 'A run failed',
    incidents: [{ subject: 'source people', sentence: expect.stringContaining('people.ldif') }],
  });
  expect(data.incidents[0]?.commands).toContain('rollcall check');
  expect(data.link).toBe('https://rollcall.example.com/sources/people');
  expect(await stage.look()).toEqual([]);
  await expect(here.plan()).rejects.toThrow();
  expect(await stage.look()).toEqual([]);

  await here.publish(here.people);
  await here.sync();
  expect(await stage.look()).toEqual(['resolved run-failed']);
  expect(await stage.look()).toEqual([]);
});

test('a run for one person that fails is told to whoever asked for it, and nobody else', async () => {
  await using stage = await setAlertStage();
  await stage.here.publishText('this is no LDIF');

  await expect(stage.here.sync('nobody@example.com')).rejects.toThrow();
  await expect(stage.here.plan()).rejects.toThrow();

  expect(await stage.look()).toEqual([]);
});

test('a plan that waits for approval, with the command that approves it and nobody’s name', async () => {
  await using stage = await setAlertStage({ people: 12, config: { guards: '{ maxShrink: { count: 12 } }' } });
  const { here } = stage;
  await here.sync();
  await here.publish(here.people.slice(8));
  const { run } = await here.sync();

  expect(await stage.look()).toEqual(['opened plan-held']);
  const { data } = stage.last();
  expect(data.incidents).toEqual([
    expect.objectContaining({
      subject: `plan ${run.id} of source people`,
      sentence: expect.stringContaining('8 operations wait for approval (held by maxDeactivations).'),
      commands: [`rollcall runs ${run.id}`, `rollcall approve ${run.id} --reason "..."`],
    }),
  ]);
  for (const { mail, surname } of here.people) {
    expect(JSON.stringify(data)).not.toContain(mail);
    expect(JSON.stringify(data)).not.toContain(surname);
  }

  await here.approve(run.id);
  expect(await stage.look()).toEqual(['resolved plan-held']);
});

test('a source in quarantine, and that it is out', async () => {
  await using stage = await setAlertStage({}, { events: '[source-quarantined]' });
  const { here } = stage;
  await here.sync();
  await here.publishText('this is no LDIF');
  for (let time = 0; time < 2; time += 1) await expect(here.sync()).rejects.toThrow();
  expect(await stage.look()).toEqual([]);
  await expect(here.sync()).rejects.toThrow();

  expect(await stage.look()).toEqual(['opened source-quarantined']);
  expect(stage.last().data.incidents[0]?.commands).toContain('rollcall resync --source people');

  const word = { actor: 'cli:anna', reason: 'mended' };
  await clearQuarantine(here.engine.store.db, people, word, new Date());
  expect(await stage.look()).toEqual(['resolved source-quarantined']);
});

test('a refused key, and that it is accepted again', async () => {
  await using stage = await setAlertStage();
  const { here } = stage;
  const run = await here.release();
  const refusal = here.sandbox.fault({ operation: 'create', effect: { kind: 'status', status: 401 } });
  await here.carryOut(run);

  expect(await stage.look()).toEqual(['opened key-refused']);
  expect(JSON.stringify(stage.last())).not.toContain(here.sandbox.apiKey);

  refusal.clear();
  await resumeExecution(here.engine.store.db, here.engine.log, new Date());
  expect(await stage.look()).toEqual(['resolved key-refused']);
});

test('a full licence, until somebody gets a seat or nobody needs one', async () => {
  // The key's own account and three people: all seats are taken.
  await using stage = await setAlertStage({ people: 3, sandbox: { licences: 4 }, api: { concurrency: '1' } });
  const { here } = stage;
  await here.sync();
  await here.publish(markLeft(sampleDirectory({ people: 6 }), here.person(0).uid));
  await here.sync();

  // One seat was freed and taken, the next creation found none.
  expect(await stage.look()).toEqual(['opened licence-full']);
  await here.sync();
  expect(await stage.look()).toEqual([]);

  await here.publish(markLeft(here.people, here.person(1).uid));
  await here.sync();
  // Somebody got the seat of who left, and the one after them none: it lasts, and is not told again.
  expect(await stage.look()).toEqual([]);
  await here.publish(here.people.slice(0, 4));
  await here.sync();
  expect(await stage.look()).toEqual(['resolved licence-full']);
});

test('somebody who left and is still active, by e-mail and id, until they are known to be inactive', async () => {
  await using stage = await setAlertStage({}, { leaverLateAfter: '1ms' });
  const { here } = stage;
  await here.sync();
  const { mail, givenName, surname } = here.person(0);
  await sayLeft(here, mail, { at: '2099-01-01T00:00Z' });
  expect(await stage.look()).toEqual([]);
  const { run } = await sayLeft(here, mail);

  expect(await stage.look()).toEqual(['opened leaver-late']);
  const { data } = stage.last();
  expect(data.incidents).toEqual([
    expect.objectContaining({
      subject: expect.stringMatching(new RegExp(`^${mail} \\(.+\\) of source people$`)),
      sentence: expect.stringContaining('on its way'),
      commands: ['rollcall offboard --list'],
    }),
  ]);
  expect(data.link).toMatch(/^https:\/\/rollcall\.example\.com\/people\/people\/[\w-]+$/);
  expect(JSON.stringify(data)).not.toContain(`${givenName} ${surname}`);

  if (run !== undefined) await here.carryOut(run);
  expect(await stage.look()).toEqual(['resolved leaver-late']);
});

test('a leaver whose deactivation was overtaken is late until a whole run finds nothing left to do', async () => {
  await using stage = await setAlertStage({}, { leaverLateAfter: '1ms' });
  const { here } = stage;
  const { db } = here.engine.store;
  await here.sync();
  const { mail } = here.person(0);
  await sayLeft(here, mail);
  // Somebody blocked them in the org between the plan and its execution.
  here.sandbox.editUser(mail, { is_active: false });
  await sql`UPDATE operations SET state = 'superseded', ended_at = now() WHERE kind = 'deactivate'`.execute(
    db,
  );
  expect(await stage.look()).toEqual(['opened leaver-late']);

  await here.sync();

  expect(await stage.look()).toEqual(['resolved leaver-late']);
});

test('a leaver whose deactivation somebody discarded is not late: it was their word', async () => {
  await using stage = await setAlertStage({}, { leaverLateAfter: '1ms' });
  const { here } = stage;
  const { db } = here.engine.store;
  await here.sync();
  await sayLeft(here, here.person(0).mail);
  await sql`UPDATE operations SET state = 'failed', ended_at = now() WHERE kind = 'deactivate'`.execute(db);
  expect(await stage.look()).toEqual(['opened leaver-late']);
  expect(stage.last().data.incidents[0]?.sentence).toContain('failed in run');

  await sql`UPDATE operations SET state = 'discarded' WHERE kind = 'deactivate'`.execute(db);

  expect(await stage.look()).toEqual(['resolved leaver-late']);
});

test('a broken audit log, until a verification finds it whole', async () => {
  await using stage = await setAlertStage();
  const { db } = stage.here.engine.store;
  await stage.here.sync();
  const { actor } = await db
    .selectFrom('audit')
    .select('actor')
    .where('seq', '=', '2')
    .executeTakeFirstOrThrow();
  await sql`UPDATE audit SET actor = 'cli:mallory' WHERE seq = 2`.execute(db);
  await verifyNewEntries(db);

  expect(await stage.look()).toEqual(['opened audit-broken']);
  expect(stage.last().data.incidents[0]?.sentence).toContain('broken at entry 2');

  await sql`UPDATE audit SET actor = ${actor} WHERE seq = 2`.execute(db);
  await verifyAllEntries(db);
  expect(await stage.look()).toEqual(['resolved audit-broken']);
});

test('a profile API that is down for long, until a worker says that it answers', async () => {
  await using stage = await setAlertStage({}, { apiDownAfter: '10m' });
  const { db } = stage.here.engine.store;
  const worker = (circuit: ServiceCircuit) =>
    announce(db, { id: 'w', roles: ['worker'], host: 'h', pid: 1, circuit });
  const downSince = (minutes: number): ServiceCircuit => ({
    ...{ kind: 'open', reason: 'It answered 503.' },
    since: new Date(Date.now() - minutes * 60_000).toISOString(),
  });

  await worker(downSince(9));
  expect(await stage.look()).toEqual([]);
  await worker(downSince(11));
  expect(await stage.look()).toEqual(['opened api-down']);
  await sayGoodbye(db, 'w');
  expect(await stage.look()).toEqual([]);
  await worker(downSince(1));
  expect(await stage.look()).toEqual([]);
  await worker({ kind: 'closed' });
  expect(await stage.look()).toEqual(['resolved api-down']);
});

test('what nobody wants to hear of is told to nobody', async () => {
  await using stage = await setAlertStage({}, { events: '[key-refused]' });
  await stage.here.publishText('this is no LDIF');
  await expect(stage.here.sync()).rejects.toThrow();

  expect(await stage.look()).toEqual([]);
});
