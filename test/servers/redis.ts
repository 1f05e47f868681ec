/** Throw-away Redis servers: one shared by the whole test run, or one of its own for a test that breaks it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type Child, startChild, untilReady } from './child.ts';
import { freePort } from './free-port.ts';
import { requireProgram } from './programs.ts';
import { sharedServer } from './shared.ts';

export type RedisServer = {
  readonly url: string;
  readonly port: number;
  /** Forgets every key, as an operator's FLUSHALL would. */
  flush(): Promise<void>;
  /** Ends it as `kill -9` would. Nothing is kept, unless it was started with `persist`. */
  kill(): Promise<void>;
  /** Starts it again on the same port, after `kill`. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

export async function withClient<Result>(
  url: string,
  use: (client: Redis) => Promise<Result>,
): Promise<Result> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

export const pings = (url: string): Promise<boolean> =>
  withClient(url, (client) => client.ping()).then(
    () => true,
    () => false,
  );

export type RedisSettings = {
  /** Keep every write over `kill` and `start`. */
  readonly persist?: boolean;
  readonly password?: string;
  /** The port of another one, to be its replica. */
  readonly replicaOf?: number;
};

/** Starts a Redis of your own (under 0.1 s). */
export async function startRedis(options: RedisSettings = {}): Promise<RedisServer> {
  const program = requireProgram('redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-redis-'));
  const port = await freePort();
  const url = `redis://${options.password === undefined ? '' : `:${options.password}@`}127.0.0.1:${port}`;
  const persistence = options.persist === true ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [];
  const replication =
    options.replicaOf === undefined ? [] : ['--replicaof', '127.0.0.1', String(options.replicaOf)];
  const password = options.password === undefined ? [] : ['--requirepass', options.password];
  let child: Child | undefined;

  const start = async (): Promise<void> => {
    child = startChild(program, [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...['--maxmemory-policy', 'noeviction', ...persistence],
      ...replication,
      ...password,
    ]);
    await untilReady('redis-server', child, () => pings(url));
  };
  const kill = async (): Promise<void> => child?.end('SIGKILL');

  await start();
  return {
    url,
    port,
    flush: () => withClient(url, async (client) => void (await client.flushall())),
    kill,
    start,
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a Sentinel that watches one Redis under a name; its port, and how to end it. */
export async function startSentinel(
  master: RedisServer,
  name: string,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${name} 127.0.0.1 ${master.port} 1`,
    `sentinel down-after-milliseconds ${name} 1000`,
    `sentinel failover-timeout ${name} 5000`,
  ];
  writeFileSync(file, `${settings.join('\n')}\n`);
  const child = startChild(requireProgram('redis-server'), [file, '--sentinel']);
  await untilReady('redis-sentinel', child, () => pings(`redis://127.0.0.1:${port}`));
  return {
    port,
    stop: async () => {
      await child.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The Redis that the whole test run shares, with a key prefix that nobody else uses. */
export async function sharedRedis(): Promise<{ readonly url: string; readonly prefix: string }> {
  return { url: await sharedServer('redis'), prefix: `test-${randomBytes(6).toString('hex')}` };
}
