/** When a worker looks for the profiles of those whom it has just created: each look is for as many as may be. */
import type { ProfileApi } from '../profile-api/index.ts';
import type { Circuit } from './circuit.ts';
import type { Hands } from './hands.ts';
import { type OrgLookup, orgLookup } from './org-lookup.ts';
import type { Places } from './places.ts';
import { watchedApi } from './watched-api.ts';

/** A look is worth its request when it is for so many, or nobody else in hand can join it. */
const worthALook = 64;

export interface LookMeans {
  readonly api: ProfileApi;
  readonly circuit: Pick<Circuit, 'watch'>;
  readonly requests: Places;
  readonly hands: Pick<Hands, 'toBeAnswered'>;
  /** Breaks off all looks. */
  readonly signal: AbortSignal;
  /** Nobody waits longer than that for others to join. */
  readonly longestMs?: number;
}

/** Looks in the org, of one worker. Each of them takes one of its requests at a time. */
export function openLooks({
  api,
  circuit,
  requests,
  hands,
  signal,
  longestMs = 1_000,
}: LookMeans): OrgLookup {
  /** Before their effect, since an earlier try may have had it: they wait for the look as well, and nobody for them. */
  let lookingFirst = 0;
  const placed = watchedApi(api, circuit, (request) => requests.use(request)).api;
  const lookup = orgLookup(placed, signal, {
    findNewest: watchedApi(api, circuit, (request) => request()).api.findNewest,
    rhythm: {
      isEarly: ({ count, forMs }) =>
        hands.toBeAnswered > lookingFirst && count < worthALook && forMs < longestMs,
      inTurn: (look) => requests.use(look),
    },
  });
  return {
    ...lookup,
    async byEmail(email) {
      lookingFirst += 1;
      try {
        return await lookup.byEmail(email);
      } finally {
        lookingFirst -= 1;
      }
    },
  };
}
