/** What a benchmark of whole installations stands on: a folder, PostgreSQL and Redis of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '../test/servers/postgres.ts';
import { type RedisServer, startRedis } from '../test/servers/redis.ts';

export interface Ground {
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
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
