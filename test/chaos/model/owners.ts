/** Which profile is whose, and so which effect struck whom. */
import type { Effect } from '../../../src/sandbox/index.ts';
import type { Due } from './due.ts';
import type { Evidence } from './evidence.ts';

/** By profile id. A profile is theirs by the address that it was seeded, made or invited with. */
export type Owners = ReadonlyMap<string, Due>;

export function ownersOf(due: readonly Due[], { effects, before }: Evidence): Owners {
  const byEmail = new Map(due.flatMap((person) => person.emails.map((email) => [email, person] as const)));
  const owners = new Map<string, Due>();
  const claim = (profileId: string | undefined, email: string | null): void => {
    const person = email === null ? undefined : byEmail.get(email.toLowerCase());
    if (profileId !== undefined && person !== undefined) owners.set(profileId, person);
  };
  for (const { profile } of before) claim(profile.profile_id, profile.email);
  for (const effect of effects)
    if (effect.kind === 'created' || effect.kind === 'invitation-accepted')
      claim(effect.profileId, effect.email);
  return owners;
}

export const effectsOn = (person: Due, owners: Owners, { effects }: Evidence): readonly Effect[] =>
  effects.filter(
    (effect) =>
      effect.by === 'api' &&
      (effect.profileId === undefined
        ? effect.email !== null && person.emails.includes(effect.email)
        : owners.get(effect.profileId) === person),
  );

export const told = ({ sequence, kind, email, profileId }: Effect): string =>
  `Effect ${sequence} (${kind} ${email ?? profileId})`;
