/** `/hooks/<source>`: where a source tells by itself that something has changed. It is open to the Internet. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Watches } from '../engine/index.ts';

/** A notice has some five hundred bytes, and Graph sends them by the dozen. */
const longestBody = 1_024 * 1_024;

export async function mountHooks(app: FastifyInstance, watches: Watches, log: Logger): Promise<void> {
  await app.register(async (hooks) => {
    hooks.removeAllContentTypeParsers();
    // As text, whatever it says it is: what is in it, the source's connector judges.
    hooks.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    hooks.post('/hooks/:source', { bodyLimit: longestBody }, (request, reply) =>
      answerCall(request, reply, watches, log),
    );
  });
}

async function answerCall(
  request: FastifyRequest,
  reply: FastifyReply,
  watches: Watches,
  log: Logger,
): Promise<FastifyReply> {
  const { source } = Object(request.params);
  const body = typeof request.body === 'string' ? request.body : '';
  const heard = await watches.hear(String(source), { query: textsOf(request.query), body });
  switch (heard?.kind) {
    case undefined:
      return reply.code(404).send({ error: 'No source has a hook of this name.' });
    case 'greeting':
      return reply
        .code(200)
        .header('x-content-type-options', 'nosniff')
        .type('text/plain; charset=utf-8')
        .send(heard.text);
    case 'news':
      return reply.code(202).send();
    case 'refused':
      log.warn({ event: 'hook.refused', source, status: heard.status }, heard.reason);
      return reply.code(heard.status).send({ error: heard.reason });
    default:
      return heard satisfies never;
  }
}

/** Of a parameter that comes several times, none is meant. */
function textsOf(query: unknown): Record<string, string> {
  const pairs = Object.entries(Object(query)).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(pairs);
}
