/**
 * `/queues`: BullMQ's own board, behind the console's sign-in, to look at and no more. The queue holds ids alone and is
 * made of the store: what somebody changed there would not last, and nobody would be told.
 */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import { leaverQueueName, operationQueueName } from '../../../queue/index.ts';
import type { Console } from '../routes.ts';

/** By its types the board wants a queue on Redis; it takes one on PostgreSQL as well. */
type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0];

const path = '/queues';

/** The board writes styles into its page; scripts are its own files alone, and nothing comes from elsewhere. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/** Fonts of another company's: Rollcall's pages ask nobody else for anything. */
const foreignFonts = /<link[^>]*fonts[.]googleapis[.]com[^>]*>/g;

export async function mountQueues({ app, engine, admit }: Console): Promise<void> {
  const { backend } = engine;
  const board = new FastifyAdapter().setBasePath(path);
  createBullBoard({
    queues: [operationQueueName, leaverQueueName].map((name) => {
      const queue = backend.queue(name) as unknown as BoardQueue;
      return new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false });
    }),
    serverAdapter: board,
    options: {
      uiConfig: {
        boardTitle: 'Queues',
        miscLinks: [{ text: 'Back to Rollcall', url: '/' }],
        hideDocsLink: true,
        hideRedisDetails: true,
        showWorkers: false,
        locale: { lng: 'en-US' },
      },
    },
  });
  await app.register(
    async (scope: FastifyInstance) => {
      scope.addHook('preHandler', async (request, reply) => {
        if (request.method !== 'GET')
          return await reply.code(405).send({ error: 'This is to look at alone.' });
        return (await admit(request, reply, 'operator')) === undefined ? reply : undefined;
      });
      scope.addHook('onSend', async (_request, reply, payload) => {
        reply.header('content-security-policy', policy);
        return typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html')
          ? payload.replaceAll(foreignFonts, '')
          : payload;
      });
      await scope.register(board.registerPlugin());
    },
    { prefix: path },
  );
}
