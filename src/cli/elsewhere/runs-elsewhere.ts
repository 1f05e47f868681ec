/** Runs that a service makes and carries out. */
import { requestedRuns, run as runSchema } from '../../json/schemas/run.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Means } from '../means.ts';
import { readingUpdate } from '../reading.ts';
import type { BegunRun, PlanWish, Rollcall, RunWish, ToldEnd } from '../rollcall/rollcall.ts';
import type { Client } from './client.ts';
import { watchRun } from './watch-run.ts';

export interface Waiting {
  readonly means: Means;
  readonly client: Client;
  /** How long a service that can't be reached any more is waited for. */
  readonly patienceMs: number;
}

export async function beginRunElsewhere(waiting: Waiting, wish: RunWish): Promise<BegunRun> {
  return { kind: 'left', run: await requested(waiting, { ...wish, mode: 'apply' }) };
}

export async function makePlanElsewhere(
  waiting: Waiting,
  { from, ...wish }: PlanWish,
): Promise<{ readonly run: string; readonly failure: ExitCode | undefined }> {
  if (from !== undefined)
    throw new UsageError(
      'The file of --from is read where Rollcall itself is: `rollcall plan --from` works there, without --server.',
    );
  const { terminal } = waiting.means;
  const id = await requested(waiting, { ...wish, mode: 'plan' });
  const bar = terminal.progress(`Reading ${wish.source}`);
  bar.update({ done: 0, text: 'by the service' });
  const { run, halt } = await carriedOutElsewhere(waiting, id, ({ reading }) => {
    if (reading !== undefined) bar.update(readingUpdate(reading, reading.expected));
  }).finally(() => bar.stop());
  if (halt !== undefined) throw new Failure(halt.sentence);
  if (run.state !== 'failed') return { run: id, failure: undefined };
  terminal.note(run.error ?? 'The run failed.');
  return { run: id, failure: exitCodes.failed };
}

/** Waits for the end of what the service does by itself. */
export async function carriedOutElsewhere(
  { means, client, patienceMs }: Waiting,
  id: string,
  onProgress: Parameters<Rollcall['carryOut']>[1],
): Promise<ToldEnd> {
  for await (const watched of watchRun(means, client, id, patienceMs)) {
    if (watched.kind === 'end') {
      const { unverified, ...end } = watched.end;
      return { ...end, halt: undefined, unverified: unverified ?? undefined };
    }
    const { counts, ended, total, inFile, reading, halt } = watched.progress;
    onProgress({ ended, total, inFile, reading: reading ?? undefined });
    if (halt === null) continue;
    const run = await client.get(`/runs/${encodeURIComponent(id)}`, runSchema);
    return { run, counts, halt, unconfirmed: 0, unverified: undefined };
  }
  throw new Failure(`Nothing more is heard of run ${id}.`);
}

async function requested(
  { means, client }: Waiting,
  {
    althoughPaused,
    ...wish
  }: Omit<RunWish, 'althoughPaused'> & {
    readonly mode: 'plan' | 'apply';
    readonly althoughPaused?: boolean | undefined;
  },
): Promise<string> {
  const body = { ...wish, ...(althoughPaused === true ? { althoughPaused } : {}) };
  const { runs, served } = await client.post('/runs', requestedRuns, body);
  const [run] = runs;
  if (run === undefined) throw new Failure(`${client.origin} made no run of ${wish.source}.`);
  if (!served) means.terminal.note('No service is at work there that takes it up: the run waits for one.');
  return run.id;
}
