/**
 * How long reading a whole directory takes, against OpenLDAP's own client in C. Ours is counted from the call to the
 * end of the reading, connecting and signing in included: the service starts once and reads all day.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { requireProgram } from '../test/servers/programs.ts';
import type { BenchCase } from './case.ts';
import { type BenchDirectory, startDirectory } from './directory.ts';
import { type Competitor, compete, runNode, timeProgram } from './measure.ts';

const attributes = [
  ...['uid', 'cn', 'sn', 'givenName', 'displayName', 'mail', 'employeeNumber', 'telephoneNumber'],
  ...['title', 'departmentNumber', 'l', 'manager'],
];
/** What an identity needs besides. */
const own = ['entryUUID'];
const filter = '(objectClass=inetOrgPerson)';

export const ldapPull: BenchCase = {
  name: 'ldap-pull',
  title: 'Reading a directory: 12 attributes of everybody, from slapd on the same machine',
  people: 100_000,
  async run({ people, rounds }) {
    const directory = await startDirectory(people);
    try {
      const plain = await compete([reference(directory, 'plain'), ours(directory, 'plain', people)], rounds);
      const encrypted = await compete(
        [reference(directory, 'LDAPS'), ours(directory, 'LDAPS', people)],
        rounds,
      );
      return [...plain, ...encrypted];
    } finally {
      await directory.stop();
    }
  },
};

type Way = 'plain' | 'LDAPS';

const urlOf = (directory: BenchDirectory, way: Way) => (way === 'plain' ? directory.url : directory.ldapsUrl);

function reference(directory: BenchDirectory, way: Way): Competitor {
  return {
    name: `ldapsearch -E pr=1000/noprompt, ${way}`,
    run: () =>
      timeProgram(
        requireProgram('ldapsearch'),
        [
          ...['-x', '-LLL', '-H', urlOf(directory, way), '-D', directory.bindDn, '-w', directory.password],
          ...['-b', directory.baseDn, '-E', 'pr=1000/noprompt', filter, ...attributes, ...own],
        ],
        { LDAPTLS_CACERT: directory.caFile },
      ),
  };
}

const processOutput = z.object({
  people: z.number(),
  completeness: z.object({ kind: z.literal('complete') }),
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMib: z.number(),
});

function ours(directory: BenchDirectory, way: Way, people: number): Competitor {
  const settings = {
    ...{ id: 'bench', type: 'ldap', url: urlOf(directory, way), baseDn: directory.baseDn, filter },
    ...{ bindDn: directory.bindDn, password: directory.password },
    tls: way === 'plain' ? { allowPlaintext: true } : { ca: directory.caFile },
  };
  return {
    name: `Rollcall, ${way}`,
    async run() {
      const file = join(import.meta.dirname, 'ldap-pull-process.ts');
      const { people: seen, ...measured } = processOutput.parse(
        await runNode(file, { settings, attributes }),
      );
      if (seen !== people) throw new Error(`Rollcall read ${seen} of ${people} people.`);
      return measured;
    },
  };
}
