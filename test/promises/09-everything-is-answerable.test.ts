/** Promise 9: for everything that was done to a person the audit log tells why, from what to what, by which run, on whose word. */
import { describe, expect, test } from 'vitest';
import { latestEntries, verifyAudit } from '../../src/audit/index.ts';
import { markLeft, removePerson } from '../../src/cli/demo/changes.ts';
import type { SamplePerson } from '../../src/cli/demo/sample-directory.ts';
import { combinations } from '../e2e/stage.ts';
import { explained, textOf } from '../engine/explain/explaining.ts';
import { install } from '../engine/installation.ts';

const secret = 'sandbox-key';

describe.each(combinations)('on %s', (combination) => {
  test('after a mixed day each person has their whole story', async () => {
    const guards = '{ maxDeactivations: { count: 1, percent: 0 } }';
    await using here = await install({
      combination,
      people: 6,
      config: { guards },
      sandbox: { users: [{ email: 'jurgen.lindstrom@example.org', username: 'jl' }] },
    });
    const { db } = here.engine.store;
    const [mover, adopted, refused, leaver, other, plain] = here.people.map(({ mail }) => mail);
    expect(adopted).toBe('jurgen.lindstrom@example.org');
    const bad = here.sandbox.fault({
      operation: 'create',
      match: refused ?? '',
      effect: { kind: 'status', status: 400, body: { error: 'No such department.' } },
    });

    const morning = await here.sync();
    bad.clear();
    const change = (mail: string | undefined, changed: Partial<SamplePerson>) =>
      here.people.map((person) => (person.mail === mail ? { ...person, ...changed } : person));
    const oldTitle = here.person(0).title;
    await here.publish(change(mover, { title: 'Captain' }));
    const uidOf = (mail: string | undefined) => here.people.find((one) => one.mail === mail)?.uid ?? '';
    await here.publish(markLeft(markLeft(here.people, uidOf(leaver)), uidOf(other)));
    const noon = await here.sync();
    await here.approve(noon.run.id);
    await here.carryOut(noon.run.id);

    const story = async (mail: string | undefined) =>
      (await latestEntries(db, { who: mail }, 100)).map((entry) => ({
        run: entry.run_id,
        action: entry.action,
        reason: entry.reason,
        kind: entry.details.kind,
        before: entry.details.before,
        after: entry.details.after,
        profile: entry.profile_id,
      }));
    const profileOf = (mail: string | undefined) => here.sandbox.find(mail ?? '')?.profile.profile_id;

    expect(await story(mover)).toMatchObject([
      {
        run: morning.run.id,
        action: 'operation.done',
        kind: 'create',
        after: { organization_role: oldTitle },
      },
      {
        run: noon.run.id,
        action: 'operation.done',
        kind: 'edit',
        before: { organization_role: oldTitle },
        after: { organization_role: 'Captain' },
        profile: profileOf(mover),
        reason: 'The source and the profile differ in organization_role.',
      },
    ]);
    expect(await story(adopted)).toMatchObject([
      { kind: 'adopt', profile: profileOf(adopted), reason: 'Their profile was found by email.' },
    ]);
    expect(await story(refused)).toMatchObject([
      { action: 'operation.failed', kind: 'create' },
      { action: 'operation.done', kind: 'create' },
    ]);
    for (const gone of [leaver, other]) {
      expect((await story(gone)).at(-1)).toMatchObject({
        run: noon.run.id,
        action: 'operation.done',
        kind: 'deactivate',
        before: { is_active: true },
        after: { is_active: false },
        profile: profileOf(gone),
      });
      expect((await story(gone)).at(-1)?.reason).toMatch(/\w/);
    }
    expect(await story(plain)).toHaveLength(1);

    const words = (await latestEntries(db, { run: noon.run.id }, 100)).filter(({ email }) => email === null);
    expect(words.map(({ action, actor, reason }) => [action, actor, reason])).toEqual([
      ['run.planned', 'cli:test', null],
      ['plan.approved', 'cli:anna', 'I looked at it.'],
      ['deactivations.verified', 'rollcall', null],
    ]);

    // And one command tells the whole chain, of whom the source shows as of whom it has forgotten.
    await here.publish(removePerson(here.people, uidOf(other)));
    for (const [mail, entry] of [
      [leaver, 'seen'],
      [other, 'not-shown'],
    ] as const) {
      const explanation = await explained(here, mail ?? '');
      expect(explanation.people).toMatchObject([
        { entry: { kind: entry }, link: { origin: 'created' }, next: { kind: 'nothing' } },
      ]);
      const text = textOf(explanation);
      expect(text).toMatch(
        new RegExp(`deactivated it .* in run ${noon.run.id} by cli:test, approved by cli:anna`),
      );
      expect(text).toContain('"I looked at it."');
      expect(text).toContain('is_active: true → false');
    }
    expect(textOf(await explained(here, mover ?? ''))).toContain(
      `organization_role: "${oldTitle}" → "Captain"`,
    );
    expect(textOf(await explained(here, adopted ?? ''))).toContain('Their profile was found by email.');
    expect(textOf(await explained(here, refused ?? ''))).toContain('No such department.');

    // Whatever happened in the org is in the log, and no more than that.
    const log = await latestEntries(db, {}, 1_000);
    const done = log.filter(({ action }) => action === 'operation.done').length;
    expect(done).toBe(here.sandbox.effects.length);
    expect(JSON.stringify(log)).not.toContain(secret);
    expect(JSON.stringify(log).toLowerCase()).not.toContain('password');
    expect(await verifyAudit(db)).toMatchObject({ kind: 'whole', entries: log.length });
  });
});
