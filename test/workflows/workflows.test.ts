/** What the workflows of GitHub say of this repository, and that they are careful with what they are given. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

const step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const job = z.object({
  uses: z.string().optional(),
  'timeout-minutes': z.int().optional(),
  permissions: z.record(z.string(), z.string()).default({}),
  container: z.string().optional(),
  strategy: z.object({ matrix: z.object({ command: z.array(z.string()) }) }).optional(),
  steps: z.array(step).default([]),
});
const workflow = z.object({ permissions: z.record(z.string(), z.string()), jobs: z.record(z.string(), job) });

const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  return { name, text, ...workflow.parse(parseYaml(text)) };
});
const jobs = workflows.flatMap((one) =>
  Object.entries(one.jobs).map(([id, each]) => ({ ...each, id: `${one.name} ${id}` })),
);
const steps = jobs.flatMap(({ id, steps: own }) => own.map((each) => ({ job: id, ...each })));

const { scripts, devDependencies } = z
  .object({ scripts: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

/** The scripts of npm that a text runs, those of scripts within scripts too. */
const scriptsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\bnpm (?:run (?:--silent )?)?([a-z][\w:]*)/g)]
    .map(([, name = '']) => name)
    .filter((name) => !['ci', 'run'].includes(name));

test('a change is checked by .ci/run, its image is run, and built for both architectures', () => {
  const ci = jobs.filter(({ id }) => id.startsWith('ci.yml'));

  expect(ci.flatMap(({ steps: own }) => own.flatMap(({ run }) => run ?? []))).toEqual(
    expect.arrayContaining(['.ci/run', expect.stringContaining('npm run test:image')]),
  );
  expect(steps.map((one) => one.with.platforms)).toEqual(
    expect.arrayContaining(['linux/amd64,linux/arm64', 'linux/amd64,linux/arm64']),
  );
});

test('.ci/run and `npm run check` check the same', () => {
  const inCi = new Set(scriptsIn(read('.ci/run').replaceAll(/^ *#.*$/gm, '')));

  expect(inCi).toEqual(new Set(scriptsIn(scripts.check ?? '')));
  expect(inCi.size).toBeGreaterThan(6);
});

test('every script that is run exists', () => {
  const run = [
    ...steps.flatMap((one) => scriptsIn(one.run ?? '')),
    ...jobs.flatMap((one) =>
      (one.strategy?.matrix.command ?? []).map((command) => command.split(' ')[0] ?? ''),
    ),
  ];

  expect(run.length).toBeGreaterThan(5);
  expect(run.filter((name) => !(name in scripts))).toEqual([]);
});

test('tests run on the Node that developers have', () => {
  const major = devDependencies.node?.split('.')[0];

  for (const { container, id } of jobs)
    if (container !== undefined) expect(container, id).toBe(`node:${major}-bookworm`);
  expect(
    read('Dockerfile')
      .match(/^FROM .*node:\S+/gm)
      ?.every((line) => line.endsWith(`node:${major}-bookworm-slim`)),
  ).toBe(true);
});

describe('they are careful', () => {
  test('actions of others are pinned to a commit, beside which its version stands', () => {
    const used = workflows.flatMap(({ text }) => text.match(/uses: .*/g) ?? []);

    expect(used.length).toBeGreaterThan(8);
    for (const line of used.filter((one) => !one.startsWith('uses: ./')))
      expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('they may read the repository, and only who publishes may write', () => {
    for (const { permissions, name } of workflows) expect(permissions, name).toEqual({ contents: 'read' });
    expect(jobs.filter(({ permissions }) => Object.keys(permissions).length > 0).map(({ id }) => id)).toEqual(
      ['release.yml publish'],
    );
  });

  test('every job ends some time, and leaves no token in the checkout', () => {
    for (const one of jobs)
      if (one.uses === undefined) expect(one['timeout-minutes'], one.id).toBeGreaterThan(0);
    for (const one of steps)
      if (one.uses?.startsWith('actions/checkout@'))
        expect(one.with['persist-credentials'], one.job).toBe(false);
  });

  test('nothing that somebody outside can name is put into a command', () => {
    for (const { run = '', job: id } of steps)
      expect(run.match(/\$\{\{(?! *matrix\.command *\}\})[^}]*\}\}/g) ?? [], id).toEqual([]);
  });
});
