/** One person, explained: always what the next run would do, always from the whole history, and never with an effect. */
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../../src/audit/index.ts';
import { markLeft, removePerson } from '../../../src/cli/demo/changes.ts';
import { toLdif } from '../../../src/cli/demo/ldif.ts';
import { type SamplePerson, sampleDirectory } from '../../../src/cli/demo/sample-directory.ts';
import { explanationJson } from '../../../src/json/index.ts';
import { ruleIgnored } from '../../../src/plan/index.ts';
import { anchor } from '../../builders/people.ts';
import { install, people as source } from '../installation.ts';
import { explain, explained, explainedOne, textOf } from './explaining.ts';

const word = { actor: 'cli:anna', reason: 'She asked for it.' };
const many = sampleDirectory({ people: 14 });

describe('what the next run would do', () => {
  test('is what it then does, for everybody in every state, and looking stores and changes nothing', async () => {
    await using here = await install({
      people: 10,
      config: { lifecycle: '{ grace: 1h }' },
      sandbox: { users: [{ email: many[11]?.mail ?? '', username: 'adopted' }] },
    });
    const [plain, mover, leaver, left, absent, blocked, deleted, ignored, holder, twin] = here.people.map(
      ({ uid, mail, entryUuid }) => ({ uid, mail, id: entryUuid }),
    );
    if (
      !plain ||
      !mover ||
      !leaver ||
      !left ||
      !absent ||
      !blocked ||
      !deleted ||
      !ignored ||
      !holder ||
      !twin
    )
      throw new Error('The cast is too small.');
    await here.sync();
    await here.publish(removePerson(markLeft(here.people, left.uid), absent.uid));
    await here.sync();

    here.sandbox.editUser(blocked.mail, { is_active: false });
    here.sandbox.removeUser(deleted.mail);
    await ruleIgnored(
      here.engine.store.db,
      { source, anchor: anchor(ignored.id), label: ignored.uid, email: ignored.mail, seenAs: 'member' },
      word,
      new Date(),
    );
    const bent = (uid: string, change: Partial<SamplePerson>) => (person: SamplePerson) =>
      person.uid === uid ? { ...person, ...change } : person;
    await here.publish([
      ...markLeft(here.people, leaver.uid)
        .map(bent(mover.uid, { title: 'Captain' }))
        .map(bent(ignored.uid, { title: 'Captain' }))
        .map(bent(twin.uid, { mail: holder.mail })),
      ...many.slice(10, 12),
      ...many.slice(12, 13).map((person) => ({ ...person, mail: 'no address' })),
      ...many.slice(13, 14).map((person) => ({ ...person, mail: plain.mail.toUpperCase() })),
    ]);
    const effects = here.effects();
    const log = await latestEntries(here.engine.store.db, {}, 1_000);

    const everybody = [...here.people.map(({ entryUuid }) => entryUuid), absent.id];
    const told = new Map<string, unknown>();
    for (const id of everybody) {
      const { next } = await explainedOne(here, id);
      const { kind } = next;
      if (kind === 'operation') {
        const { reason, before, after, profileId } = next.operation;
        told.set(id, { kind: next.operation.kind, reason, before, after, profileId: profileId ?? null });
      } else if (kind === 'finding') told.set(id, { kind: next.finding.kind, reason: next.finding.reason });
      else told.set(id, { kind });
    }

    expect(here.effects()).toEqual(effects);
    expect(await latestEntries(here.engine.store.db, {}, 1_000)).toEqual(log);
    const plan = await here.plan();
    const operations = await here.operations(plan);
    const findings = await here.findings(plan);
    for (const id of everybody) {
      const operation = operations.find((one) => one.anchor === id);
      const finding = findings.find((one) => one.anchor === id);
      const planned =
        operation !== undefined
          ? {
              kind: operation.kind,
              reason: operation.reason,
              before: operation.before,
              after: operation.after,
              profileId: operation.profile_id,
            }
          : finding !== undefined
            ? { kind: finding.kind, reason: finding.reason }
            : { kind: 'nothing' };
      expect([id, told.get(id)]).toEqual([id, planned]);
    }
    // So that the comparison is worth something.
    expect(new Set(operations.map(({ kind }) => kind))).toEqual(
      new Set(['edit', 'deactivate', 'create', 'adopt']),
    );
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(
      new Set(['conflict', 'skipped', 'waiting', 'left']),
    );
  });

  test('of somebody whom a plan holds already, it names that plan, the guard and the command', async () => {
    await using here = await install({
      people: 4,
      config: { guards: '{ maxDeactivations: { count: 0, percent: 0 } }' },
    });
    await here.sync();
    await here.publish(markLeft(here.people, here.person(0).uid));
    const { run } = await here.sync();

    const explanation = await explained(here, here.person(0).mail);

    expect(explanation.people[0]?.next).toMatchObject({ kind: 'held', operation: { run_id: run.id } });
    expect(textOf(explanation)).toContain('guards.maxDeactivations');
    expect(textOf(explanation)).toContain(`rollcall approve ${run.id}`);
  });
});

