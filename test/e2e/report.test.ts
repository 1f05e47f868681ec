/** `--html FILE`: a report for whoever decides. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { expectRefused, type Scene, setScene } from './mistakes.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});
const inFolder = (name: string) => join(scene.stage.folder, name);

test('a plan is written for nobody’s eyes but the operator’s, beside what is printed', async () => {
  const result = await scene.stage.rollcall('plan', '--html', 'plan.html', '--json');
  const { id } = z.object({ run: z.object({ id: z.string() }) }).parse(JSON.parse(result.stdout)).run;

  expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('The report is in plan.html.') });
  expect((await stat(inFolder('plan.html'))).mode & 0o777).toBe(0o600);
  const html = await readFile(inFolder('plan.html'), 'utf8');
  expect(html).toContain(`<title>Plan ${id} for corp</title>`);
  expect(html).toContain('u0@example.com');

  const again = await scene.stage.rollcall('runs', id, '--html', 'run.html');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(id) });
  expect(await readFile(inFolder('run.html'), 'utf8')).toContain(`<title>Plan ${id} for corp</title>`);
});

test('a file that is there is not overwritten, and no plan is made in vain', async () => {
  await writeFile(inFolder('kept.html'), 'mine');

  expectRefused(await scene.stage.rollcall('plan', '--html', 'kept.html'), {
    code: 2,
    says: ['The report can', 'kept.html', 'Name a new file'],
  });
  expect(await readFile(inFolder('kept.html'), 'utf8')).toBe('mine');
});

test('nothing is left of a report that could not be made', async () => {
  expectRefused(await scene.stage.rollcall('runs', 'nosuch', '--html', 'nosuch.html'), {
    code: 2,
    says: ['There is no run nosuch'],
  });
  await expect(stat(inFolder('nosuch.html'))).rejects.toThrow('ENOENT');
});

test('a report is about one run, or about a plan that is stored', async () => {
  expectRefused(await scene.stage.rollcall('runs', '--html', 'all.html'), {
    code: 2,
    says: ['rollcall runs RUN --html FILE'],
  });
  expectRefused(await scene.stage.rollcall('plan', '--with', scene.stage.configFile, '--html', 'with.html'), {
    code: 2,
    says: ['leave --html out'],
  });
});
