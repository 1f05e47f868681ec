import type { UserContext } from './expression.ts';
import type { Identity } from './identity.ts';

/**
 * Builds the map that expressions see as `user`: the first value of each attribute by its directory name, every value
 * under `all`, and the normal form. The normal form wins over an attribute of the same name, which stays in `all`.
 */
export function userContext(identity: Identity): UserContext {
  const user: Record<string, unknown> = Object.create(null);
  for (const name in identity.attributes) user[name] = identity.attributes[name]?.[0];
  user.all = identity.attributes;
  user.anchor = identity.anchor;
  user.source = identity.source;
  if (identity.login !== undefined) user.login = identity.login;
  if (identity.email !== undefined) user.email = identity.email;
  user.active = identity.active;
  if (identity.leaveAt !== undefined) user.leaveAt = identity.leaveAt;
  user.groups = identity.groups;
  return user;
}
