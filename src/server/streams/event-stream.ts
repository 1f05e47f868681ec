/** Server-sent events: streams that stay open until there is nothing more to tell, whoever listens goes, or the service stops. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Proxies close what is silent for long. */
const beatEveryMs = 20_000;
/** Each is a connection, and somebody may forget theirs. */
const mostAtOnce = 500;

export interface EventStream {
  readonly isOpen: boolean;
  send(event: string, data: unknown): void;
  /** Ends it; whoever listens is told not to come back. */
  end(): void;
}

/** As many are open as may be. */
export class TooManyStreams extends Error {
  constructor() {
    super(`${mostAtOnce} streams are open already. End those that nobody listens to.`);
  }
}

export interface EventStreams {
  /**
   * @param onEnd - called once, whoever ended it
   * @throws {TooManyStreams}
   */
  open(reply: FastifyReply, onEnd: () => void): EventStream;
}

export function eventStreams(app: FastifyInstance): EventStreams {
  const open = new Set<ServerResponse>();
  // Whoever waits for the connections to end would wait for as long as somebody listens.
  app.addHook('preClose', async () => {
    for (const raw of open) raw.end();
  });
  return {
    open(reply, onEnd) {
      if (open.size >= mostAtOnce) throw new TooManyStreams();
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      });
      raw.write('retry: 3000\n\n');
      open.add(raw);
      const beat = setInterval(() => raw.write(': still here\n\n'), beatEveryMs);
      raw.once('close', () => {
        clearInterval(beat);
        open.delete(raw);
        onEnd();
      });
      return {
        get isOpen() {
          return !raw.writableEnded && !raw.destroyed;
        },
        send(event, data) {
          if (!raw.writableEnded && !raw.destroyed)
            raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        },
        end: () => void raw.end(),
      };
    },
  };
}
