/** `/healthz` (the process is alive), `/readyz` (store and queue answer), `/metrics`, and the hooks of sources and of HR. */
import Fastify from 'fastify';
import type { Engine, Watches } from '../engine/index.ts';
import { mountHooks } from './hooks.ts';
import type { Metrics } from './metrics/index.ts';
import { mountOffboardingHook } from './offboarding-hook.ts';

export interface Served {
  readonly watches?: Watches;
  readonly metrics?: Metrics;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startHealthServer(
  engine: Engine,
  { watches, metrics }: Served = {},
): Promise<HealthServer> {
  const { store, backend, config, desk, log } = engine;
  const app = Fastify({ logger: false, requestTimeout: 30_000 });
  if (watches !== undefined && watches.sources.length > 0) await mountHooks(app, watches, log);
  const secrets = config.webhooks.offboarding?.secrets;
  if (secrets !== undefined) await mountOffboardingHook(app, desk, secrets, log);
  metrics?.mount(app, engine);
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const parts = { store: store.ping(), queue: backend.ping() };
    const checks = await Promise.all(
      Object.entries(parts).map(async ([name, check]) => {
        try {
          await check;
          return [name, 'ready'] as const;
        } catch (error) {
          log.warn({ event: 'health.not-ready', part: name, err: error }, `The ${name} does not answer.`);
          return [name, 'not ready'] as const;
        }
      }),
    );
    const isReady = checks.every(([, state]) => state === 'ready');
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? 'ready' : 'not ready', ...Object.fromEntries(checks) });
  });
  const url = await app.listen(config.server);
  log.info({ event: 'server.listening', url }, 'Health is served.');
  return { url, close: () => app.close() };
}
