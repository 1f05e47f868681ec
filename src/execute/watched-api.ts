/** The part of the profile API that operations use, with the circuit looking on. */
import type { ProfileApi } from '../profile-api/index.ts';
import type { Circuit } from './circuit.ts';

export type OperationApi = Pick<
  ProfileApi,
  'create' | 'delete' | 'edit' | 'findNewest' | 'get' | 'invite' | 'listPage' | 'listProfiles' | 'whoAmI'
>;

/** @param inTurn - makes a request once there is a place for it */
export function watchedApi(
  api: ProfileApi,
  circuit: Pick<Circuit, 'watch'>,
  inTurn: <Answer>(request: () => Promise<Answer>) => Promise<Answer>,
): OperationApi {
  const watch = <Answer>(request: () => Promise<Answer>) => inTurn(() => circuit.watch(request));
  return {
    create: (...given) => watch(() => api.create(...given)),
    delete: (...given) => watch(() => api.delete(...given)),
    edit: (...given) => watch(() => api.edit(...given)),
    findNewest: (...given) => watch(() => api.findNewest(...given)),
    get: (...given) => watch(() => api.get(...given)),
    invite: (...given) => watch(() => api.invite(...given)),
    listPage: (...given) => watch(() => api.listPage(...given)),
    whoAmI: (...given) => watch(() => api.whoAmI(...given)),
    async *listProfiles(options) {
      const listing = api.listProfiles(options);
      try {
        for (;;) {
          const next = await watch(() => listing.next());
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await listing.return(undefined);
      }
    },
  };
}
