/** How the groups of this directory are read. The one place where the kind of server decides. */

import { normalDn, rdnsOf } from '../names/dn.ts';
import { readRootDse } from '../vendor/root-dse.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';

export interface GroupWay {
  /** `walk-or-member-of`: by the groups, or by what people's entries say where there are no groups to be seen. */
  readonly by: 'member-of' | 'walk' | 'walk-or-member-of' | 'in-chain';
  readonly base: string;
  /** Whether everybody has a primary group that no member list names, as in Active Directory. */
  readonly hasPrimaryGroups: boolean;
}

/** More groups than this in `only` are cheaper found by reading all groups than by a search in chain for each. */
const fewGroups = 3;

/** @throws {ConnectionError}, {SourceError} when the server can't be asked; or the signal's reason. */
export async function chooseWay(connection: LdapConnection, config: LdapSettings): Promise<GroupWay> {
  const isActiveDirectory = config.vendor === 'active-directory';
  const base = config.groups.baseDn ?? (await contextOf(connection, config));
  return { by: wayOf(config.groups, isActiveDirectory), base, hasPrimaryGroups: isActiveDirectory };
}

/** The naming context that people are in: groups may be anywhere in it. */
async function contextOf(connection: LdapConnection, { baseDn, url }: LdapSettings): Promise<string> {
  const rootDse = await readRootDse(connection, url);
  const contexts = ['defaultNamingContext', 'namingContexts'].flatMap((name) => rootDse?.values(name) ?? []);
  return contexts.find((context) => isWithin(baseDn, context)) ?? baseDn;
}

function wayOf({ by, only }: LdapSettings['groups'], isActiveDirectory: boolean): GroupWay['by'] {
  if (by !== 'auto') return by;
  // Elsewhere `memberOf` is made from the members, and is missing for whoever joined before that was switched on.
  if (!isActiveDirectory) return 'walk-or-member-of';
  return only.length > 0 && only.length <= fewGroups ? 'in-chain' : 'member-of';
}

/** Whether a name is another one, or below it. */
export function isWithin(dn: string, base: string): boolean {
  const [inner, outer] = [rdnsOf(dn), rdnsOf(base)];
  if (inner === undefined || outer === undefined) return false;
  return outer.length > 0 && inner.slice(-outer.length).join(',') === normalDn(base);
}
