/** Who is in the scope of a source, while another source holds their profile. */
import { type Kysely, sql } from 'kysely';
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { Claim } from './claim.ts';
import { batches } from './links.ts';
import type { Database } from './schema.ts';

export interface ClaimToKeep {
  readonly anchor: Anchor;
  readonly label: string;
  readonly profileId: ProfileId;
  readonly isSamePerson: boolean;
}

/** Claims of other sources to profiles that this one holds: the latest for each, and before any of people who may be others. */
export async function claimsOn(
  db: Kysely<Database>,
  source: SourceId,
): Promise<ReadonlyMap<ProfileId, Claim>> {
  const rows = await db
    .selectFrom('claims')
    .innerJoin('links', 'links.profile_id', 'claims.profile_id')
    .select([
      'claims.profile_id',
      'claims.source_id',
      'claims.anchor',
      'claims.label',
      'claims.is_same_person',
      'claims.at',
    ])
    .where('links.source_id', '=', source)
    .where('claims.source_id', '<>', source)
    .orderBy('claims.is_same_person')
    .orderBy('claims.at')
    .execute();
  return new Map(
    rows.map(({ profile_id, source_id, anchor, label, is_same_person, at }) => [
      profile_id,
      { source: source_id, anchor, label, isSamePerson: is_same_person, at },
    ]),
  );
}

/** Keeps a source's claims in place of those that it had about the people whom a run has looked at. */
export async function keepClaims(
  db: Kysely<Database>,
  source: SourceId,
  lookedAt: 'everybody' | readonly Anchor[],
  claims: readonly ClaimToKeep[],
  at: Date,
): Promise<void> {
  let old = db.deleteFrom('claims').where('source_id', '=', source);
  if (lookedAt !== 'everybody') {
    const concerned = [...lookedAt, ...claims.map(({ anchor }) => anchor)];
    old = old.where(sql<boolean>`anchor = any(${concerned})`);
  }
  await old.execute();
  const rows = claims.map(({ anchor, label, profileId, isSamePerson }) => ({
    source_id: source,
    anchor,
    label,
    profile_id: profileId,
    is_same_person: isSamePerson,
    at,
  }));
  for (const some of batches(rows, 5_000))
    await db
      .insertInto('claims')
      .values([...some])
      .execute();
}
