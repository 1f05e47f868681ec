/** Conflicts at the command line: listed with their remedies, which are then typed as they are shown. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { type SamplePerson, sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { type Combination, setStage } from './stage.ts';

const newId = '11111111-2222-4333-8444-555555555555';
const anotherId = '22222222-2222-4333-8444-555555555555';

async function staged(combination: Combination, lifecycle: string) {
  const stage = await setStage({
    combination,
    sources: `  - { id: people, type: ldif, file: people.ldif, active: 'user.employeeType != "left"' }`,
    more: `
mapping: { email: mail, username: uid, name: cn, organization_role: title }
lifecycle: ${lifecycle}
`,
  });
  const publish = (people: readonly SamplePerson[]) =>
    writeFile(join(stage.folder, 'people.ldif'), toLdif(people));
  const json = async (...args: readonly string[]) => {
    const { stdout, stderr } = await stage.rollcall('--json', ...args);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const sync = () => json('resync', '--wait');
  return { stage, publish, json, sync };
}

describe.each(['PostgreSQL', 'PostgreSQL and Redis'] as const)('on %s', (combination) => {
  test('a rehire and two with one address are listed, settled by the commands shown, and done', async () => {
    const { stage: opened, publish, json, sync } = await staged(combination, '{ grace: 0s }');
    await using stage = opened;
    const [old, twin, ...others] = sampleDirectory({ people: 5 });
    if (old === undefined || twin === undefined) throw new Error('The directory is empty.');
    await publish([old, twin, ...others]);
    await sync();
    await publish([twin, ...others]);
    await sync();
    const back = { ...old, entryUuid: newId };
    const double = { ...twin, uid: 'double', entryUuid: anotherId };
    await publish([back, twin, double, ...others]);
    await sync();

    const [listed] = await json('conflicts', '--source', 'people');
    const kinds = listed.conflicts.map((one: { anchor: string; conflict: string }) => [
      one.anchor,
      one.conflict,
    ]);
    expect(kinds.toSorted()).toEqual([
      [newId, 'email-held-by-other-person'],
      [anotherId, 'same-email-in-source'],
    ]);
    const text = await stage.rollcall('conflicts');
    expect(text.stdout).toContain(`rollcall ignore ${anotherId} --reason "..."`);

    const profile = stage.sandbox.find(old.mail)?.profile.profile_id ?? '';
    const commands: readonly (readonly string[])[] = [
      ['adopt', newId, '--profile', profile, '--reason', 'Rehired in March.'],
      ['ignore', anotherId, '--reason', 'A test account.'],
    ];
    for (const command of commands) expect(await stage.rollcall(...command)).toMatchObject({ code: 0 });
    const done = await sync();

    expect(done.operations).toMatchObject([
      { kind: 'adopt', state: 'done', anchor: newId, takenFrom: old.entryUuid },
    ]);
    expect(done.operations[0].reason).toContain('Rehired in March.');
    expect(stage.sandbox.find(old.mail)?.profile.is_active).toBe(true);
    const [after] = await json('conflicts');
    expect(after).toMatchObject({ conflicts: [], rulings: [{ kind: 'ignore', anchor: anotherId }] });

    expect(await stage.rollcall('unignore', anotherId, '--reason', 'It is a person.')).toMatchObject({
      code: 0,
    });
    expect((await stage.rollcall('audit', 'verify')).stdout).toContain('The audit log is whole');
  });

  test('whom nobody is called, or several are, is said in a sentence; so is what can’t be', async () => {
    const { stage: opened, publish, sync } = await staged(combination, '{ grace: 0s }');
    await using stage = opened;
    const [one, two, ...others] = sampleDirectory({ people: 4 });
    if (one === undefined || two === undefined) throw new Error('The directory is empty.');
    await publish([one, two, ...others]);
    await sync();
    await publish([one, two, { ...one, uid: 'double', entryUuid: newId }, ...others]);
    const ids = stage.sandbox.users.map((user) => [user.profile.email, user.profile.profile_id] as const);
    const theirs = new Map(ids).get(two.mail) ?? '';

    for (const [args, sentence] of [
      [['ignore', 'nobody@example.org'], 'Nobody in people is called nobody@example.org'],
      [['ignore', one.mail], '2 people are called'],
      [['adopt', one.uid, '--profile', 'nowhere'], 'There is no profile nowhere'],
      [['adopt', one.uid, '--profile', theirs], 'who is there and active in people'],
      [['unignore', one.mail], 'nobody is called'],
      [['invite-again', two.mail], 'never invited by Rollcall'],
    ] as const) {
      const result = await stage.rollcall(...args, '--reason', 'A test.');
      expect(result.code, result.stderr).not.toBe(0);
      expect(result.stderr).toContain(sentence);
    }
  });

  test('somebody is invited again by hand, and no more often than the set number', async () => {
    const lifecycle = '{ onboard: invite, invite: { role: User, atMost: 2 } }';
    const { stage: opened, publish, sync } = await staged(combination, lifecycle);
    await using stage = opened;
    const [one] = sampleDirectory({ people: 1 });
    if (one === undefined) throw new Error('The directory is empty.');
    await publish([one]);
    await sync();

    const again = () => stage.rollcall('invite-again', one.uid, '--reason', 'The mail was lost.');
    expect(await again()).toMatchObject({ code: 0 });
    const third = await again();

    expect(third.code).toBe(1);
    expect(third.stderr).toContain('was invited 2 times');
    expect(stage.sandbox.invitations.map((invitation) => invitation.mails.length)).toEqual([2]);
  });
});
