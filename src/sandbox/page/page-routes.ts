/** Serves the admin page, its style sheet and its script. Nothing is inline, and nothing comes from elsewhere. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SandboxState } from '../state.ts';
import { adminPage } from './admin-page.ts';
import { pageScript } from './script.ts';
import { pageStyle } from './style.ts';

const pageQuery = z.object({
  search: z.string().catch(''),
  show: z.enum(['all', 'active', 'inactive']).catch('all'),
  page: z.coerce.number().int().min(1).catch(1),
});

const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export function addPageRoutes(server: FastifyInstance, state: SandboxState): void {
  server.get('/', (request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', contentSecurityPolicy)
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .send(adminPage(state, pageQuery.parse(request.query))),
  );
  server.get('/page/style.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(pageStyle));
  server.get('/page/script.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(pageScript),
  );
}
