/** What the seeds of one commit came to, in a file, a line each: a long run that was broken off goes on where it was. */
import { appendFile, readFile } from 'node:fs/promises';
import type { SeedReport } from './run-seed.ts';
import type { FaultKind } from './stage/faults.ts';

interface Line extends Omit<SeedReport, 'faults'> {
  readonly commit: string;
  readonly faults: readonly (readonly [FaultKind, number])[];
}

export async function keepReport(file: string, commit: string, report: SeedReport): Promise<void> {
  const line: Line = { ...report, commit, faults: [...report.faults] };
  await appendFile(file, `${JSON.stringify(line)}\n`);
}

/** Those of this commit; none where the file isn't there yet. */
export async function keptReports(file: string, commit: string): Promise<readonly SeedReport[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines: readonly Line[] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return lines
    .filter((line) => line.commit === commit)
    .map(({ commit: _, faults, ...rest }) => ({ ...rest, faults: new Map(faults) }));
}
