/** `POST /hooks/offboarding`: HR says by itself that somebody left. It is open to the Internet. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type Desk, hearEvent } from '../offboarding/index.ts';

/** An event has some three hundred bytes. */
const longestBody = 64 * 1_024;

export async function mountOffboardingHook(
  app: FastifyInstance,
  desk: Desk,
  secrets: readonly string[],
  log: Logger,
): Promise<void> {
  await app.register(async (hooks) => {
    hooks.removeAllContentTypeParsers();
    // As text: the signature is over each byte of it.
    hooks.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    hooks.post('/hooks/offboarding', { bodyLimit: longestBody }, async (request, reply) => {
      const arrivedAt = new Date();
      const body = typeof request.body === 'string' ? request.body : '';
      try {
        const answer = await hearEvent(desk, secrets, request.headers, body, arrivedAt);
        const { status, note, body: told } = answer;
        const run = 'run' in told ? told.run : undefined;
        log[status === 200 ? 'info' : 'warn'](
          { event: 'hook.offboarding', status, outcome: told.outcome, run },
          note,
        );
        return await reply.code(status).send(told);
      } catch (error) {
        log.error({ event: 'hook.offboarding-failed', err: error }, 'An event of HR could not be taken.');
        const sentence = 'It could not be taken just now, and nothing was done. Send it again.';
        return await reply.code(503).header('retry-after', '5').send({ outcome: 'failed', sentence });
      }
    });
  });
}
