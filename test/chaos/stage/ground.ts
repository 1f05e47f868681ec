/** The servers under the seeds: nobody else's, since they are broken again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Combination } from '../../e2e/stage.ts';
import { type PostgresServer, startPostgres } from '../../servers/postgres.ts';
import { type RedisServer, startRedis } from '../../servers/redis.ts';

/** Not to be found in any log, queue or table. */
export const redisPassword = 'canary-redis-e02f';

/** Servers of one's own, for one seed after the other; each is started when the first seed wants it. */
export interface Servers {
  postgres(): Promise<PostgresServer>;
  redis(): Promise<RedisServer>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function servers(): Servers {
  let postgres: Promise<PostgresServer> | undefined;
  let redis: Promise<RedisServer> | undefined;
  return {
    postgres: () => (postgres ??= startPostgres()),
    redis: () => (redis ??= startRedis({ password: redisPassword })),
    async [Symbol.asyncDispose]() {
      await Promise.all([postgres?.then((one) => one.stop()), redis?.then((one) => one.stop())]);
    },
  };
}

/** Where one seed plays: an empty store and an empty queue. */
export interface Ground {
  readonly combination: Combination;
  /** Undefined where the queue is in the store. */
  readonly redis: RedisServer | undefined;
  /** Undefined where the store is embedded. */
  readonly databaseUrl: string | undefined;
  /** The lines of a configuration that say where store and queue are. */
  readonly places: string;
  /** What must stay secret of it. */
  readonly secrets: readonly string[];
  /** Both end as by `kill -9`, and come back after a while; the queue of Redis is empty then. */
  restartRedis(downMs: number): Promise<void>;
  restartPostgres(downMs: number): Promise<void>;
}

export async function layGround(combination: Combination, servers: Servers): Promise<Ground> {
  const redis = combination === 'PostgreSQL and Redis' ? await servers.redis() : undefined;
  await redis?.flush();
  const postgres = combination === 'embedded' ? undefined : await servers.postgres();
  const databaseUrl = await postgres?.createDatabase();
  return {
    combination,
    redis,
    databaseUrl,
    places: [
      databaseUrl === undefined ? 'database: { path: store }' : `database: { url: "${databaseUrl}" }`,
      ...(redis === undefined ? [] : [`redis: { url: "${redis.url}" }`]),
    ].join('\n'),
    secrets: [
      ...(redis === undefined ? [] : [redisPassword]),
      ...(databaseUrl === undefined ? [] : [new URL(databaseUrl).password]),
    ],
    restartRedis: (downMs) => restart(redis, downMs),
    restartPostgres: (downMs) => restart(postgres, downMs),
  };
}

async function restart(server: PostgresServer | RedisServer | undefined, downMs: number): Promise<void> {
  await server?.kill();
  await sleep(downMs);
  await server?.start();
}
