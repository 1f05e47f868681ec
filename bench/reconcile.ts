/** Comparing a directory with an org alone, without reading either: what it takes for each person, and to keep in memory. */
import { join } from 'node:path';
import { z } from 'zod';
import type { BenchCase } from './case.ts';
import { asInImage, type Competitor, compete, runNode } from './measure.ts';

export const reconcile: BenchCase = {
  name: 'reconcile',
  title:
    'Reconciling so many identities, links and profiles of which 1 in 100 has changed, without reading any; peak: above the idle process',
  people: 1_000_000,
  run: ({ people, rounds }) => compete([reconciled(people, true), reconciled(people, false)], rounds),
};

const processOutput = z.object({
  ...{ operations: z.number(), unchanged: z.number() },
  ...{ wallMs: z.number(), cpuMs: z.number(), peakMib: z.number() },
});

/** @param isForNothing - whether the people are only made up, and nothing is done about them */
function reconciled(people: number, isForNothing: boolean): Competitor {
  return {
    name: isForNothing ? 'made up and thrown away' : 'reconciled',
    async run() {
      const file = join(import.meta.dirname, 'reconcile-process.ts');
      const told = processOutput.parse(await runNode(file, { people, isForNothing }, asInImage));
      if (!isForNothing && told.operations !== people / 100)
        throw new Error(`${told.operations} operations for ${people} people.`);
      return told;
    },
  };
}
