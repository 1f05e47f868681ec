/**
 * `npm run chaos -- --seeds 100 [--from N] [--lanes N] [--kept FILE] [--report FILE]`: many seeds, and a report of what they
 * found. With `--kept`, what this commit's seeds came to is kept in a file, and those in it are not played again.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { currentCommit } from './commit.ts';
import { keepReport, keptReports } from './kept.ts';
import { reportOf } from './report.ts';
import { commandFor, runSeed, type SeedReport } from './run-seed.ts';
import { servers } from './stage/ground.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '9' },
    from: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '2' },
    kept: { type: 'string' },
    report: { type: 'string' },
  },
});
const wholeNumber = (name: 'seeds' | 'from' | 'lanes'): number => {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} wants a whole number from 1.`);
  return number;
};
const first = wholeNumber('from');
const seeds = Array.from({ length: wholeNumber('seeds') }, (_, index) => first + index);
const commit = currentCommit();
const kept = values.kept === undefined ? [] : await keptReports(values.kept, commit);
const reports: SeedReport[] = kept.filter(({ seed }) => seeds.includes(seed));
const waiting = seeds.filter((seed) => !reports.some((report) => report.seed === seed));
const keep = async (report: SeedReport): Promise<void> => {
  reports.push(report);
  if (values.kept !== undefined) await keepReport(values.kept, commit, report);
  const inOrder = reports.toSorted((one, other) => one.seed - other.seed);
  if (values.report !== undefined) await writeFile(values.report, reportOf(inOrder));
};

async function lane(): Promise<void> {
  await using ground = servers();
  for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
    const report = await runSeed(seed, ground);
    console.log(lineOf(report));
    await keep(report);
  }
}

function lineOf(report: SeedReport): string {
  const { seed, scenario, combination, effects, durationMs, findings, logs } = report;
  const head = `seed ${seed}: ${scenario} on ${combination}, ${effects} effects, ${Math.round(durationMs / 1_000)} s`;
  if (findings.length === 0) return `${head}: nothing found`;
  const again = `Logs: ${logs}\nAgain: ${commandFor(seed)}`;
  return [`${head}: ${findings.length} FOUND`, ...findings, again].join('\n  ');
}

await Promise.all(Array.from({ length: wholeNumber('lanes') }, lane));
const found = reports.filter(({ findings }) => findings.length > 0).length;
console.log(`${reports.length} seeds, ${found} with findings.`);
process.exitCode = found === 0 ? 0 : 1;
