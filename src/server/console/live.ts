/** `/live`: tells open pages that something has changed, so that they ask anew. */

import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { statusOf } from '../../engine/index.ts';
import { visitorOf } from '../access/sessions.ts';
import type { Console } from './routes.ts';

const lookEveryMs = 1_000;
/** Proxies close what is silent for long. */
const beatEveryMs = 20_000;

export function mountLive({ app, engine, tokens }: Console): void {
  const open = new Set<ServerResponse>();
  const changes = new EventEmitter();
  changes.setMaxListeners(0);
  let timer: NodeJS.Timeout | undefined;
  let last = '';

  /** One look a second, however many pages are open; none while there is none. */
  async function look(): Promise<void> {
    try {
      const mark = createHash('sha256')
        .update(JSON.stringify(await statusOf(engine)))
        .digest('base64');
      if (last !== '' && mark !== last) changes.emit('changed');
      last = mark;
    } catch (error) {
      engine.log.debug(
        { event: 'console.live-failed', err: error },
        'How things are could not be found out.',
      );
    }
    timer = changes.listenerCount('changed') === 0 ? undefined : setTimeout(look, lookEveryMs);
  }

  app.get('/live', (request, reply) => {
    if (visitorOf(request, tokens, engine.config.server, new Date()) === undefined)
      return reply.code(401).send();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const tell = (): void => void raw.write('event: changed\ndata: \n\n');
    const beat = setInterval(() => raw.write(': still here\n\n'), beatEveryMs);
    raw.write('retry: 3000\n\n');
    open.add(raw);
    changes.on('changed', tell);
    timer ??= setTimeout(look, lookEveryMs);
    raw.on('close', () => {
      open.delete(raw);
      clearInterval(beat);
      changes.off('changed', tell);
    });
    return reply;
  });
  // Whoever waits for the connections to end would wait for as long as somebody looks.
  app.addHook('preClose', async () => {
    clearTimeout(timer);
    for (const raw of open) raw.end();
  });
}
