/** Connects to Redis: one server, Sentinel, or Cluster. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import type { Config } from '../../config/schema.ts';
import { QueueError } from './queue-error.ts';

export type RedisConfig = NonNullable<Config['redis']>;

const usualPatienceMs = 10_000;
/** What a wrong user or password, and a forbidden command, begin with. They don't mend themselves. */
const refusals = /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/;

export type RedisConnection = {
  readonly client: Redis | Cluster;
  /** Before every key; in a cluster in braces, so that all keys of the queue lie on one node. */
  readonly prefix: string;
};

/** Waits for ever instead of giving commands up: BullMQ demands it of a worker's connection. */
const always = { maxRetriesPerRequest: null } as const;

type Credentials = { readonly username?: string | undefined; readonly password?: string | undefined };

const credentials = ({
  username,
  password,
}: Credentials): { readonly username?: string; readonly password?: string } => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
});

function clientFor(config: RedisConfig): Redis | Cluster {
  if ('url' in config) return new Redis(config.url, always);
  if ('sentinels' in config) {
    return new Redis({ ...always, ...credentials(config), sentinels: config.sentinels, name: config.name });
  }
  return new Cluster(config.cluster, { redisOptions: { ...always, ...credentials(config) } });
}

/** Where Redis is, for messages: never with user or password. */
function placeOf(config: RedisConfig): string {
  if ('url' in config) return new URL(config.url).host;
  const nodes = 'sentinels' in config ? config.sentinels : config.cluster;
  const list = nodes.map(({ host, port }) => `${host}:${port}`).join(', ');
  return 'sentinels' in config ? `${config.name} (Sentinels ${list})` : `the cluster ${list}`;
}

/**
 * Connects, and waits until Redis answers. Throws a {@link QueueError} when it refuses the password, or has not answered after
 * `patienceMs` (ten seconds, if not given). Afterwards lost connections are made again for ever; `onError` is told of each failure.
 */
export async function connectToRedis(
  config: RedisConfig,
  onError: (error: Error) => void,
  patienceMs = usualPatienceMs,
): Promise<RedisConnection> {
  const client = clientFor(config);
  let latest: Error | undefined;
  const refused = new Promise<'refused'>((resolve) => {
    client.on('error', (error: Error) => {
      latest = error;
      if (refusals.test(error.message)) resolve('refused');
    });
  });
  const gaveUp = new AbortController();
  const answered = client.ping().then(() => 'answered' as const);
  // Once the client is disconnected below, its pending commands fail; that is expected.
  answered.catch(() => {});
  const outcome = await Promise.race([
    answered,
    refused,
    sleep(patienceMs, 'silent' as const, { signal: gaveUp.signal }),
  ]).finally(() => gaveUp.abort());

  if (outcome === 'answered') {
    client.removeAllListeners('error');
    client.on('error', onError);
    return { client, prefix: 'cluster' in config ? `{${config.prefix}}` : config.prefix };
  }
  client.disconnect();
  const place = placeOf(config);
  if (outcome === 'refused') {
    throw new QueueError(
      `Redis at ${place} refused the user or the password (${latest?.message.split(' ')[0]}). Correct them under redis in the configuration.`,
    );
  }
  const reason = latest === undefined ? 'no answer' : describe(latest);
  throw new QueueError(
    `Redis at ${place} did not answer within ${patienceMs / 1_000} seconds: ${reason}. Start it, or correct its address under redis in the configuration.`,
  );
}

/** ioredis's errors for several addresses have no message of their own. */
const describe = (error: Error): string =>
  error.message !== '' ? error.message : 'code' in error ? String(error.code) : error.name;
