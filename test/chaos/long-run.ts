/** `npm run chaos -- --seeds 100 [--from N] [--lanes N] [--report FILE]`: many seeds, and a report of what they found. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { reportOf } from './report.ts';
import { commandFor, runSeed, type SeedReport } from './run-seed.ts';
import { servers } from './stage/ground.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '9' },
    from: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '2' },
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
const waiting = [...seeds];
const reports: SeedReport[] = [];
const begun = new Date();
const keep = async (): Promise<void> => {
  const inOrder = reports.toSorted((one, other) => one.seed - other.seed);
  if (values.report !== undefined) await writeFile(values.report, await reportOf(inOrder, begun));
};

async function lane(): Promise<void> {
  await using ground = servers();
  for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
    const report = await runSeed(seed, ground);
    reports.push(report);
    console.log(lineOf(report));
    await keep();
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
