/** The key's own account: set up by hand, and its session ended. No other account is ever touched this way. */
import { audit } from '../audit/index.ts';
import type { Profile, ProfileAttributes } from '../profile-api/index.ts';
import type { Engine } from './engine.ts';

/** What is to be set of the key's own account. */
export interface OwnAccountSetup {
  readonly preference: ProfileAttributes;
  readonly profile: ProfileAttributes;
}

/**
 * Sets preferences and profile of the key's own account.
 *
 * @returns the account as the org shows it afterwards; it shows only some attributes
 * @throws {ProfileApiError} where the org does not take it. What was sent before that stays
 */
export async function setUpOwnAccount(
  { api, store }: Pick<Engine, 'api' | 'store'>,
  { preference, profile }: OwnAccountSetup,
  actor: string,
  signal: AbortSignal,
): Promise<Profile> {
  const own = await api.whoAmI(signal);
  const parts = [
    { part: 'preference', attributes: preference, send: () => api.setPreference(preference, signal) },
    { part: 'profile', attributes: profile, send: () => api.setMyProfile(profile, signal) },
  ] as const;
  for (const { part, attributes, send } of parts) {
    if (Object.keys(attributes).length === 0) continue;
    await send();
    const entry = { actor, action: 'account.set-up', profile: own.profileId, email: own.email } as const;
    await audit(store.db, [{ ...entry, details: { part, names: Object.keys(attributes) } }], new Date());
  }
  return await api.whoAmI(signal);
}

/** Ends the key's session where that is configured. It is good manners: that it fails keeps nothing from stopping. */
export async function endSession({
  api,
  config,
  log,
}: Pick<Engine, 'api' | 'config' | 'log'>): Promise<void> {
  if (!config.profileApi.logout) return;
  try {
    await api.logout();
    log.info({ event: 'session.ended' }, 'The session of the API key was ended, as profileApi.logout says.');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ event: 'session.not-ended', err: error }, `The session of the API key goes on. ${reason}`);
  }
}
