/** The profile API as a whole: who gets in, what is counted, which faults strike, how a refusal is told. */
import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { meetFaults } from '../faults/fault-hooks.ts';
import { Refusal } from '../org/refusal.ts';
import type { SandboxState } from '../state.ts';
import { addAccountRoutes } from './account-routes.ts';
import { addCsvRoutes } from './csv-routes.ts';
import { addUserRoutes } from './user-routes.ts';

const largestFile = 64 * 1024 * 1024;

export async function addProfileApi(server: FastifyInstance, state: SandboxState): Promise<void> {
  await server.register(
    async (api) => {
      await api.register(multipart, { limits: { files: 1, fileSize: largestFile } });
      api.addHook('onRequest', async (request) => {
        const { operation } = request.routeOptions.config;
        if (operation !== undefined) state.requests.count(operation);
        if (!state.session.admits(request.headers.authorization)) throw new Refusal(401, 'Invalid API key.');
      });
      meetFaults(api, state);
      addUserRoutes(api, state);
      addAccountRoutes(api, state);
      addCsvRoutes(api, state);
    },
    { prefix: '/ux/common/user/profile' },
  );
}
