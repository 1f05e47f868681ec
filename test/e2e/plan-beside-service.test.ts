/** A dry run beside a running service: the service must not take it, nor read anything in its place. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { combinations, setStage } from './stage.ts';

test.each(
  combinations,
)('on %s, a plan of an export is made of the export, every time', async (combination) => {
  await using stage = await setStage({
    combination,
    sources: '  - { id: people, type: ldif, file: people.ldif }',
  });
  const people = sampleDirectory({ people: 5 });
  await writeFile(join(stage.folder, 'people.ldif'), toLdif(people));
  await writeFile(join(stage.folder, 'export.ldif'), toLdif(people.slice(0, 2)));
  await stage.startService('all').untilEvent('service.started');

  for (let turn = 0; turn < 4; turn += 1) {
    const result = await stage.rollcall(
      'plan',
      '--json',
      '--source',
      'people',
      '--from',
      join(stage.folder, 'export.ldif'),
    );

    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(result.stdout).operations).toHaveLength(2);
  }
  expect(stage.sandbox.effects).toEqual([]);
});
