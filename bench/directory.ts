/** A slapd full of people for measurements. Its database is built once and kept in the temp folder for later runs. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeCertificates } from '../test/servers/certificates.ts';
import { startChild, untilReady } from '../test/servers/child.ts';
import { freePort } from '../test/servers/free-port.ts';
import { requireProgram } from '../test/servers/programs.ts';
import { personAt } from './people.ts';

export interface BenchDirectory {
  readonly url: string;
  readonly ldapsUrl: string;
  readonly caFile: string;
  readonly baseDn: string;
  readonly bindDn: string;
  readonly password: string;
  stop(): Promise<void>;
}

const baseDn = 'dc=example,dc=com';
const bindDn = `cn=reader,ou=system,${baseDn}`;
const password = 'reader-secret';

/** Starts a directory of so many people and groups, in about half a second where it was built before. */
export async function startDirectory(people: number, groups = 0): Promise<BenchDirectory> {
  const folder = await builtFolder(people, groups);
  const program = requireProgram('slapd');
  const [port, tlsPort] = [await freePort(), await freePort()];
  const url = `ldap://127.0.0.1:${port}`;
  const ldapsUrl = `ldaps://127.0.0.1:${tlsPort}`;
  const child = startChild(program, [
    ...['-f', join(folder, 'slapd.conf'), '-h', `${url} ${ldapsUrl}`, '-d', '0'],
  ]);
  await untilReady('slapd', child, async () => answers(url));
  const stop = () => child.end('SIGTERM');
  return { url, ldapsUrl, caFile: join(folder, 'ca.pem'), baseDn, bindDn, password, stop };
}

function answers(url: string): boolean {
  try {
    const args = ['-x', '-LLL', '-H', url, '-s', 'base', '-b', '', '1.1'];
    execFileSync(requireProgram('ldapsearch'), args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The folder with a database of so many people; another one whenever what is put into it changes. */
async function builtFolder(people: number, groups: number): Promise<string> {
  const version = createHash('sha256')
    .update(readFileSync(import.meta.filename))
    .update(readFileSync(join(import.meta.dirname, 'people.ts')))
    .digest('hex')
    .slice(0, 12);
  const folder = join(tmpdir(), `rollcall-bench-${version}-${people}-${groups}`);
  if (existsSync(folder)) return folder;
  const building = `${folder}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(join(building, 'db'), { recursive: true });
  makeCertificates(building);
  const dataFile = join(building, 'data.ldif');
  await pipeline(Readable.from(ldif(people, groups)), createWriteStream(dataFile));
  const buildConf = join(building, 'build.conf');
  writeFileSync(buildConf, slapdConf(building));
  execFileSync(requireProgram('slapd'), ['-T', 'add', '-q', '-w', '-f', buildConf, '-l', dataFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  rmSync(dataFile);
  writeFileSync(join(building, 'slapd.conf'), slapdConf(folder));
  renameSync(building, folder);
  return folder;
}

function slapdConf(folder: string): string {
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile ${folder}/slapd.pid
argsfile ${folder}/slapd.args
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload syncprov
TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
TLSVerifyClient never
threads 4
sizelimit size.soft=500 size.hard=500 size.pr=unlimited size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by * read
database mdb
directory ${folder}/db
maxsize 8589934592
suffix "${baseDn}"
rootdn "cn=admin,${baseDn}"
rootpw admin-secret
index objectClass,entryUUID,entryCSN,uid,mail eq
dbnosync
overlay syncprov
`;
}

function* ldif(people: number, groups: number): Generator<string> {
  yield record(baseDn, { objectClass: ['dcObject', 'organization'], o: 'Example', dc: 'example' });
  for (const ou of ['people', 'system', 'groups', 'A,ou=people', 'B,ou=people']) {
    yield record(`ou=${ou},${baseDn}`, { objectClass: 'organizationalUnit', ou: ou.split(',', 1)[0] ?? '' });
  }
  yield record(bindDn, {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    ...{ cn: 'reader', userPassword: password },
  });
  for (let index = 0; index < people; index += 1) yield person(index);
  for (let index = 0; index < groups; index += 1) yield group(index, people, groups);
}

const membersOfGroup = 50;

/** Members all over the directory; every group but the first is in another one. */
function group(index: number, people: number, groups: number): string {
  const nameOf = (number: number) => `cn=g${number},ou=groups,${baseDn}`;
  const member = Array.from({ length: membersOfGroup }, (_, at) =>
    personDn((index * 37 + at * 2_003) % people),
  );
  const nested = [index * 2 + 1, index * 2 + 2].filter((inner) => inner < groups).map(nameOf);
  return record(nameOf(index), {
    objectClass: 'groupOfNames',
    cn: `g${index}`,
    member: [...new Set(member), ...nested],
  });
}

const personDn = (number: number) => `uid=u${number},ou=${number % 2 === 0 ? 'A' : 'B'},ou=people,${baseDn}`;

function person(index: number): string {
  return record(personDn(index), {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
    ...personAt(index),
    ...{ manager: personDn(Math.floor(index / 10)), memberOf: `cn=g${index % 1_000},ou=groups,${baseDn}` },
  });
}

function record(dn: string, attributes: Readonly<Record<string, string | readonly string[]>>): string {
  const line = (name: string, value: string) =>
    /^[!-9;=-~][ -~]*$/.test(value)
      ? `${name}: ${value}\n`
      : `${name}:: ${Buffer.from(value).toString('base64')}\n`;
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => line(name, value)),
  );
  return `${[line('dn', dn), ...lines].join('')}\n`;
}
