import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { type Stage, setStage } from './stage.ts';

const people = sampleDirectory({ people: 6 });
const sources = `  - { id: people, type: ldif, file: people.ldif, active: 'user.employeeType != "left"' }`;
const more = `
backup: { share: 10, atLeast: 2, folder: backups }
guards: { maxDeactivations: { count: 6, percent: 100 } }
mapping: { email: mail, username: mail, organization_role: title }
`;

const publish = (stage: Stage, left: number) =>
  writeFile(
    join(stage.folder, 'people.ldif'),
    toLdif(people.map((one, index) => (index < left ? { ...one, employeeType: 'left' as const } : one))),
  );

test('a mistake is taken back with the backup that was made before it', async () => {
  await using stage = await setStage({ sources, more, combination: 'PostgreSQL and Redis' });
  await publish(stage, 0);
  await stage.rollcall('resync', '--wait');
  await publish(stage, 3);
  const mistake = await stage.rollcall('resync', '--wait');
  expect(mistake.code).toBe(0);
  const [file = ''] = await readdir(join(stage.folder, 'backups'));

  const planned = await stage.rollcall('--json', 'restore', join('backups', file));
  const { run, operations } = JSON.parse(planned.stdout);
  const approved = await stage.rollcall('approve', run.id, '--reason', 'a mistake', '--wait');

  expect(planned).toMatchObject({ code: 3, stderr: expect.stringContaining('Not touched') });
  expect(operations.map((one: { kind: string }) => one.kind)).toEqual([
    'reactivate',
    'reactivate',
    'reactivate',
  ]);
  expect(approved).toMatchObject({ code: 0 });
  expect(stage.sandbox.users.every(({ profile }) => profile.is_active)).toBe(true);
});

test('a backup by hand says where it is; a file that is none is refused', async () => {
  await using stage = await setStage({ sources, more, combination: 'PostgreSQL and Redis' });
  await publish(stage, 0);

  const made = await stage.rollcall('backup');
  await writeFile(join(stage.folder, 'other.jsonl'), 'not a backup');
  const refused = await stage.rollcall('restore', 'other.jsonl');
  const missing = await stage.rollcall('restore', 'nowhere.csv');

  expect(made).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/1 profiles are saved in .*-hand\.csv/),
  });
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('no JSON') });
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("can't be read") });
});