describe('why somebody was deactivated', () => {
  const deactivated = async () => {
    const here = await install({ people: 3 });
    await here.sync();
    const { mail, uid } = here.person(1);
    await here.publish(markLeft(here.people, uid));
    const { run } = await here.sync();
    return { here, mail, run: run.id };
  };

  test('is told with the run, its reason and the values, while everything answers', async () => {
    const { here: opened, mail, run } = await deactivated();
    await using here = opened;

    const text = textOf(await explained(here, mail));

    expect(text).toMatch(
      new RegExp(`is inactive: Rollcall deactivated it .* in run ${run} by cli:test. The source says`),
    );
    expect(text).toContain('user.employeeType != "left"  → false');
    expect(text).toContain('with employeeType "left"');
    expect(text).toContain('is_active: true → false');
  });

  test('is told while the source can’t be read and the org is down, from history alone', async () => {
    const { here: opened, mail, run } = await deactivated();
    await using here = opened;
    await here.publishText('nonsense');
    here.sandbox.fault({ operation: '*', effect: { kind: 'status', status: 503, body: { error: 'Down.' } } });

    const text = textOf(await explained(here, mail));

    expect(text).toContain('It could not be asked.');
    expect(text).toContain('could not be asked for.');
    expect(text).toMatch(new RegExp(`deactivate done  in run ${run} by cli:test`));
    expect(text).toContain('The source says that they have left (user.employeeType != "left" is false).');
  });

  test('is told of somebody whose entry and whose tie are long gone', async () => {
    const { here: opened, mail, run } = await deactivated();
    await using here = opened;
    await here.publish(removePerson(here.people, here.person(1).uid));
    await here.engine.store.db.deleteFrom('links').where('email', '=', mail).execute();
    await here.engine.store.db.deleteFrom('operations').execute();

    const { people } = await explained(here, mail);

    expect(people).toMatchObject([
      { entry: { kind: 'not-shown' }, link: undefined, next: { kind: 'nothing' } },
    ]);
    expect(textOf(await explained(here, mail))).toContain(`deactivate done  in run ${run} by cli:test`);
  });
});

describe('who is meant', () => {
  test('an address that was passed on is its new owner’s, and the one before is named', async () => {
    await using here = await install({ people: 3 });
    await here.sync();
    const [old, ...others] = here.people;
    if (old === undefined) throw new Error('The directory is empty.');
    const heir = { ...old, uid: 'heir', entryUuid: '11111111-2222-4333-8444-555555555555' };
    await here.publish([...others, heir]);

    const { people, namesakes } = await explained(here, old.mail.toUpperCase());

    expect(people.map((one) => one.anchor)).toEqual([heir.entryUuid]);
    expect(namesakes.map((one) => one.anchor)).toEqual([old.entryUuid]);
    expect((await explainedOne(here, old.entryUuid)).anchor).toBe(old.entryUuid);
  });

  test('where several are called so, or nobody is, that is said', async () => {
    await using here = await install({ people: 3 });
    const [one, two] = here.people;
    if (one === undefined || two === undefined) throw new Error('The directory is empty.');
    await here.publish([one, { ...two, mail: one.mail }]);

    expect(await explain(here, one.mail)).toMatchObject({
      kind: 'several',
      people: [{ anchor: one.entryUuid }, { anchor: two.entryUuid }],
    });
    expect(await explain(here, 'nobody')).toEqual({
      kind: 'nobody',
      lookedAt: { sources: ['people'], doubts: [], isDown: false },
    });
    await here.publishText('nonsense');
    expect(await explain(here, 'nobody')).toMatchObject({ kind: 'nobody', lookedAt: { isDown: true } });
  });

  test('somebody of two sources is shown for each', async () => {
    const active = `active: 'user.employeeType != "left"'`;
    await using here = await install({
      people: 3,
      config: {
        sources: `[{ id: people, type: ldif, file: people.ldif, ${active} }, { id: old, type: ldif, file: people.ldif, ${active} }]`,
      },
    });
    await here.sync();

    const { people } = await explained(here, here.person(0).mail);

    expect(people.map((one) => [one.source, one.entry.kind, one.next.kind])).toEqual([
      ['people', 'seen', 'nothing'],
      ['old', 'seen', 'finding'],
    ]);
    expect((await explained(here, here.person(0).mail, 'people')).people).toHaveLength(1);
  });
});

test('what sounds like a secret is shown nowhere, neither as text nor as JSON', async () => {
  const secret = 'Corr3ct-h0rse';
  await using here = await install({
    people: 2,
    config: {
      mapping:
        '{ email: mail, username: mail, phone: user.userPassword, pin: "user.pin", door_token: user.pin }',
    },
  });
  const withSecrets = toLdif(here.people).replaceAll(
    /^entryUUID/gm,
    `userPassword: ${secret}\npin: ${secret}\nentryUUID`,
  );
  await here.publishText(withSecrets);
  await here.sync();

  const explanation = await explained(here, here.person(0).mail);

  expect(textOf(explanation)).toContain('(not shown)');
  expect(textOf(explanation)).not.toContain(secret);
  expect(JSON.stringify(explanationJson(explanation))).not.toContain(secret);
  expect(textOf(explanation)).not.toContain(here.sandbox.apiKey);
});
