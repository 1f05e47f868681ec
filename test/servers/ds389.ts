/** Throw-away 389 Directory Servers, for the tests that `npm run test:389` runs. Starting one takes some twenty seconds. */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ldifOf } from '../docs/accounts/guides.ts';
import { guidePassword } from '../docs/accounts/least-privilege.ts';
import { ldifRecord } from './directory-people.ts';
import { freePort } from './free-port.ts';
import { type LdapChanges, ldapChanges } from './ldap-changes.ts';
import { requireProgram } from './programs.ts';

export type Ds389 = LdapChanges & {
  readonly url: string;
  readonly ldapsUrl: string;
  readonly caFile: string;
  /** What the server's certificate is for. */
  readonly serverName: string;
  readonly baseDn: string;
  readonly peopleDn: string;
  readonly readerDn: string;
  readonly readerPassword: string;
  stop(): Promise<void>;
};

const run = promisify(execFile);
const baseDn = 'dc=example,dc=com';
const peopleDn = `ou=people,${baseDn}`;
const adminDn = 'cn=Directory Manager';
const adminPassword = 'admin-secret';
const readerDn = `uid=rollcall,ou=services,${baseDn}`;
const readerPassword = guidePassword;

/** Debian's package is built for systemd, which does not run everywhere; the setup itself is Python. */
const setup = `
import sys, runpy, lib389.paths
lib389.paths.Paths.with_systemd = property(lambda self: False)
program, file = sys.argv[1:]
sys.argv = ['dscreate', 'from-file', file]
runpy.run_path(program, run_name='__main__')
`;

/** Starts one of your own. It has to run as root: its configuration must be under /etc/dirsrv. */
export async function startDs389(): Promise<Ds389> {
  const program = requireProgram('dscreate');
  const name = `rollcall-${randomBytes(4).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-389-'));
  const [port, tlsPort] = [await freePort(), await freePort()];
  const pidFile = `/run/dirsrv/slapd-${name}.pid`;
  const stop = async (): Promise<void> => {
    try {
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    } catch {
      // It never ran, or has ended.
    }
    const traces = [`/etc/dirsrv/slapd-${name}`, `/var/lib/dirsrv/slapd-${name}`, pidFile, folder];
    for (const trace of traces) rmSync(trace, { recursive: true, force: true });
  };
  try {
    const settings = join(folder, 'instance.inf');
    writeFileSync(settings, instance(name, folder, port, tlsPort));
    execFileSync('mkdir', ['-p', '/run/dirsrv', '/run/lock/dirsrv']);
    await run('/usr/bin/python3', ['-c', setup, program, settings]);
    const url = `ldap://127.0.0.1:${port}`;
    const changes = ldapChanges({ url, dn: adminDn, password: adminPassword });
    await changes.apply(await retroChangelog());
    await changes.apply(await tree());
    return {
      ...changes,
      ...{ url, ldapsUrl: `ldaps://127.0.0.1:${tlsPort}`, caFile: `/etc/dirsrv/slapd-${name}/ca.crt` },
      ...{ serverName: 'localhost', baseDn, peopleDn, readerDn, readerPassword, stop },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const instance = (name: string, folder: string, port: number, tlsPort: number): string => `[general]
config_version = 2
full_machine_name = localhost
strict_host_checking = False
selinux = False
systemd = False
start = True
[slapd]
instance_name = ${name}
port = ${port}
secure_port = ${tlsPort}
root_password = ${adminPassword}
self_sign_cert = True
user = root
group = root
db_dir = ${folder}/db
db_home_dir = ${folder}/db
ldif_dir = ${folder}/ldif
backup_dir = ${folder}/backup
log_dir = ${folder}/log
[backend-userroot]
suffix = ${baseDn}
create_suffix_entry = True
sample_entries = no
`;

/** As the page about deltas says it, but without a restart. */
const withoutRestart = `dn: cn=config
changetype: modify
replace: nsslapd-dynamic-plugins
nsslapd-dynamic-plugins: on

`;

const retroChangelog = async (): Promise<string> =>
  withoutRestart + (await ldifOf('docs/connectors/ldap-deltas.md', 'directory'));

/** The reader is made as the guide says. What it may of the people, it may of those who left, too: tests look for them there. */
async function tree(): Promise<string> {
  const unit = (ou: string, attributes = {}): string =>
    ldifRecord(`ou=${ou},${baseDn}`, { objectClass: 'organizationalUnit', ou, ...attributes }, 'add');
  const aci = `(targetattr!="userPassword")(version 3.0; acl "rollcall reads people"; allow (read,search,compare) userdn="ldap:///${readerDn}";)`;
  return [
    unit('people'),
    unit('former', { aci }),
    await ldifOf('docs/connectors/389ds.md', 'directory'),
  ].join('');
}
