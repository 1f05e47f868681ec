/** A throw-away Redis Cluster of three masters. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild, untilReady } from './child.ts';
import { freePort } from './free-port.ts';
import { requireProgram } from './programs.ts';
import { pings, withClient } from './redis.ts';

const slots = 16_384;
const masters = 3;

export interface RedisCluster {
  readonly ports: readonly number[];
  /** The keys that each master has. */
  keys(): Promise<readonly (readonly string[])[]>;
  stop(): Promise<void>;
}

export async function startRedisCluster(): Promise<RedisCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-redis-cluster-'));
  const children: Child[] = [];
  const ports: number[] = [];
  const busPorts: number[] = [];
  for (let index = 0; index < masters; index += 1) {
    const [port, busPort] = [await freePort(), await freePort()];
    const child = startChild(requireProgram('redis-server'), [
      ...['--port', String(port), '--cluster-port', String(busPort), '--bind', '127.0.0.1'],
      ...['--cluster-enabled', 'yes', '--cluster-config-file', `nodes-${index}.conf`, '--dir', folder],
      ...['--cluster-announce-ip', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'],
    ]);
    await untilReady('redis-server', child, () => pings(urlOf(port)));
    children.push(child);
    ports.push(port);
    busPorts.push(busPort);
  }
  for (const [index, port] of ports.entries())
    await withClient(urlOf(port), async (client) => {
      const from = Math.ceil((slots / masters) * index);
      const to = Math.ceil((slots / masters) * (index + 1)) - 1;
      await client.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
      if (index > 0) await client.call('CLUSTER', 'MEET', '127.0.0.1', ports[0] ?? 0, busPorts[0] ?? 0);
    });
  for (const [index, port] of ports.entries()) {
    const child = children[index];
    if (child !== undefined) await untilReady('redis-server', child, () => knowsAll(port));
  }
  return {
    ports,
    keys: () => Promise.all(ports.map((port) => withClient(urlOf(port), (client) => client.keys('*')))),
    async stop() {
      await Promise.all(children.map((child) => child.end('SIGKILL')));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const urlOf = (port: number): string => `redis://127.0.0.1:${port}`;

const knowsAll = (port: number): Promise<boolean> =>
  withClient(urlOf(port), async (client) => {
    const info = String(await client.call('CLUSTER', 'INFO'));
    return info.includes('cluster_state:ok') && info.includes(`cluster_size:${masters}`);
  });
