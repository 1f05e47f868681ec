/** A run that a service carries out, watched to its end, also where the connection to the service is lost meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { runEnd, runProgress } from '../../json/schemas/run.ts';
import { UsageError } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Means } from '../means.ts';
import type { Client } from './client.ts';
import { eventsIn } from './events.ts';
import { jsonIn } from './trouble.ts';

export type Progress = z.output<typeof runProgress>;
export type End = z.output<typeof runEnd>;

export type Watched =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'end'; readonly end: End };

const againAfterMs = 2_000;

/**
 * How far it is, whenever that changes, and at last its end.
 *
 * @param patienceMs - a service that can't be reached for longer is not waited for
 * @throws {Failure} then, and where what it tells can't be understood
 */
export async function* watchRun(
  { terminal, signal }: Pick<Means, 'terminal' | 'signal'>,
  client: Client,
  run: string,
  patienceMs: number,
): AsyncGenerator<Watched> {
  let lostAt: number | undefined;
  for (;;) {
    try {
      for await (const { name, data } of eventsIn(await client.stream(pathOf(run)))) {
        if (lostAt !== undefined) terminal.note(`${client.origin} answers again.`);
        lostAt = undefined;
        const watched = read(client, name, data);
        if (watched === undefined) continue;
        yield watched;
        if (watched.kind === 'end') return;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UsageError || error instanceof NotUnderstood) throw error;
      // The connection broke, or it could not be made again: the run goes on all the same.
    }
    signal.throwIfAborted();
    if (lostAt === undefined) {
      lostAt = performance.now();
      terminal.note(`The connection to ${client.origin} was lost. The run does not depend on it; waiting.`);
    } else if (performance.now() - lostAt > patienceMs)
      throw new Failure(
        `${client.origin} has not answered for ${Math.round(patienceMs / 1_000)} s, and what became of run ${run} is not known here. The run does not depend on this command: \`rollcall runs ${run}\` shows it once the service answers.`,
      );
    await sleep(againAfterMs, undefined, { signal });
  }
}

const pathOf = (run: string): string => `/runs/${encodeURIComponent(run)}/events`;

class NotUnderstood extends Failure {}

function read({ origin }: Client, name: string, data: string): Watched | undefined {
  const json = jsonIn(data);
  if (name === 'progress') {
    const { success, data: progress } = runProgress.safeParse(json);
    if (success) return { kind: 'progress', progress };
  } else if (name === 'end') {
    const { success, data: end } = runEnd.safeParse(json);
    if (success) return { kind: 'end', end };
  } else return undefined;
  throw new NotUnderstood(
    `What ${origin} tells of the run is not understood: it is of another version than this command line. The run goes on all the same.`,
  );
}
