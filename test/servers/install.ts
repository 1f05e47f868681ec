/**
 * Before `npm test`: looks for the servers that the tests run; on Debian, as root, installs those that are missing. Programs
 * named on the command line are needed besides; with `--only` they are all that is needed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureHelm } from './helm.ts';
import { findProgram, isProgram, packageOf, programs } from './programs.ts';

const policy = '/usr/sbin/policy-rc.d';
const aptEnvironment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/** Debian starts a server when it installs it, unless this script answers 101, "not allowed" (invoke-rc.d's policy). */
function withoutStartingServices(work: () => void): void {
  if (existsSync(policy)) {
    work();
    return;
  }
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    rmSync(policy, { force: true });
  }
}

function install(packages: readonly string[]): void {
  if (packages.includes('slapd')) {
    execFileSync('debconf-set-selections', { input: 'slapd slapd/no_configuration boolean true\n' });
  }
  const apt = (...args: readonly string[]): void => {
    execFileSync('apt-get', args, { stdio: ['ignore', 'pipe', 'inherit'], env: aptEnvironment });
  };
  withoutStartingServices(() => {
    apt('update', '-q');
    apt('install', '-q', '-y', '--no-install-recommends', ...packages);
  });
}

const isOnly = process.argv.includes('--only');
const needed = [...(isOnly ? [] : programs), ...process.argv.slice(2).filter(isProgram)];
const missing = () => needed.filter((program) => findProgram(program) === undefined);
const packagesOf = (names: ReturnType<typeof missing>) => [...new Set(names.map(packageOf))];
const canInstall = () => existsSync('/etc/debian_version') && process.getuid?.() === 0;

/** Returns the exit status: 0 once everything is there, 1 where somebody must install it by hand. */
export function ensureServers(): number {
  const absent = missing();
  if (absent.length === 0) return 0;
  const packages = packagesOf(absent).join(' ');
  if (!canInstall()) {
    console.error(`The tests run real servers, and ${absent.join(', ')} are not installed.`);
    console.error(`On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${packages}`);
    return 1;
  }
  console.error(`Installing what the tests need: ${packages}`);
  install(packagesOf(absent));
  const still = missing();
  if (still.length > 0) console.error(`Still missing after the installation: ${still.join(', ')}`);
  return still.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = ensureServers();
  if (process.exitCode === 0 && !isOnly) ensureHelm();
}
