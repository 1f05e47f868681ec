/** The unit as systemd reads it, and what it says of the program. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exit.ts';
import { requireProgram } from '../servers/programs.ts';
import { loadMounted, secretFilesOf } from './mounted-config.ts';

const folder = resolve(import.meta.dirname, '../../deploy/systemd');
const unit = readFileSync(join(folder, 'rollcall.service'), 'utf8');
const config = readFileSync(join(folder, 'rollcall.yaml'), 'utf8');

const valuesOf = (key: string): readonly string[] =>
  unit.split('\n').flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));

/** What `systemd-analyze` says of the unit. */
function analyze(command: string, ...options: readonly string[]) {
  const scratch = mkdtempSync(join(tmpdir(), 'rollcall-unit-'));
  try {
    const copy = join(scratch, 'rollcall.service');
    writeFileSync(copy, unit);
    const args = [command, ...options, copy];
    const { status, stdout, stderr } = spawnSync(requireProgram('systemd-analyze'), args, {
      encoding: 'utf8',
    });
    return { status, output: `${stdout}${stderr}` };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

test('systemd understands every line', () => {
  expect(analyze('verify', '--man=no')).toEqual({ status: 0, output: '' });
});

test('systemd finds it confined: an exposure of 1.5 of 10 at most', () => {
  const { status, output } = analyze('security', '--offline=true', '--no-pager', '--threshold=15');

  expect(status, output).toBe(0);
});

test('its configuration is valid, and takes its secrets from where the unit puts them', async () => {
  const credentials = valuesOf('LoadCredential').map((value) => value.split(':')[0] ?? '');

  expect((await loadMounted(config)).warnings).toEqual([]);
  expect(secretFilesOf(config)).toEqual(
    credentials.map((name) => `/run/credentials/rollcall.service/${name}`),
  );
});

test('all that the program writes lies in the folder that it may write to', async () => {
  const loaded = await loadMounted(config);
  const state = `/var/lib/${valuesOf('StateDirectory')[0]}/`;
  const { database, backup, retention } = loaded.config;
  const written = [
    'path' in database ? database.path : '',
    backup === 'off' ? '' : backup.folder,
    retention.archive,
  ];

  for (const path of written) expect(path).toMatch(new RegExp(`^${state}`));
});

test('Node is told of memory what it is told in the image', () => {
  const image = readFileSync(resolve(folder, '../../Dockerfile'), 'utf8');
  const [entry = ''] = image.match(/^ENTRYPOINT .*$/m) ?? [];
  const flags: readonly string[] = entry.match(/--[\w=-]+/g) ?? [];
  const [arenas = ''] = image.match(/MALLOC_ARENA_MAX=\d+/) ?? [];

  expect(flags).not.toEqual([]);
  expect(arenas).not.toBe('');
  expect(valuesOf('ExecStart')).toEqual([
    `/usr/bin/env node ${flags.join(' ')} /usr/local/bin/rollcall start`,
  ]);
  expect(valuesOf('Environment').join(' ').split(' ')).toContain(arenas);
});

test('a wrong configuration is not tried again and again; everything else is', () => {
  expect(valuesOf('RestartPreventExitStatus')).toEqual([String(exitCodes.usage)]);
  expect(valuesOf('Restart')).toEqual(['on-failure']);
  expect(valuesOf('StartLimitIntervalSec')).toEqual(['0']);
});
