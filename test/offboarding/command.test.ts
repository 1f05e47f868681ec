/** `rollcall offboard` and `reinstate` at the command line, without a service and beside one. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { type SamplePerson, sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { type Stage, setStage, until } from '../e2e/stage.ts';

async function staged(): Promise<{ readonly stage: Stage; readonly people: readonly SamplePerson[] }> {
  const stage = await setStage({
    combination: 'PostgreSQL and Redis',
    sources: '  - { id: people, type: ldif, file: people.ldif }',
    more: 'mapping: { email: mail, username: uid, name: cn }\noffboarding: { folder: hr, timezone: Europe/Vienna }',
  });
  const people = sampleDirectory({ people: 6 });
  await writeFile(join(stage.folder, 'people.ldif'), toLdif(people));
  await mkdir(join(stage.folder, 'hr'));
  const { code, stderr } = await stage.rollcall('resync', '--wait');
  if (code !== 0) throw new Error(stderr);
  return { stage, people };
}

const effects = ({ sandbox }: Stage): readonly string[] =>
  sandbox.effects.map(({ kind, email }) => `${kind} ${email}`);

test('without a service the command does the work, a resync keeps them out, and reinstate lets them back', async () => {
  const { stage: opened, people } = await staged();
  await using stage = opened;
  const [ann, bob] = people;
  if (ann === undefined || bob === undefined) throw new Error('The directory is empty.');

  const done = await stage.rollcall('offboard', ann.mail, '--reason', 'She left.');
  expect([done.code, done.stderr]).toEqual([0, '']);
  expect(done.stdout).toContain('1 to deactivate');
  expect(done.stdout).toContain('"She left."');
  expect(effects(stage).at(-1)).toBe(`deactivated ${ann.mail}`);
  const later = await stage.rollcall('offboard', bob.uid, '--at', '2099-07-31', '--reason', 'Contract.');
  expect(later.code).toBe(0);
  expect(later.stdout).toContain('will be deactivated at 2099-07-31T22:00:00.000Z. No service is at work');
  const elsewhere = await stage.rollcall(
    ...['offboard', bob.uid, '--at', '2099-07-31T17:00', '--timezone', 'Asia/Tokyo', '--reason', 'Contract.'],
  );
  expect(elsewhere.stdout).toContain('2099-07-31T08:00:00.000Z');

  const list = await stage.rollcall('offboard', '--list');
  expect(list.stdout).toMatch(/verified inactive after/);
  expect(list.stdout).toMatch(/to come/);
  const json = JSON.parse((await stage.rollcall('--json', 'offboard', ann.mail, '--list')).stdout);
  expect(json).toMatchObject([{ email: ann.mail, cause: 'operator', reason: 'She left.', held: false }]);

  await stage.rollcall('resync', '--wait');
  expect(effects(stage).at(-1)).toBe(`deactivated ${ann.mail}`);
  expect((await stage.rollcall('reinstate', ann.mail, '--reason', 'Back.')).code).toBe(0);
  await stage.rollcall('resync', '--wait');
  expect(effects(stage).at(-1)).toBe(`reactivated ${ann.mail}`);
});

test.each([
  [['offboard', 'nobody@example.com', '--reason', 'x'], 'Nobody whom Rollcall looks after is called'],
  [['offboard', 'ANN'], 'Say why'],
  [['offboard', '--reason', 'x'], 'Say who left'],
  [['offboard', 'ANN', '--reason', 'x', '--at', 'tomorrow'], 'is no time'],
  [['offboard', 'ANN', '--reason', 'x', '--timezone', 'Mars'], 'is no time zone'],
  [['offboard', 'ANN', '--reason', 'x', '--source', 'other'], 'There is no source other'],
  [['reinstate', 'ANN', '--reason', 'x'], 'there is nothing to take back'],
])('%j is bad usage, in a sentence, and does nothing', async (words, sentence) => {
  const { stage: opened, people } = await staged();
  await using stage = opened;
  const before = effects(stage).length;

  const { code, stderr } = await stage.rollcall(
    ...words.map((word) => (word === 'ANN' ? (people[0]?.mail ?? '') : word)),
  );

  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
  expect(effects(stage).length).toBe(before);
});

test('a service carries out what a command says, takes files, and acts on time', async () => {
  const { stage: opened, people } = await staged();
  await using stage = opened;
  const [ann, bob, cid] = people;
  if (ann === undefined || bob === undefined || cid === undefined) throw new Error('The directory is empty.');
  await stage.startService().untilEvent('service.started');

  const said = await stage.rollcall('offboard', ann.mail, '--reason', 'She left.');
  await writeFile(join(stage.folder, 'hr', 'leavers.csv'), `email\n${bob.mail}\n`);
  const soon = new Date(Date.now() + 3_000).toISOString();
  await stage.rollcall('offboard', cid.mail, '--at', soon, '--reason', 'His time has come.');

  expect(said.stdout).toContain('The service carries it out.');
  const wanted = [ann, bob, cid].map(({ mail }) => `deactivated ${mail}`);
  await until(
    () => effects(stage),
    (all) => wanted.every((one) => all.includes(one)),
  );
  const answered = () => readdir(join(stage.folder, 'hr', 'done')).catch(() => []);
  expect(
    (await until(answered, ({ length }) => length === 2)).every((name) => name.startsWith('leavers-')),
  ).toBe(true);
});
