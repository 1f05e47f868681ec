/**
 * Servers that the whole test run shares. Each is started when the first test file asks for it, over a small HTTP endpoint,
 * so that a run of pure tests starts none.
 */
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { emptyStore } from './servers/embedded.ts';
import { startPostgres } from './servers/postgres.ts';
import { startRedis } from './servers/redis.ts';
import { provisionedDomain } from './servers/samba-domain.ts';

type Running = { readonly url: string; stop(): Promise<void> };

const starters: Readonly<Record<string, () => Promise<Running>>> = {
  '/postgres': startPostgres,
  '/redis': startRedis,
  '/samba-domain': async () => ({ url: await provisionedDomain(), stop: async () => {} }),
  '/embedded-store': async () => {
    const url = await emptyStore();
    return { url, stop: () => rm(url, { recursive: true, force: true }) };
  },
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = new Map<string, Promise<Running>>();
  const endpoint = createServer((request, response) => {
    const path = request.url ?? '/';
    // A connection kept open is closed after 5 s, and on a busy machine just while the next question is on its way.
    response.setHeader('connection', 'close');
    const start = starters[path];
    if (start === undefined) {
      response.writeHead(404).end(`No such server: ${path}`);
      return;
    }
    const server = running.get(path) ?? start();
    running.set(path, server);
    server.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  project.provide('sharedServers', `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`);

  return async () => {
    endpoint.closeAllConnections();
    endpoint.close();
    const started = await Promise.allSettled(running.values());
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
  };
}
