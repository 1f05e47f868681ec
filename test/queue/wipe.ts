/** What an operator's FLUSHALL, or a lost disk, does to a queue: it knows nothing any more. */
import { Redis } from 'ioredis';
import type { Engine } from '../../src/engine/index.ts';

const truncateEverything = `
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'bullmq' AND tablename <> 'migration' LOOP
      EXECUTE format('TRUNCATE bullmq.%I CASCADE', name);
    END LOOP;
  END $$`;

export async function wipeQueue({ config, store }: Engine): Promise<void> {
  const { redis } = config;
  if (redis === undefined) {
    await retryDeadlocks(() => store.pool.query(truncateEverything));
    return;
  }
  if (!('url' in redis)) throw new Error('A single Redis was expected.');
  const client = new Redis(redis.url);
  const keys = await client.keys(`${redis.prefix}:*`);
  if (keys.length > 0) await client.del(keys);
  client.disconnect();
}

/** Emptying tables under a working queue may meet it the other way round: PostgreSQL then ends one of the two. */
async function retryDeadlocks(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof Error && error.message === 'deadlock detected')) throw error;
    }
  }
}
