/** Runs programs and tells what they took; competitors take turns, so that a busy machine hurts all alike. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export interface Measured {
  readonly wallMs: number;
  /** Processor time of the process itself. */
  readonly cpuMs: number;
  /** Most resident memory of the process itself, where it tells. */
  readonly peakMib?: number | undefined;
}

export interface Competitor {
  readonly name: string;
  run(): Promise<Measured>;
}

export interface Standing {
  readonly name: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMib?: number | undefined;
  /** Against the first competitor in the same round, as the median of all rounds; undefined where that one takes no time. */
  readonly ratio: number | undefined;
  /** Undefined where the reference took less than the system counts. */
  readonly cpuRatio: number | undefined;
}

export const measuredSchema = z.object({
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMib: z.number().optional(),
});

/** Lets the competitors take turns. The first one is what the others are compared with. */
export async function compete(
  competitors: readonly Competitor[],
  rounds: number,
): Promise<readonly Standing[]> {
  const results = competitors.map(({ name }) => ({ name, own: [] as Measured[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, competitor] of competitors.entries()) {
      results[index]?.own.push(await competitor.run());
    }
  }
  const reference = results[0]?.own ?? [];
  const ratio = (own: readonly Measured[], of: (measured: Measured) => number) =>
    median(
      own.flatMap((one, round) => {
        const other = reference[round];
        return other === undefined ? [] : [of(one) / of(other)];
      }),
    );
  return results.map(({ name, own }) => {
    const peaks = own.flatMap(({ peakMib }) => peakMib ?? []);
    return {
      name,
      wallMs: median(own.map(({ wallMs }) => wallMs)),
      cpuMs: median(own.map(({ cpuMs }) => cpuMs)),
      ...(peaks.length > 0 && { peakMib: Math.max(...peaks) }),
      ratio: reference.some(({ wallMs }) => wallMs < 1) ? undefined : ratio(own, ({ wallMs }) => wallMs),
      cpuRatio: reference.some(({ cpuMs }) => cpuMs === 0) ? undefined : ratio(own, ({ cpuMs }) => cpuMs),
    };
  });
}

/** The middle one of several numbers. */
function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** How a process runs, as `child_process` takes it. */
export interface RunAs {
  readonly execArgv: string[];
  readonly env: NodeJS.ProcessEnv;
}

/** As in the container image: see README.md. */
export const asInImage: RunAs = {
  execArgv: ['--max-semi-space-size=16', '--no-allocation-site-pretenuring'],
  env: { ...process.env, MALLOC_ARENA_MAX: '2' },
};

const asHere: RunAs = { execArgv: [], env: process.env };

/** Runs any program, from start to end, and throws away what it prints. Its processor time is what the shell counts. */
export async function timeProgram(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const script = '"$@" >/dev/null || exit 1; times';
  const start = performance.now();
  const printed = await output('sh', ['-c', script, 'sh', program, ...args], {
    ...process.env,
    ...environment,
  });
  const wallMs = performance.now() - start;
  const [user = '', system = ''] = printed.trim().split('\n').at(-1)?.split(' ') ?? [];
  return { wallMs, cpuMs: shellTimeMs(user) + shellTimeMs(system) };
}

/** Processor time of another process so far: of Linux alone. Its clock counts hundredths of a second. */
export async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Runs one of our files in a process of its own, and gives what it prints as JSON. */
export async function runNode(file: string, input: unknown, { execArgv, env } = asHere): Promise<unknown> {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  return JSON.parse(await output(process.execPath, [...execArgv, file, text], env));
}

/** In a process that `runNode` started: does the work, and prints what it took. */
export async function printMeasured(work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  const measured: Measured = {
    ...{ wallMs, cpuMs: (user + system) / 1_000 },
    peakMib: process.resourceUsage().maxRSS / 1_024,
  };
  console.log(JSON.stringify(measured));
}

async function output(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with status ${code}.`);
  return printed;
}

/** Such as `0m1.234s`, as the shell's `times` writes it. */
function shellTimeMs(text: string): number {
  const [, minutes = 'NaN', seconds = 'NaN'] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return (Number(minutes) * 60 + Number(seconds)) * 1_000;
}
