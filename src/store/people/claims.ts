/** Who is in the scope of a source, while another source holds their profile. */
import { isDeepStrictEqual } from 'node:util';
import { type Kysely, sql } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileAttributes, ProfileId } from '../../profile-api/profile.ts';
import { batches } from '../batches.ts';
import type { Database } from '../schema.ts';
import type { Claim, Offer } from './claim.ts';

/** Somebody in the scope of a source whose profile another source holds. */
export interface ClaimToKeep {
  readonly anchor: Anchor;
  readonly label: string;
  readonly profileId: ProfileId;
  readonly isSamePerson: boolean;
  /** What the source gives to the profile, as far as `precedence` names it. */
  readonly offers: ProfileAttributes;
  /** Attributes of which what the source gave before still stands. */
  readonly unknown: readonly string[];
}

/**
 * Claims of other sources to profiles that this one holds, all or those of some people: the latest for each, and before any of
 * people who may be others.
 */
export async function claimsOn(
  db: Kysely<Database>,
  source: SourceId,
  of?: readonly Anchor[],
): Promise<ReadonlyMap<ProfileId, Claim>> {
  if (of?.length === 0) return new Map();
  let query = db
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
    .orderBy('claims.at');
  if (of !== undefined) query = query.where(sql<boolean>`links.anchor = any(${of})`);
  const rows = await query.execute();
  return new Map(
    rows.map(({ profile_id, source_id, anchor, label, is_same_person, at }) => [
      profile_id,
      { source: source_id, anchor, label, isSamePerson: is_same_person, at },
    ]),
  );
}

/** What other sources give to people whose profile this one holds: to everybody, or to some. It stands until they say otherwise. */
export async function offersOn(
  db: Kysely<Database>,
  source: SourceId,
  of?: readonly Anchor[],
): Promise<ReadonlyMap<ProfileId, readonly Offer[]>> {
  if (of?.length === 0) return new Map();
  let query = db
    .selectFrom('claims')
    .innerJoin('links', 'links.profile_id', 'claims.profile_id')
    .select(['claims.profile_id', 'claims.source_id', 'claims.offers'])
    .where('links.source_id', '=', source)
    .where('claims.source_id', '<>', source)
    .where('claims.is_same_person', '=', true)
    .where(sql<boolean>`claims.offers <> '{}'`)
    .orderBy('claims.at', 'desc');
  if (of !== undefined) query = query.where(sql<boolean>`links.anchor = any(${of})`);
  const offers = new Map<ProfileId, Offer[]>();
  for (const { profile_id, source_id, offers: attributes } of await query.execute()) {
    const offer = { source: source_id, attributes };
    const others = offers.get(profile_id);
    if (others === undefined) offers.set(profile_id, [offer]);
    else others.push(offer);
  }
  return offers;
}

/**
 * Keeps a source's claims in place of those that it had about the people whom a run has looked at.
 *
 * @returns the profiles to which it gives something else than before
 */
export async function keepClaims(
  db: Kysely<Database>,
  source: SourceId,
  lookedAt: 'everybody' | readonly Anchor[],
  claims: readonly ClaimToKeep[],
  at: Date,
): Promise<readonly ProfileId[]> {
  const concerned =
    lookedAt === 'everybody' ? undefined : [...lookedAt, ...claims.map(({ anchor }) => anchor)];
  if (concerned?.length === 0) return [];
  let old = db
    .deleteFrom('claims')
    .where('source_id', '=', source)
    .returning(['anchor', 'profile_id', 'offers']);
  if (concerned !== undefined) old = old.where(sql<boolean>`anchor = any(${concerned})`);
  const gave = new Map((await old.execute()).map((row) => [row.anchor, row]));
  const rows = claims.map(({ anchor, label, profileId, isSamePerson, offers, unknown }) => ({
    source_id: source,
    anchor,
    label,
    profile_id: profileId,
    is_same_person: isSamePerson,
    offers: { ...picked(gave.get(anchor)?.offers, unknown), ...offers },
    at,
  }));
  for (const some of batches(rows, 5_000))
    await db
      .insertInto('claims')
      .values(some.map((row) => ({ ...row, offers: JSON.stringify(row.offers) })))
      .execute();
  const gives = new Map(rows.map((row) => [row.anchor, row]));
  const changed = [...new Set([...gave.keys(), ...gives.keys()])].flatMap((anchor) => {
    const [before, now] = [gave.get(anchor), gives.get(anchor)];
    const isSame =
      isDeepStrictEqual(before?.offers ?? {}, now?.offers ?? {}) &&
      (before === undefined || now === undefined || before.profile_id === now.profile_id);
    return isSame ? [] : [before?.profile_id, now?.profile_id].filter((id) => id !== undefined);
  });
  return [...new Set(changed)];
}

const picked = (attributes: ProfileAttributes = {}, names: readonly string[]): ProfileAttributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)));
