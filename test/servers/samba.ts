/** Throw-away Active Directory domain controllers (Samba's) with people in them, over LDAPS and StartTLS. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from './certificates.ts';
import { startChild, untilReady } from './child.ts';
import { escapeDnValue, generatePeople, type LdifAttributes, ldifRecord } from './directory-people.ts';
import { accepts, freeLoopbackAddress } from './free-port.ts';
import { type LdapChanges, ldapChanges } from './ldap-changes.ts';
import { requireProgram } from './programs.ts';
import { domain } from './samba-domain.ts';
import { sharedServer } from './shared.ts';

export type SambaOptions = {
  /** How many people are generated, half of them under OU=A, half under OU=B of `peopleDn`; none unless told. */
  readonly people?: number;
  /** More records for the directory, after the people. */
  readonly extraLdif?: string;
};

export type Samba = LdapChanges & {
  /** Takes a sign-in after StartTLS only. */
  readonly url: string;
  readonly ldapsUrl: string;
  readonly caFile: string;
  /** The root of the domain, where DirSync has to begin. */
  readonly baseDn: string;
  readonly peopleDn: string;
  readonly adminName: string;
  readonly adminPassword: string;
  /** A plain account: it sees people, and no deleted objects. */
  readonly readerName: string;
  readonly readerPassword: string;
  /** Adds an account that is enabled, unless the attributes say otherwise; its DN. */
  addPerson(cn: string, attributes?: LdifAttributes, parentDn?: string): Promise<string>;
  /** Ends it as `kill -9` would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

const peopleDn = `OU=people,${domain.baseDn}`;
const realm = domain.realm.toLowerCase();
const adminName = `Administrator@${realm}`;
const readerPassword = 'Reader-Passw0rd!';
const ldapPorts = [389, 636, 3268, 3269] as const;

/** A normal account that may be without a password, so that it can be added in one step ([MS-ADTS] 2.2.16). */
const enabledWithoutPassword = '544';

/** Starts a domain controller of your own, in about a second and a half. It has to run as root, for port 389. */
export async function startSamba(options: SambaOptions = {}): Promise<Samba> {
  const program = requireProgram('samba');
  const provisioned = await sharedServer('samba-domain');
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-samba-'));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync('cp', ['-r', '--sparse=always', `${provisioned}/.`, folder]);
    return await startIn(folder, program, options, removeFolder);
  } catch (error) {
    removeFolder();
    throw error;
  }
}

async function startIn(
  folder: string,
  program: string,
  options: SambaOptions,
  removeFolder: () => void,
): Promise<Samba> {
  const { child, address, caFile } = await startOnFreeAddress(folder, program);
  const ldapsUrl = `ldaps://${address}`;
  const changes = ldapChanges({ url: ldapsUrl, dn: adminName, password: domain.adminPassword, caFile });
  try {
    await changes.apply(tree() + generateAccounts(options.people ?? 0) + (options.extraLdif ?? ''));
  } catch (error) {
    await child.end('SIGKILL');
    throw error;
  }
  return {
    ...changes,
    ...{ url: `ldap://${address}`, ldapsUrl, caFile, baseDn: domain.baseDn, peopleDn },
    ...{ adminName, adminPassword: domain.adminPassword },
    ...{ readerName: `reader@${realm}`, readerPassword },
    async addPerson(cn, attributes = {}, parentDn = peopleDn) {
      const dn = `CN=${escapeDnValue(cn)},${parentDn}`;
      await changes.add(dn, { ...account, ...attributes });
      return dn;
    },
    kill: () => child.end('SIGKILL'),
    async stop() {
      await child.end('SIGKILL');
      removeFolder();
    },
  };
}

/** Its ports can't be chosen, so each has an address of its own. Somebody else may take it first: then another is tried. */
async function startOnFreeAddress(folder: string, program: string, attempts = 3) {
  const address = await freeLoopbackAddress(ldapPorts);
  const certificates = makeCertificates(folder, { subjectAltName: `IP:${address},DNS:dc1.${realm}` });
  const configFile = join(folder, 'smb.conf');
  for (const name of ['run', 'cache']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(configFile, smbConf(folder, address, certificates));
  const child = startChild(program, [
    ...['--foreground', '--model=single', '--no-process-group', '--debug-stdout'],
    `--configfile=${configFile}`,
  ]);
  try {
    await untilReady(
      'Samba',
      child,
      async () => !child.hasEnded() && (await accepts(389, address)) && accepts(636, address),
    );
    return { child, address, caFile: certificates.caFile };
  } catch (error) {
    await child.end('SIGKILL');
    if (attempts <= 1) throw error;
    return startOnFreeAddress(folder, program, attempts - 1);
  }
}

/** The mask spares the address from having to be set up on the interface. */
function smbConf(
  folder: string,
  address: string,
  tls: { readonly caFile: string; readonly certificateFile: string; readonly keyFile: string },
): string {
  return `[global]
netbios name = DC1
realm = ${domain.realm}
workgroup = ${domain.netbiosName}
server role = active directory domain controller
server services = ldap
dcerpc endpoint servers =
interfaces = ${address}/8
bind interfaces only = yes
private dir = ${folder}/private
state directory = ${folder}/state
cache directory = ${folder}/cache
lock directory = ${folder}
pid directory = ${folder}/run
ncalrpc dir = ${folder}/run/ncalrpc
winbindd socket directory = ${folder}/run/winbindd
ntp signd socket directory = ${folder}/run/ntp
log level = 1
tls enabled = yes
tls cafile = ${tls.caFile}
tls certfile = ${tls.certificateFile}
tls keyfile = ${tls.keyFile}
ldap server require strong auth = yes
idmap_ldb:use rfc2307 = yes
ldb:nosync = true
`;
}

const account: LdifAttributes = { objectClass: 'user', userAccountControl: enabledWithoutPassword };

function tree(): string {
  const unit = (dn: string): string => ldifRecord(dn, { objectClass: 'organizationalUnit' }, 'add');
  return [
    ...['people', 'groups', 'former'].map((ou) => unit(`OU=${ou},${domain.baseDn}`)),
    ...['A', 'B'].map((ou) => unit(`OU=${ou},${peopleDn}`)),
    ldifRecord(
      `CN=reader,CN=Users,${domain.baseDn}`,
      {
        ...{ objectClass: 'user', sAMAccountName: 'reader', userPrincipalName: `reader@${realm}` },
        ...{ userAccountControl: '512', unicodePwd: Buffer.from(`"${readerPassword}"`, 'utf16le') },
      },
      'add',
    ),
  ].join('');
}

/** The same people as in other test directories, by the names that Active Directory has for their attributes. */
function generateAccounts(count: number): string {
  return generatePeople(count, peopleDn)
    .map(({ dn, attributes }) => {
      const { cn = '', sn = '', givenName = '', uid = '', mail = '', title = '' } = attributes;
      return ldifRecord(
        dn.replace(/^cn=/, 'CN='),
        {
          ...account,
          ...{ cn, sn, givenName, mail, title, displayName: cn, sAMAccountName: uid },
          userPrincipalName: `${String(uid)}@${realm}`,
        },
        'add',
      );
    })
    .join('');
}
