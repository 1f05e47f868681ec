/** `/live`: tells open pages that something has changed, so that they ask anew. */
import { visitorOf } from '../access/sessions.ts';
import { eventStreams } from '../streams/event-stream.ts';
import { statusChanges } from '../streams/status-changes.ts';
import type { Console } from './routes.ts';

export function mountLive({ app, engine, tokens }: Console): void {
  const streams = eventStreams(app);
  const changes = statusChanges(engine);
  app.get('/live', (request, reply) => {
    if (visitorOf(request, tokens, engine.config.server, new Date()) === undefined)
      return reply.code(401).send();
    let leave = (): void => undefined;
    const stream = streams.open(reply, () => leave());
    // The first word is how things are now, which the page has just shown.
    let isFirst = true;
    leave = changes.listen(() => {
      if (!isFirst) stream.send('changed', null);
      isFirst = false;
    });
    return reply;
  });
}
