/** The server programs that tests run, where Debian puts them, and the package that brings each. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

const postgresFolders = (): readonly string[] => {
  try {
    return readdirSync('/usr/lib/postgresql')
      .map(Number)
      .sort((one, other) => other - one)
      .map((version) => `/usr/lib/postgresql/${version}/bin`);
  } catch {
    return [];
  }
};

const searchFolders = (): readonly string[] => [
  ...postgresFolders(),
  ...(process.env.PATH ?? '').split(':').filter((folder) => folder !== ''),
  '/usr/sbin',
  '/usr/local/sbin',
  '/sbin',
];

const packages = {
  slapd: 'slapd',
  ldapadd: 'ldap-utils',
  ldapsearch: 'ldap-utils',
  postgres: 'postgresql',
  initdb: 'postgresql',
  pg_dump: 'postgresql-client',
  psql: 'postgresql-client',
  'redis-server': 'redis-server',
  openssl: 'openssl',
  samba: 'samba-ad-dc',
  'samba-tool': 'samba-ad-provision',
  zsh: 'zsh',
  fish: 'fish',
  chromium: 'chromium',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  unzip: 'unzip',
  'systemd-analyze': 'systemd',
} as const;

/** Those that only tests with a command of their own run. */
const onDemand = { dscreate: '389-ds-base' } as const;

const allPackages = { ...packages, ...onDemand };

export type Program = keyof typeof allPackages;
export const isProgram = (name: string): name is Program => Object.hasOwn(allPackages, name);
/** What every run of the tests needs. */
export const programs = Object.keys(packages).filter(isProgram);

/** The Debian package that brings the program. */
export const packageOf = (program: Program): string => allPackages[program];

/** The program's full path, or undefined where it is not installed. */
export const findProgram = (program: Program): string | undefined => onPath(program);

export function onPath(program: string): string | undefined {
  return searchFolders()
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The program's full path. Throws a sentence that names the Debian package where it is missing. */
export function requireProgram(program: Program): string {
  const path = findProgram(program);
  if (path !== undefined) return path;
  throw new Error(
    `The tests need the program ${program}, which is not installed. On Debian or Ubuntu: apt-get install ${packageOf(program)}`,
  );
}
