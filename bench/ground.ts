/** What a benchmark of whole installations stands on: a folder, PostgreSQL and Redis of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../src/engine/index.ts';
import type { RunId } from '../src/store/operations/operation.ts';
import { requestRun } from '../src/store/runs/runs.ts';
import { type PostgresServer, startPostgres } from '../test/servers/postgres.ts';
import { type RedisServer, startRedis } from '../test/servers/redis.ts';

export interface Ground {
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
}

/** Reads the first source and plans whatever it leads to, released as far as no guard holds it. */
export async function planRun(
  engine: Engine,
  signal: AbortSignal,
  mode: 'apply' | 'plan' = 'apply',
): Promise<RunId> {
  const [source] = engine.sources;
  if (source === undefined) throw new Error('The configuration has no source.');
  const wish = { source: source.id, mode, trigger: 'hand', actor: 'bench', onlyWho: undefined } as const;
  const run = await requestRun(engine.store.db, wish);
  const conducted = await engine.conduct(run, source, signal);
  if (conducted.kind === 'failed') throw conducted.error;
  return run;
}

/** @param closing - takes everything away again */
export async function layGround(closing: AsyncDisposableStack): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startPostgres();
  closing.defer(() => postgres.stop());
  const redis = await startRedis();
  closing.defer(() => redis.stop());
  return { folder, postgres, redis };
}
