/** `/healthz` (the process is alive) and `/readyz` (store and queue answer). */
import type { FastifyInstance } from 'fastify';
import type { Engine } from '../engine/index.ts';

export function mountHealth(app: FastifyInstance, { store, backend, log }: Engine): void {
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
}
