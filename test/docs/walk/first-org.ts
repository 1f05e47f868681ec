/** The directory and the org that docs/first-sync.md begins with. */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { type DirectoryPerson, ldifRecord, uuidOf } from '../../servers/directory-people.ts';
import { guidePassword } from '../accounts/least-privilege.ts';
import { startGuidedSlapd } from '../accounts/openldap.ts';
import type { Surroundings } from './transcript.ts';

const people = [
  ['Ada', 'Lindgren', 'Head of IT'],
  ['Bo', 'Castillo', 'Engineer'],
  ['Cleo', 'Brandt', 'Engineer'],
  ['Dan', 'Okafor', 'Clerk'],
  ['Eva', 'Horvat', 'Clerk'],
  ['Finn', 'Moreau', 'Designer'],
  ['Gia', 'Rossi', 'Designer'],
  ['Hugo', 'Weber', 'Trainee'],
] as const;

const dnOf = (first: string, last: string): string => `cn=${first} ${last},ou=people,dc=example,dc=com`;
const addressOf = (first: string): string => `${first.toLowerCase()}@example.com`;

const inDirectory: readonly DirectoryPerson[] = people.map(([first, last, title], index) => ({
  dn: dnOf(first, last),
  entryUuid: uuidOf(index),
  attributes: {
    ...{ objectClass: 'inetOrgPerson', cn: `${first} ${last}`, sn: last, givenName: first, title },
    ...{ uid: first.toLowerCase(), mail: addressOf(first) },
  },
}));

const pilot = ldifRecord('cn=pilot,ou=groups,dc=example,dc=com', {
  ...{ objectClass: 'groupOfNames', cn: 'pilot' },
  member: people.slice(0, 3).map(([first, last]) => dnOf(first, last)),
});

/** Somebody made two accounts by hand: one of Ada's, one of somebody whom the directory has not. */
const byHand = [
  { email: 'ada@example.com', username: 'ada@example.com', first_name: 'Ada', name: 'Lindgren' },
  { email: 'guest@partner.example', username: 'guest', first_name: 'Gustav', name: 'Guest' },
];

export async function withDirectoryAndOrg(
  work: (around: Surroundings, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-walk-'));
  const sandbox = await startSandbox({ users: byHand });
  const slapd = await startGuidedSlapd({ people: inDirectory, extraLdif: pilot });
  try {
    await mkdir(join(folder, 'config'));
    // Beside each of the two configurations.
    for (const name of ['config/corp-ca.pem', 'corp-ca.pem']) await cp(slapd.caFile, join(folder, name));
    await work(
      {
        folder,
        env: {
          ...{ HOME: folder, ROLLCALL_API_KEY: sandbox.apiKey, LDAP_PASSWORD: guidePassword },
          ...{ ROLLCALL__PROFILEAPI__URL: sandbox.url, ROLLCALL__SOURCES__CORP__URL: slapd.ldapsUrl },
        },
        names: {
          'https://app.example.com': sandbox.url,
          'ldaps://ldap.example.com': slapd.ldapsUrl,
          '/srv/rollcall': folder,
        },
      },
      sandbox,
    );
  } finally {
    await slapd.stop();
    await sandbox.close();
    await rm(folder, { recursive: true });
  }
}
