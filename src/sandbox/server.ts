/** The sandbox's HTTP server: the profile API, the control API and the admin page, and how refusals are answered. */
import { type FastifyError, type FastifyInstance, fastify } from 'fastify';
import { ZodError, z } from 'zod';
import { addControlRoutes } from './api/control-routes.ts';
import { addProfileApi } from './api/profile-api.ts';
import { Refusal } from './org/refusal.ts';
import { addPageRoutes } from './page/page-routes.ts';
import type { SandboxState } from './state.ts';

export async function buildServer(state: SandboxState): Promise<FastifyInstance> {
  // Connections are cut at close: one that a fault holds up must not keep a test waiting.
  const server = fastify({ forceCloseConnections: true, exposeHeadRoutes: false });

  // A body may be absent even where the header announces JSON, as with `logout/`.
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text.length === 0) return done(null, undefined);
    try {
      done(null, JSON.parse(text.toString()));
    } catch (error) {
      done(new Refusal(400, `JSON parse error: ${error instanceof Error ? error.message : String(error)}`));
    }
  });

  server.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send({ error: error.message });
    if (error instanceof ZodError) return reply.code(400).send({ error: z.prettifyError(error) });
    return reply.code(error.statusCode ?? 500).send({ error: error.message });
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'Not found.' }));

  await addProfileApi(server, state);
  await addControlRoutes(server, state);
  addPageRoutes(server, state);
  return server;
}
