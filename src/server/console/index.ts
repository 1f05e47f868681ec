/** The web console: for people, at `/`. */
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { Engine } from '../../engine/index.ts';
import { isServedSecurely, registerSessions } from '../access/sessions.ts';
import type { TokenBook } from '../access/tokens.ts';
import { loadAssets } from './assets.ts';
import { mountErrors } from './errors.ts';
import { mountLive } from './live.ts';
import { mountAudit } from './pages/audit/index.ts';
import { mountConfiguration } from './pages/configuration.ts';
import { mountFailures } from './pages/failures/index.ts';
import { mountOverview } from './pages/overview.ts';
import { mountPeople } from './pages/people/index.ts';
import { mountQueues } from './pages/queues.ts';
import { mountRuns } from './pages/runs/index.ts';
import { mountSources } from './pages/sources/index.ts';
import { consoleOn } from './routes.ts';
import { mountSignIn } from './sign-in.ts';

export async function mountConsole(app: FastifyInstance, engine: Engine, tokens: TokenBook): Promise<void> {
  const assets = await loadAssets();
  await app.register(async (pages) => {
    await pages.register(helmet, securityHeaders(isServedSecurely(engine.config)));
    await pages.register(formbody);
    await registerSessions(pages, engine);
    assets.mount(pages);
    mountErrors(pages, engine, assets);
    const site = consoleOn(pages, { engine, tokens, assets });
    await mountSignIn(site);
    mountLive(site);
    mountOverview(site);
    mountPeople(site);
    mountAudit(site);
    mountConfiguration(site);
    await mountQueues(site);
    mountRuns(site);
    mountFailures(site);
    mountSources(site);
  });
}

/** No script or style but the console's own files, in no frame, and nothing sent elsewhere. */
const securityHeaders = (isSecure: boolean) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  strictTransportSecurity: isSecure ? { maxAge: 31_536_000 } : false,
  crossOriginEmbedderPolicy: false,
  referrerPolicy: { policy: 'same-origin' as const },
});
