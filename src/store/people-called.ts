/** Whom the links know under a name: an e-mail address, a login, an anchor or a profile's id, whatever the case. */
import { type Kysely, sql } from 'kysely';
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { Database } from './schema.ts';

export interface CalledPerson {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string | undefined;
  readonly email: string | undefined;
}

export async function linkedPeopleCalled(
  db: Kysely<Database>,
  who: string,
): Promise<readonly (CalledPerson & { readonly isByProfile: boolean })[]> {
  const name = who.toLowerCase();
  const rows = await db
    .selectFrom('links')
    .select(['source_id as source', 'anchor', 'label', 'email', 'profile_id'])
    .where(({ or }) =>
      or([
        sql<boolean>`lower(email) = ${name}`,
        sql<boolean>`lower(anchor) = ${name}`,
        sql<boolean>`lower(label) = ${name}`,
        sql<boolean>`lower(applied->>'username') = ${name}`,
        sql<boolean>`profile_id = ${who}`,
      ]),
    )
    .orderBy('source_id')
    .orderBy('anchor')
    .execute();
  return rows.map(({ profile_id, email, ...row }) => ({
    ...row,
    email: email ?? undefined,
    isByProfile: profile_id === who,
  }));
}
