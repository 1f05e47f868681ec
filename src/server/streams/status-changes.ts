/** How things are, for those who want to know at once when that changes. */
import { type Engine, statusOf } from '../../engine/index.ts';
import { statusJson } from '../../json/index.ts';
import { type Watched, watched } from './watched.ts';

/** One look a second, however many listen. */
export const statusChanges = (engine: Engine): Watched<ReturnType<typeof statusJson>> =>
  watched({
    everyMs: 1_000,
    look: async () => statusJson(await statusOf(engine)),
    // A heartbeat is no change.
    markOf: (state) =>
      JSON.stringify({ ...state, services: state.services.map(({ seenAt: _, ...service }) => service) }),
    onError: (error) =>
      engine.log.warn({ event: 'server.look-failed', err: error }, 'How things are could not be found out.'),
  });
