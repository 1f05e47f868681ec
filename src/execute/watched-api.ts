/** The part of the profile API that operations use, with the circuit looking on. */
import type { ProfileApi } from '../profile-api/index.ts';
import type { Circuit } from './circuit.ts';

export type OperationApi = Pick<
  ProfileApi,
  'create' | 'delete' | 'edit' | 'findNewest' | 'get' | 'invite' | 'listPage' | 'listProfiles' | 'whoAmI'
>;

/** @param inTurn - makes a request once there is a place for it; it is told whether the request has an effect */
export function watchedApi(
  api: ProfileApi,
  circuit: Pick<Circuit, 'watch'>,
  inTurn: <Answer>(request: () => Promise<Answer>, hasEffect: boolean) => Promise<Answer>,
): OperationApi {
  const look = <Answer>(request: () => Promise<Answer>) => inTurn(() => circuit.watch(request), false);
  const act = <Answer>(request: () => Promise<Answer>) => inTurn(() => circuit.watch(request), true);
  return {
    create: (...given) => act(() => api.create(...given)),
    delete: (...given) => act(() => api.delete(...given)),
    edit: (...given) => act(() => api.edit(...given)),
    findNewest: (...given) => look(() => api.findNewest(...given)),
    get: (...given) => look(() => api.get(...given)),
    invite: (...given) => act(() => api.invite(...given)),
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
  };
}
