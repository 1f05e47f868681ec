/** What the service serves: health for every process; console and API where that is its role. */
import Fastify from 'fastify';
import type { Engine, Watches } from '../engine/index.ts';
import type { ServiceRole } from '../store/service/services.ts';
import { isServedSecurely } from './access/sessions.ts';
import { tokenBook } from './access/tokens.ts';
import { answerProblem, mountApi } from './api/index.ts';
import { answerMalformed } from './api/malformed.ts';
import { mountConsole } from './console/index.ts';
import { mountHealth } from './health.ts';
import { mountHooks } from './hooks.ts';
import type { Metrics } from './metrics/index.ts';
import { mountOffboardingHook } from './offboarding-hook.ts';

export interface Served {
  readonly roles: readonly ServiceRole[];
  readonly watches?: Watches;
  readonly metrics?: Metrics;
}

export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

export async function startServer(engine: Engine, { roles, watches, metrics }: Served): Promise<Server> {
  const { config, desk, log } = engine;
  const trustProxy = config.server.trustProxy || isServedSecurely(config);
  const app = Fastify({
    ...{ logger: false, requestTimeout: 30_000, trustProxy },
    // What comes to no route, such as an address that can't be decoded.
    frameworkErrors: (error, request, reply) => answerProblem(engine, error, request, reply),
    clientErrorHandler: answerMalformed,
  });
  if (watches !== undefined && watches.sources.length > 0) await mountHooks(app, watches, log);
  const secrets = config.webhooks.offboarding?.secrets;
  if (secrets !== undefined) await mountOffboardingHook(app, desk, secrets, log);
  metrics?.mount(app, engine);
  mountHealth(app, engine);
  if (roles.includes('console')) {
    const tokens = tokenBook(config.server.tokens);
    await mountApi(app, engine, tokens);
    await mountConsole(app, engine, tokens);
  }
  const url = await app.listen({ host: config.server.host, port: config.server.port });
  log.info({ event: 'server.listening', url, roles }, 'The server listens.');
  return { url, close: () => app.close() };
}
