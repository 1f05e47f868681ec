/** `/live`, and `/live/people/SOURCE/ANCHOR`: tell open pages that something has changed, so that they ask anew. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { markOfPerson } from '../../store/people/person-mark.ts';
import { visitorOf } from '../access/sessions.ts';
import { eventStreams } from '../streams/event-stream.ts';
import { statusChanges } from '../streams/status-changes.ts';
import { type Watched, watched } from '../streams/watched.ts';
import { personParams } from './person-path.ts';
import type { Console } from './routes.ts';

export function mountLive({ app, engine, tokens }: Console): void {
  const streams = eventStreams(app);

  function tell(request: FastifyRequest, reply: FastifyReply, changes: Watched<unknown>): FastifyReply {
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
  }

  const changes = statusChanges(engine);
  app.get('/live', (request, reply) => tell(request, reply, changes));

  // To explain somebody, source and org are asked: only when something has happened to them, and not for a moved queue.
  app.get('/live/people/:source/:anchor', (request, reply) => {
    const whom = personParams.parse(request.params);
    const changesOfPerson = watched({
      everyMs: 1_000,
      look: () => markOfPerson(engine.store.db, whom),
      markOf: (mark) => mark,
      onError: (error) =>
        engine.log.warn(
          { event: 'server.look-failed', err: error },
          'Whether something has happened to somebody could not be found out.',
        ),
    });
    return tell(request, reply, changesOfPerson);
  });
}
