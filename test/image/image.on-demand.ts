/** The container image, run as a careful installation runs it. `npm run test:image` builds it with Docker; see CONTRIBUTING.md. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { setStage, until } from '../e2e/stage.ts';
import { freePort } from '../servers/free-port.ts';
import { type Container, imageToTry, inspect, runToEnd, startContainer } from './engine.ts';

const mebibyte = 1024 * 1024;

let image: string;
beforeAll(async () => {
  image = await imageToTry();
}, 900_000);

/** Evaluates an expression inside. */
async function inside(expression: string): Promise<string> {
  const script = `process.stdout.write(JSON.stringify(${expression}))`;
  const { code, output } = await runToEnd(image, ['--entrypoint', '/usr/local/bin/node'], '--eval', script);
  expect(code, output).toBe(0);
  return output;
}

test('it is small', async () => {
  expect(Number(await inspect(image, '{{.Size}}')) / mebibyte).toBeLessThan(230);
});

test('it runs as a user by number who is not root, and can write nowhere but /tmp', async () => {
  const tries = "['/', '/app', '/app/dist', '/app/config', '/etc', '/home/node', '/tmp']";
  const canWrite = `(at) => { try { fs.writeFileSync(at + '/x', ''); return true } catch { return false } }`;

  expect(await inspect(image, '{{.Config.User}}')).toBe('1000:1000');
  expect(await inside('[process.getuid(), process.getgid()]')).toBe('[1000,1000]');
  expect(await inside(`${tries}.filter(${canWrite})`)).toBe('["/tmp"]');
});

test('it has no shell and no other program than Node and rollcall', async () => {
  const folders = "['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/sbin']";

  expect(await inside(`${folders}.filter(fs.existsSync)`)).toBe('[]');
  expect(await inside("fs.readdirSync('/usr/local/bin')")).toBe('["node","rollcall"]');
});

test('a scanner finds out which packages of Debian are in it', async () => {
  const names = await inside("fs.readdirSync('/var/lib/dpkg/status.d')");

  expect(z.array(z.string()).parse(JSON.parse(names))).toEqual(['libc6', 'libgcc-s1', 'libstdc++6']);
});

test('the demo, embedded store and all, runs to its end', async () => {
  const { code, output } = await runToEnd(image, [], 'demo', '--once');

  expect(code, output).toBe(0);
  expect(output).toContain('each once');
});

test('three roles in three containers share the work, are healthy, and end in order when told to', async () => {
  await using stage = await setStage({
    combination: 'PostgreSQL and Redis',
    sources: '  - { id: people, type: ldif, file: people.ldif }',
    more: 'backup: off',
  });
  await writeFile(join(stage.folder, 'people.ldif'), toLdif(sampleDirectory({ people: 20 })));
  await chmod(stage.folder, 0o755);
  const configured = ['--volume', `${stage.folder}:/app/config:ro`];
  const containers: Container[] = [];
  try {
    for (const role of ['scheduler', 'worker', 'console']) {
      const port = ['--env', `ROLLCALL__SERVER__PORT=${await freePort()}`];
      containers.push(await startContainer(image, [...configured, ...port], 'start', '--role', role));
    }
    for (const container of containers) {
      const health = () => container.exec('node', '/app/deploy/healthcheck.mjs');
      await until(health, ({ code }) => code === 0);
    }

    const [scheduler] = containers;
    const run = await scheduler?.exec('rollcall', 'resync', '--wait');
    expect(run?.code, run?.output).toBe(0);
    expect(stage.sandbox.effects.filter(({ kind }) => kind === 'created')).toHaveLength(20);

    for (const container of containers) {
      const { code, ms } = await container.stop();
      expect(code, await container.logs()).toBe(0);
      expect(ms).toBeLessThan(25_000);
      expect(await container.logs()).toContain('"event":"service.stopped"');
    }
  } finally {
    for (const container of containers) await container.remove();
  }
});
