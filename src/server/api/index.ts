/** The HTTP API: for programs, at `/api/v1`. */
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { version, versionHeader } from '../../../config/version.ts';
import type { Engine } from '../../engine/index.ts';
import type { TokenBook } from '../access/tokens.ts';
import { eventStreams } from '../streams/event-stream.ts';
import { doorkeeper } from './authenticate.ts';
import { cursorsWith } from './cursor.ts';
import { documentOptions } from './document.ts';
import { ApiProblem, problemOf, problemType } from './problem.ts';
import { apiOn } from './route.ts';
import { addAudit } from './routes/audit.ts';
import { addBrake } from './routes/brake.ts';
import { addConfiguration } from './routes/configuration.ts';
import { addNotify } from './routes/notify.ts';
import { addOperations } from './routes/operations.ts';
import { addPeople } from './routes/people.ts';
import { addRunEvents } from './routes/run-events.ts';
import { addRuns } from './routes/runs.ts';
import { addSources } from './routes/sources.ts';
import { addStatus } from './routes/status.ts';

/** Ten thousand ids of operations, and more. */
const longestBody = 1_024 * 1_024;

export async function mountApi(app: FastifyInstance, engine: Engine, tokens: TokenBook): Promise<void> {
  await app.register(
    async (api) => {
      api.setValidatorCompiler(validatorCompiler);
      api.setSerializerCompiler(serializerCompiler);
      api.removeContentTypeParser('text/plain');
      api.setErrorHandler((error, request, reply) => answerProblem(engine, error, request, reply));
      api.setNotFoundHandler((request, reply) =>
        answerProblem(
          engine,
          new ApiProblem(
            'not-found',
            `There is nothing at ${request.method} ${pathOf(request)}. /api/openapi.json lists what there is.`,
          ),
          request,
          reply,
        ),
      );
      api.addHook('onRoute', (route) => {
        route.bodyLimit = longestBody;
      });
      api.addHook('onSend', async (_request, reply) => {
        void reply
          .header('cache-control', 'no-store')
          .header('x-content-type-options', 'nosniff')
          .header(versionHeader, version);
      });
      await api.register(swagger, documentOptions);
      await api.register(rateLimit, { global: false });
      const cursors = cursorsWith(engine.config.profileApi.apiKey);
      const mounted = apiOn(
        api,
        { engine, cursors, streams: eventStreams(api) },
        doorkeeper(api, tokens, engine.log),
      );
      for (const add of [
        addStatus,
        addBrake,
        addSources,
        addRuns,
        addRunEvents,
        addOperations,
        addPeople,
        addAudit,
        addConfiguration,
        addNotify,
      ])
        add(mounted);
      // Without a token: it tells what every Rollcall can be asked, and nothing of this one.
      api.get('/openapi.json', { schema: { hide: true } }, async () => api.swagger());
    },
    { prefix: '/api' },
  );
}

const pathOf = ({ url }: Pick<FastifyRequest, 'url'>): string => url.split('?')[0] ?? '/';

/** Anything that went wrong, as a problem; what nobody foresaw is told to the log. */
export function answerProblem(
  { log }: Pick<Engine, 'log'>,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500)
    log[problem.kind === 'internal' ? 'error' : 'warn'](
      { event: 'api.failed', path: request.routeOptions.url, kind: problem.kind, err: error },
      'A request to the API could not be answered.',
    );
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(problemType)
    .send(problem.toBody(pathOf(request)));
}
