/** What knowing everybody's groups costs, nested ones included, against a reading without them in the same round. */
import { join } from 'node:path';
import { z } from 'zod';
import type { BenchCase } from './case.ts';
import { type BenchDirectory, startDirectory } from './directory.ts';
import { type Competitor, compete, runNode } from './measure.ts';

/** One group for so many people, each with 50 of them in it and two other groups. */
const peopleOfGroup = 20;

export const ldapGroups: BenchCase = {
  name: 'ldap-groups',
  title: 'Reading a directory with the groups of everybody: a group of 50 for every 20 people, in a tree',
  people: 100_000,
  async run({ people, rounds }) {
    const directory = await startDirectory(people, Math.floor(people / peopleOfGroup));
    try {
      const ways = ['without groups', 'direct ones', 'nested ones'] as const;
      return await compete(
        ways.map((way) => reading(directory, way, people)),
        rounds,
      );
    } finally {
      await directory.stop();
    }
  },
};

const processOutput = z.object({
  people: z.number(),
  memberships: z.number(),
  completeness: z.object({ kind: z.literal('complete') }),
  ...{ wallMs: z.number(), cpuMs: z.number(), peakMib: z.number() },
});

function reading(
  directory: BenchDirectory,
  way: 'without groups' | 'direct ones' | 'nested ones',
  people: number,
): Competitor {
  const settings = {
    ...{
      id: 'bench',
      type: 'ldap',
      url: directory.url,
      bindDn: directory.bindDn,
      password: directory.password,
    },
    ...{ baseDn: `ou=people,${directory.baseDn}`, tls: { allowPlaintext: true } },
    groups: { nested: way === 'nested ones' },
  };
  const groups = way !== 'without groups';
  return {
    name: `Rollcall, ${way}`,
    async run() {
      const file = join(import.meta.dirname, 'ldap-pull-process.ts');
      const told = processOutput.parse(await runNode(file, { settings, attributes: ['cn'], groups }));
      if (told.people !== people) throw new Error(`${told.people} of ${people} people were read.`);
      if (groups && told.memberships < people) throw new Error('Groups were not read.');
      return told;
    },
  };
}
