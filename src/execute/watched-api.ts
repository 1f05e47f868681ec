/** The profile API as operations use it, with the circuit looking on: what only looks, and what has an effect. */
import type { ProfileApi } from '../profile-api/index.ts';
import type { Circuit } from './circuit.ts';

/** Changes nothing in the org. */
export type LookingApi = Pick<ProfileApi, 'findNewest' | 'get' | 'listPage' | 'listProfiles' | 'whoAmI'>;

/** Changes the org, or sends a mail. */
export type EffectApi = Pick<ProfileApi, 'create' | 'delete' | 'edit' | 'invite'>;

export interface OrgAccess {
  /** Each of its requests waits for a place. */
  readonly api: LookingApi;
  /** Does what has an effect once there is a place for its request. */
  act<Answer>(work: (org: EffectApi) => Promise<Answer>): Promise<Answer>;
}

/** @param inTurn - makes a request once there is a place for it; it is told whether the request has an effect */
export function watchedApi(
  api: ProfileApi,
  circuit: Pick<Circuit, 'watch'>,
  inTurn: <Answer>(request: () => Promise<Answer>, hasEffect: boolean) => Promise<Answer>,
): OrgAccess {
  const look = <Answer>(request: () => Promise<Answer>) => inTurn(() => circuit.watch(request), false);
  const org: EffectApi = {
    create: (...given) => circuit.watch(() => api.create(...given)),
    delete: (...given) => circuit.watch(() => api.delete(...given)),
    edit: (...given) => circuit.watch(() => api.edit(...given)),
    invite: (...given) => circuit.watch(() => api.invite(...given)),
  };
  return {
    api: {
      findNewest: (...given) => look(() => api.findNewest(...given)),
      get: (...given) => look(() => api.get(...given)),
      listPage: (...given) => look(() => api.listPage(...given)),
      whoAmI: (...given) => look(() => api.whoAmI(...given)),
      async *listProfiles(options) {
        const listing = api.listProfiles(options);
        try {
          for (;;) {
            const next = await look(() => listing.next());
            if (next.done === true) return;
            yield next.value;
          }
        } finally {
          await listing.return(undefined);
        }
      },
    },
    act: (work) => inTurn(() => work(org), true),
  };
}
