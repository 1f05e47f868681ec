/** `/metrics`, for Prometheus. It names sources and numbers, and nobody's data. */
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { Engine, Meters } from '../../engine/index.ts';
import { type Described, instruments } from './instruments.ts';
import { processMetrics } from './process-metrics.ts';
import { standingMetrics } from './standing.ts';

export type { Described } from './instruments.ts';

export interface Metrics {
  /** To be told of what the process does. */
  readonly meters: Meters;
  /** All that there is, for its documentation. */
  readonly described: readonly Described[];
  mount(app: FastifyInstance, engine: Engine): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const described: Described[] = [];
  const meters = processMetrics(registry, instruments(registry, 'process', described));
  const standing = standingMetrics(instruments(registry, 'standing', described));
  return {
    meters,
    described,
    mount(app, engine) {
      app.get('/metrics', async (_request, reply) => {
        await standing.look(engine).catch((error: unknown) => {
          engine.log.warn(
            { event: 'metrics.not-ready', err: error },
            'Store or queue did not answer: the metrics tell of this process alone.',
          );
        });
        return reply.type(registry.contentType).send(await registry.metrics());
      });
    },
  };
}
