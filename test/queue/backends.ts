/** Queue backends for tests: new, empty, of each of the three combinations, and gone afterwards. */
import type { Config } from '../../config/schema.ts';
import { openQueueBackend, type QueueBackend } from '../../src/queue/index.ts';
import type { Store } from '../../src/store/index.ts';
import { sharedRedis } from '../servers/redis.ts';
import { newStore } from '../store/stores.ts';

export const combinations = ['embedded', 'PostgreSQL alone', 'PostgreSQL and Redis'] as const;
export type Combination = (typeof combinations)[number];

export type Place = Pick<Config, 'redis' | 'database'>;

export type TestBackend = {
  readonly backend: QueueBackend;
  readonly store: Store;
  /** What `onError` was told. BullMQ swallows what a listener throws, so it is looked at here. */
  readonly errors: Error[];
  /** For another process, or another part of this one. */
  readonly place: Place;
  /** Another backend on the same queue, as another process would have. */
  another(): Promise<QueueBackend>;
  end(): Promise<void>;
};

export async function newBackend(combination: Combination): Promise<TestBackend> {
  const { store, database, end } = await newStore(combination === 'embedded' ? 'embedded' : 'server');
  const redis = combination === 'PostgreSQL and Redis' ? await sharedRedis() : undefined;
  const place: Place = { database, redis };
  const opened: QueueBackend[] = [];
  const errors: Error[] = [];
  const another = async (): Promise<QueueBackend> => {
    const backend = await openQueueBackend({ redis }, store, { onError: (error) => errors.push(error) });
    opened.push(backend);
    return backend;
  };
  return {
    backend: await another(),
    store,
    errors,
    place,
    another,
    end: async () => {
      await Promise.all(opened.map((backend) => backend.close()));
      await end();
    },
  };
}
