/** Whether what a soak saw levels off, and the page that tells of it. Pure. */
import type { Day } from './soak-day.ts';

type Measure = Exclude<keyof Day, 'day'>;

/** By how much the last third of the days may be above the third before: by a share, and of what comes and goes by a few. */
interface Allowed {
  readonly share: number;
  readonly few?: number;
}

/** What must not grow for ever. How many connections are open is a matter of the moment: of a pool of ten, three or nine. */
const mustLevelOff: Readonly<Partial<Record<Measure, Allowed>>> = {
  memoryMib: { share: 0.15 },
  openFiles: { share: 0.1 },
  databaseConnections: { share: 0.1, few: 3 },
  redisConnections: { share: 0.1 },
  redisKeys: { share: 0.1 },
  runs: { share: 0.1 },
  operations: { share: 0.1 },
  runsMib: { share: 0.15 },
  operationsMib: { share: 0.15 },
};

export interface SoakVerdict {
  readonly measure: string;
  /** The mean of the last third of the days against that of the third before. */
  readonly growth: number;
  readonly allowed: Allowed;
  readonly isLevel: boolean;
}

export function judge(days: readonly Day[]): readonly SoakVerdict[] {
  const third = Math.floor(days.length / 3);
  const mean = (some: readonly Day[], measure: Measure): number =>
    some.reduce((sum, day) => sum + day[measure], 0) / some.length;
  return Object.entries(mustLevelOff).map(([name, allowed]) => {
    const measure = name as Measure;
    const before = mean(days.slice(days.length - 2 * third, days.length - third), measure);
    const last = mean(days.slice(days.length - third), measure);
    const growth = before === 0 && last === 0 ? 0 : last / before - 1;
    const isLevel = last <= before * (1 + allowed.share) + (allowed.few ?? 0);
    return { measure, growth, allowed, isLevel };
  });
}

export interface Soak {
  readonly people: number;
  readonly runsADay: number;
  readonly days: readonly Day[];
  readonly verdicts: readonly SoakVerdict[];
}

export function writePage({ people, runsADay, days, verdicts }: Soak): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const inWords = ({ share, few }: Allowed) => `${percent(share)}${few === undefined ? '' : ` and ${few}`}`;
  const measures = Object.keys(days[0] ?? {});
  const row = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |`;
  return [
    '# A month in the life of a service',
    '',
    `Written by \`npm run soak -- --save\`: ${people.toLocaleString('en')} people, ${days.length} days of ${runsADay} whole runs, joiners, movers and leavers each day, runs and operations kept for seven days (PostgreSQL, Redis). The audit log is kept and grows by what happens; links grow by those who came.`,
    '',
    row(['measure', 'last third of the days against the one before', 'allowed', '']),
    row(['---', '---', '---', '---']),
    ...verdicts.map(({ measure, growth, allowed, isLevel }) =>
      row([measure, percent(growth), inWords(allowed), isLevel ? 'levels off' : 'GROWS']),
    ),
    '',
    row(measures),
    row(measures.map(() => '---')),
    ...days.map((day) => row(Object.values(day))),
    '',
  ].join('\n');
}
