/** The rulings: what operators said about single people. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileId } from '../../profile-api/profile.ts';
import type { Database, RulingTable } from '../schema.ts';
import type { Ruling } from './ruling.ts';

/** All rulings in force, or those of one source; oldest first. */
export async function rulings(db: Kysely<Database>, source?: SourceId): Promise<readonly Ruling[]> {
  let query = db.selectFrom('rulings').selectAll().orderBy('at').orderBy('anchor');
  if (source !== undefined) query = query.where('source_id', '=', source);
  return (await query.execute()).map(toRuling);
}

/** What is ruled on one person; undefined where nothing is. */
export async function rulingOn(
  db: Kysely<Database>,
  source: SourceId,
  anchor: Anchor,
): Promise<Ruling | undefined> {
  return (await rulings(db, source)).find((ruling) => ruling.anchor === anchor);
}

/** Who else was said to own that profile. */
export async function rulingOver(db: Kysely<Database>, profile: ProfileId): Promise<Ruling | undefined> {
  const row = await db.selectFrom('rulings').selectAll().where('profile_id', '=', profile).executeTakeFirst();
  return row === undefined ? undefined : toRuling(row);
}

/** Keeps a ruling, in place of the one that there was on that person. */
export async function keepRuling(db: Kysely<Database>, ruling: Ruling): Promise<void> {
  const row = {
    kind: ruling.kind,
    profile_id: ruling.kind === 'adopt' ? ruling.profileId : null,
    label: ruling.label,
    email: ruling.email ?? null,
    actor: ruling.actor,
    reason: ruling.reason,
    at: ruling.at,
  };
  await db
    .insertInto('rulings')
    .values({ source_id: ruling.source, anchor: ruling.anchor, ...row })
    .onConflict((conflict) => conflict.columns(['source_id', 'anchor']).doUpdateSet(row))
    .execute();
}

/** @returns false where there was no such ruling (any more) */
export async function dropRuling(
  db: Kysely<Database>,
  { source, anchor, kind }: Pick<Ruling, 'source' | 'anchor' | 'kind'>,
): Promise<boolean> {
  const dropped = await db
    .deleteFrom('rulings')
    .where('source_id', '=', source)
    .where('anchor', '=', anchor)
    .where('kind', '=', kind)
    .returning(sql`1`.as('one'))
    .execute();
  return dropped.length > 0;
}

function toRuling(row: Selectable<RulingTable>): Ruling {
  const common = {
    source: row.source_id,
    anchor: row.anchor,
    label: row.label,
    email: row.email ?? undefined,
    actor: row.actor,
    reason: row.reason,
    at: row.at,
  };
  return row.profile_id === null
    ? { kind: 'ignore', ...common }
    : { kind: 'adopt', profileId: row.profile_id, ...common };
}
