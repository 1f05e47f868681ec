/** The report of a long run, as Markdown. */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem, type } from 'node:os';
import { requireProgram } from '../servers/programs.ts';
import { currentCommit } from './commit.ts';
import { commandFor, type SeedReport } from './run-seed.ts';
import { faultKinds } from './stage/faults.ts';

export function reportOf(reports: readonly SeedReport[]): string {
  const sum = (of: (report: SeedReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  const seeds = reports.map(({ seed }) => seed);
  const withFindings = reports.filter(({ findings }) => findings.length > 0);
  return `${[
    '# Chaos: the last long run',
    'Each seed is a whole installation of its own: a service with its scheduler, two workers, commands, an LDIF directory and the sandbox org over HTTP, while the faults below happen to it. ' +
      "Then the sandbox's record of effects is compared with what a small model says was due: nobody lost, nothing twice, nobody touched who is not ours, the audit log complete and whole, the next plan empty, no secret written down. " +
      'With an embedded store one process is service and worker, since it alone owns the store.',
    table([
      ['', ''],
      ['ended', `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`],
      ['commit', currentCommit()],
      [
        'machine',
        `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()}`,
      ],
      ['versions', `Node ${process.versions.node}, ${version('postgres')}, ${version('redis-server')}`],
      ['seeds', `${reports.length} (${Math.min(...seeds)} to ${Math.max(...seeds)})`],
      ['duration', `${Math.round(sum(({ durationMs }) => durationMs) / 1_000 / reports.length)} s a seed`],
      ['people', String(sum(({ people }) => people))],
      ['operations', String(sum(({ operations }) => operations))],
      ['effects', String(sum(({ effects }) => effects))],
      ['faults', String(sum(({ faults }) => [...faults.values()].reduce((total, one) => total + one, 0)))],
      ['seeds with findings', String(withFindings.length)],
    ]),
    '## Scenarios',
    table([
      ['scenario', 'store and queue', 'seeds', 'effects', 'findings'],
      ...groups(reports).map(([scenario, combination, some]) => [
        scenario,
        combination,
        String(some.length),
        String(some.reduce((total, { effects }) => total + effects, 0)),
        String(some.reduce((total, { findings }) => total + findings.length, 0)),
      ]),
    ]),
    '## Faults',
    'A fault of a server or process counts when it fell, one of an answer each time that one was given.',
    table([
      ['fault', 'times'],
      ...faultKinds.map((kind) => [kind, String(sum(({ faults }) => faults.get(kind) ?? 0))]),
    ]),
    '## Findings',
    withFindings.length === 0
      ? 'None.'
      : withFindings
          .map(({ seed, findings }) =>
            [
              `- seed ${seed} (\`${commandFor(seed)}\`)`,
              ...findings.map((one) => `  - ${one.split('\n')[0]}`),
            ].join('\n'),
          )
          .join('\n'),
  ].join('\n\n')}\n`;
}

const table = (rows: readonly (readonly string[])[]): string =>
  rows
    .flatMap((row, index) => {
      const line = `| ${row.join(' | ')} |`;
      return index === 0 ? [line, `|${' --- |'.repeat(row.length)}`] : [line];
    })
    .join('\n');

function groups(
  reports: readonly SeedReport[],
): readonly (readonly [string, string, readonly SeedReport[]])[] {
  const found = new Map<string, SeedReport[]>();
  for (const report of reports) {
    const key = `${report.scenario}/${report.combination}`;
    found.set(key, [...(found.get(key) ?? []), report]);
  }
  return [...found]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([key, some]) => {
      const [scenario = '', combination = ''] = key.split('/');
      return [scenario, combination, some] as const;
    });
}

const version = (program: 'postgres' | 'redis-server'): string =>
  execFileSync(requireProgram(program), ['--version'], { encoding: 'utf8' })
    .trim()
    .replace(/ sha=.*| \(.*\)$/, '');
