/** Which users are people of a source, and as which identities: what every way of reading them shares. */
import type { EntraSourceConfig } from '../../../config/schema.ts';
import type { Identity } from '../../../src/identity/identity.ts';
import type { JsonObject } from '../graph/answer.ts';
import type { Membership } from '../scope/membership.ts';
import type { GroupReader } from './groups.ts';
import { identityMaker, managerIdOf } from './identity.ts';
import type { Managers } from './managers.ts';
import type { Selection } from './selection.ts';

export type User = JsonObject & { readonly id: string };

export interface People {
  /** Who of these users are people of the source, as identities. */
  identify(users: readonly User[]): Promise<readonly Identity[]>;
  /** Whether a user is one of the source's people. */
  has(user: User): boolean;
}

/**
 * @param membership who is in scope; undefined where everybody is
 * @param groups undefined where nobody asks for people's groups
 */
export function peopleOf(
  config: EntraSourceConfig,
  selection: Selection,
  managers: Managers,
  membership: Membership | undefined,
  groups: GroupReader | undefined,
): People {
  const toIdentity = identityMaker(config, selection, managers);
  const has = (user: User): boolean =>
    (membership?.has(user.id) ?? true) && (config.scope.guests || !isGuest(user));
  return {
    has,
    async identify(users) {
      const people = users.filter(has);
      if (selection.hasManager) await managers.know(people.flatMap((user) => managerIdOf(user) ?? []));
      const found = await groups?.of(people.map(({ id }) => id));
      return people.map((user) => {
        const ofScope = membership?.get(user.id) ?? [];
        return toIdentity(user, [...new Set([...ofScope, ...(found?.get(user.id) ?? [])])]);
      });
    },
  };
}

/** Who has no type is a member: old accounts have none. */
export const isGuest = ({ userType }: JsonObject): boolean => userType === 'Guest';

/** With its id in small letters, as anchors are; undefined for what has none. */
export function userOf(item: JsonObject): User | undefined {
  if (!hasId(item)) return undefined;
  const id = item.id.toLowerCase();
  // As a rule it is in small letters, and nothing is copied.
  return item.id === id ? item : { ...item, id };
}

const hasId = (item: JsonObject): item is User => typeof item.id === 'string' && item.id !== '';
