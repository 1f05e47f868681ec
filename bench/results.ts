/** The last results: in results.json, and in results.md to read. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const resultSchema = z.object({
  name: z.string(),
  title: z.string(),
  people: z.number(),
  rounds: z.number(),
  measuredAt: z.string(),
  machine: z.string(),
  /** Running programs on average over the minute before. */
  load: z.number(),
  versions: z.string(),
  commit: z.string(),
  standings: z
    .array(
      z.object({
        name: z.string(),
        wallMs: z.number(),
        cpuMs: z.number(),
        peakMib: z.number().optional(),
        /** Missing where the reference takes no time. */
        ratio: z.number().optional(),
        /** Missing where the reference took less than the system counts. */
        cpuRatio: z.number().optional(),
      }),
    )
    .readonly(),
});

export type BenchResult = z.infer<typeof resultSchema>;

const jsonFile = join(import.meta.dirname, 'results.json');
const pageFile = join(import.meta.dirname, 'results.md');

/** Puts the result in the place of the one that was measured before with as many people. */
export function saveResult(result: BenchResult): void {
  const before = existsSync(jsonFile)
    ? z.array(resultSchema).parse(JSON.parse(readFileSync(jsonFile, 'utf8')))
    : [];
  const others = before.filter(({ name, people }) => name !== result.name || people !== result.people);
  const all = [...others, result].sort(
    (one, other) => one.name.localeCompare(other.name) || one.people - other.people,
  );
  writeFileSync(jsonFile, `${JSON.stringify(all, undefined, 2)}\n`);
  const head =
    '# Last results\n\nWritten by `npm run bench -- --save`; what they mean stands in [README.md](README.md).\n\n';
  writeFileSync(pageFile, head + all.map(describeResult).join('\n'));
}

/** A section of the results' page. */
export function describeResult(result: BenchResult): string {
  const lines = result.standings.map(({ name, ratio, cpuRatio, wallMs, cpuMs, peakMib }) => {
    const figures = [ratio?.toFixed(2) ?? '-', seconds(wallMs), cpuRatio?.toFixed(2) ?? '-', seconds(cpuMs)];
    return `| ${[name, ...figures, peakMib === undefined ? '' : peakMib.toFixed(0)].join(' | ')} |`;
  });
  const { machine, load, versions, commit, measuredAt } = result;
  return [
    `## ${result.name}, ${result.people.toLocaleString('en')} people`,
    '',
    `${result.title}.`,
    '',
    '| | time, ratio | time | processor, ratio | processor | peak MiB |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
    `${result.rounds} rounds in turns; medians, and of memory the most. ${machine}, load ${load}; ${versions}; commit ${commit}; ${measuredAt} UTC.`,
    '',
  ].join('\n');
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
