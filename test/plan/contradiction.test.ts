/** Two directories that contradict each other over one person: real files, org, PostgreSQL and Redis. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import type { SamplePerson } from '../../src/cli/demo/sample-directory.ts';
import { statusOf } from '../../src/engine/look/status.ts';
import { approvePlan } from '../../src/plan/word/approval.ts';
import { type Installation, install } from '../engine/installation.ts';

// The numbers are the same in both files, but correlation does not go by them.
const active = `active: 'user.employeeType != "left"'`;
const config = {
  correlation: '[email]',
  sources: `[{ id: people, type: ldif, file: people.ldif, ${active} }, { id: cloud, type: ldif, file: cloud.ldif, ${active} }]`,
};

const publishCloud = (here: Installation, people: readonly SamplePerson[]) =>
  writeFile(join(here.folder, 'cloud.ldif'), toLdif(people));

const inCloud = (person: SamplePerson): SamplePerson => ({
  ...person,
  entryUuid: '11111111-2222-4333-8444-555555555555',
});

test('the deactivation of one is held with both words, the others go on, and it goes on when the other source agrees', async () => {
  await using here = await install({ config });
  const [ann, bob] = [here.person(0), here.person(1)];
  await publishCloud(here, [inCloud(ann)]);
  await here.sync();
  await here.carryOut(await here.releaseOf('cloud'));
  const isActive = ({ mail }: SamplePerson) => here.sandbox.find(mail)?.profile.is_active;

  const left = [ann, bob].map((one) => ({ ...one, employeeType: 'left' as const }));
  await here.publish([...left, ...here.people.slice(2)]);
  const run = await here.release();
  const planned = await here.operations(run);
  await here.carryOut(run);

  expect(planned.map(({ anchor, state, hold }) => [anchor, state, hold]).sort()).toEqual(
    [
      [ann.entryUuid, 'held', 'contradiction'],
      [bob.entryUuid, 'queued', null],
    ].sort(),
  );
  expect([ann, bob].map(isActive)).toEqual([true, false]);
  const sentences = (await statusOf(here.engine)).heldPlans.flatMap((held) => held.sentences);
  expect(sentences).toEqual([expect.stringContaining('But source cloud has')]);

  await publishCloud(here, [{ ...inCloud(ann), employeeType: 'left' }]);
  await here.carryOut(await here.releaseOf('cloud'));
  await here.sync();

  expect(isActive(ann)).toBe(false);
});

test('whoever approves has them deactivated', async () => {
  await using here = await install({ config });
  const ann = here.person(0);
  await publishCloud(here, [inCloud(ann)]);
  await here.sync();
  await here.carryOut(await here.releaseOf('cloud'));
  await here.publish([{ ...ann, employeeType: 'left' }, ...here.people.slice(1)]);
  const run = await here.release();

  const word = { actor: 'cli:eve', reason: 'HR confirmed it.' };
  const outcome = await approvePlan(here.engine.store.db, run, word, new Date());
  await here.carryOut(run);

  expect(outcome).toMatchObject({ kind: 'approved', released: 1 });
  expect(here.sandbox.find(ann.mail)?.profile.is_active).toBe(false);
});
