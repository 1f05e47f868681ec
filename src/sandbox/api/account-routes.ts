/** The endpoints for the key's own account, and the choices that the org offers. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { extrasOf, type WireProfile } from '../org/user.ts';
import type { SandboxState } from '../state.ts';
import { authorOf, bodyOf } from './request.ts';

export function addAccountRoutes(api: FastifyInstance, state: SandboxState): void {
  const { org, rules, journal, ownProfileId } = state;

  /** Keeps what the body gives in the hidden record of the own account; what the API returns of it does not change. */
  function editOwnAccount(request: FastifyRequest): WireProfile {
    const own = org.get(ownProfileId);
    const given = extrasOf(bodyOf(request));
    org.replace(own, { ...own.current, extras: { ...own.current.extras, ...given } });
    const { profile } = own.current;
    journal.record(
      authorOf(request),
      'own-account-edited',
      { email: profile.email, profileId: own.id },
      Object.keys(given),
    );
    return profile;
  }

  api.get('/getmyprofile/', { config: { operation: 'me' } }, () => org.get(ownProfileId).current.profile);

  api.get('/options/', { config: { operation: 'options' } }, () => ({
    roles: rules.roles,
    timezones: rules.timezones,
    dashboards: rules.dashboards,
  }));

  api.post('/preference/', { config: { operation: 'preference' } }, editOwnAccount);
  api.post('/myprofile/', { config: { operation: 'myprofile' } }, editOwnAccount);

  api.post('/logout/', { config: { operation: 'logout' } }, (request) => {
    state.session.logout();
    const email = org.find(ownProfileId)?.current.profile.email ?? null;
    journal.record(authorOf(request), 'logged-out', { email, profileId: ownProfileId });
    return { status: 'success', message: 'logged out' };
  });
}
