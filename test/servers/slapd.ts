/** Throw-away OpenLDAP servers with people in them, over ldap://, ldaps:// and StartTLS. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateOptions, makeCertificates } from './certificates.ts';
import { startChild, untilReady } from './child.ts';
import { type DirectoryPerson, generatePeople, ldifRecord } from './directory-people.ts';
import { accepts, freePort } from './free-port.ts';
import { type LdapChanges, ldapChanges } from './ldap-changes.ts';
import { requireProgram } from './programs.ts';

export type SlapdOptions = {
  /** How many people are generated, or the people themselves; 20 unless told. */
  readonly people?: number | readonly DirectoryPerson[];
  /** More records for the directory, after the people. */
  readonly extraLdif?: string;
  /** Of the `sizelimit` line; unless told, 500 entries a search, and as many as there are with paging. */
  readonly sizeLimits?: string;
  /** `access` lines in place of the usual ones, which let the reader read everything and nobody else anything. */
  readonly acl?: string;
  readonly certificates?: CertificateOptions;
  /** More lines for the configuration, before the database. */
  readonly extraConf?: string;
  /** Whether clients over TLS must show a certificate of the same CA. */
  readonly demandsClientCertificate?: boolean;
  /** Lines for the end of the configuration, such as `overlay memberof`. They don't work on the first people. */
  readonly overlays?: string;
  /** Whether it tells changes (syncprov): with a log of what was deleted, or without one; not at all unless told. */
  readonly contentSync?: 'with-log' | 'without-log';
};

export type Slapd = LdapChanges & {
  readonly url: string;
  readonly ldapsUrl: string;
  /** PEM file of the CA that the server's certificate is from. */
  readonly caFile: string;
  readonly baseDn: string;
  readonly peopleDn: string;
  readonly people: readonly DirectoryPerson[];
  readonly adminDn: string;
  readonly adminPassword: string;
  readonly readerDn: string;
  readonly readerPassword: string;
  /** Ends it as `kill -9` would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

const baseDn = 'dc=example,dc=com';
const peopleDn = `ou=people,${baseDn}`;
const adminDn = `cn=admin,${baseDn}`;
const readerDn = `cn=reader,ou=system,${baseDn}`;
const adminPassword = 'admin-secret';
const readerPassword = 'reader-secret';

const usualAcl = `
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${readerDn}" read by * none
`;

/** Starts a slapd of your own, in about half a second for a thousand people. */
export async function startSlapd(options: SlapdOptions = {}): Promise<Slapd> {
  const program = requireProgram('slapd');
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-slapd-'));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    return await startIn(folder, program, options, removeFolder);
  } catch (error) {
    removeFolder();
    throw error;
  }
}

async function startIn(
  folder: string,
  program: string,
  options: SlapdOptions,
  removeFolder: () => void,
): Promise<Slapd> {
  mkdirSync(join(folder, 'db'));
  const { caFile, certificateFile, keyFile } = makeCertificates(folder, options.certificates);
  const people =
    typeof options.people === 'object' ? options.people : generatePeople(options.people ?? 20, peopleDn);
  const configFile = join(folder, 'slapd.conf');
  const dataFile = join(folder, 'data.ldif');
  writeFileSync(configFile, slapdConf(folder, { caFile, certificateFile, keyFile }, options));
  writeFileSync(dataFile, tree() + people.map(personRecord).join('') + (options.extraLdif ?? ''));
  // slapadd is slapd under another name.
  execFileSync(program, ['-T', 'add', '-q', '-f', configFile, '-l', dataFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });

  const { child, url, ldapsUrl } = await startOnFreePorts(program, configFile);

  const stop = async (): Promise<void> => {
    await child.end('SIGKILL');
    removeFolder();
  };
  return {
    ...{ url, ldapsUrl, caFile, baseDn, peopleDn, people },
    ...{ adminDn, adminPassword, readerDn, readerPassword },
    ...ldapChanges({ url, dn: adminDn, password: adminPassword }),
    kill: () => child.end('SIGKILL'),
    stop,
  };
}

/** Somebody else may take a free port before slapd does: then others are tried. */
async function startOnFreePorts(program: string, configFile: string, attempts = 3) {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const url = `ldap://127.0.0.1:${port}`;
  const ldapsUrl = `ldaps://127.0.0.1:${tlsPort}`;
  // Any -d keeps slapd from going into the background.
  const child = startChild(program, ['-f', configFile, '-h', `${url} ${ldapsUrl}`, '-d', '0']);
  try {
    await untilReady(
      'slapd',
      child,
      async () => !child.hasEnded() && (await accepts(port)) && accepts(tlsPort),
    );
    return { child, url, ldapsUrl };
  } catch (error) {
    await child.end('SIGKILL');
    if (attempts <= 1) throw error;
    return startOnFreePorts(program, configFile, attempts - 1);
  }
}

function slapdConf(
  folder: string,
  tls: { readonly caFile: string; readonly certificateFile: string; readonly keyFile: string },
  options: SlapdOptions,
): string {
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/dyngroup.schema
pidfile ${folder}/slapd.pid
argsfile ${folder}/slapd.args
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
${options.contentSync === undefined ? '' : 'moduleload syncprov'}
TLSCACertificateFile ${tls.caFile}
TLSCertificateFile ${tls.certificateFile}
TLSCertificateKeyFile ${tls.keyFile}
TLSVerifyClient ${options.demandsClientCertificate === true ? 'demand' : 'never'}
sizelimit ${options.sizeLimits ?? 'size.soft=500 size.hard=500 size.pr=unlimited size.prtotal=unlimited'}
${options.acl ?? usualAcl}
${options.extraConf ?? ''}
database mdb
directory ${folder}/db
maxsize 1073741824
suffix "${baseDn}"
rootdn "${adminDn}"
rootpw ${adminPassword}
index objectClass,entryUUID,uid,mail eq
dbnosync
${options.overlays ?? ''}
${options.contentSync === undefined ? '' : 'index entryCSN eq\noverlay syncprov'}
${options.contentSync === 'with-log' ? 'syncprov-sessionlog 100' : ''}
`;
}

function tree(): string {
  const unit = (dn: string, ou: string): string => ldifRecord(dn, { objectClass: 'organizationalUnit', ou });
  return [
    ldifRecord(baseDn, { objectClass: ['dcObject', 'organization'], o: 'Example', dc: 'example' }),
    ...['people', 'groups', 'system', 'former'].map((ou) => unit(`ou=${ou},${baseDn}`, ou)),
    ...['A', 'B'].map((ou) => unit(`ou=${ou},${peopleDn}`, ou)),
    ldifRecord(readerDn, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: 'reader',
      userPassword: readerPassword,
    }),
  ].join('');
}

const personRecord = ({ dn, entryUuid, attributes }: DirectoryPerson): string =>
  ldifRecord(dn, { ...attributes, entryUUID: entryUuid });
