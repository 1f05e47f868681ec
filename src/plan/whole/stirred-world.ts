/** Loads what is known of those who are to be reconciled, and of whomever they may lead to. */
import type { Kysely } from 'kysely';
import type { Anchor, Person } from '../../identity/index.ts';
import type { ProfileId } from '../../profile-api/index.ts';
import { asTied, type Holder, inQuestion, type Policy, type Ruling } from '../../reconcile/index.ts';
import { batches } from '../../store/batches.ts';
import type { Link } from '../../store/people/link.ts';
import { holders, holdersNumbered, linksOf } from '../../store/people/links.ts';
import type { Run } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import type { BothSides } from './read-sides.ts';

export interface Stirred {
  readonly links: readonly Link[];
  readonly people: readonly Person[];
  /** Of every profile that may come into question. */
  readonly holders: ReadonlyMap<ProfileId, Holder>;
}

/** Somebody at rest to whose profile a rule or a word leads is stirred too: whether they were seen decides about others. */
export async function stirredWorld(
  db: Kysely<Database>,
  { source_id: source }: Pick<Run, 'source_id'>,
  { org, rest }: Pick<BothSides, 'org' | 'rest'>,
  people: readonly Person[],
  rulings: readonly Ruling[],
  policy: Policy,
): Promise<Stirred> {
  const own = await linksOfMany(db, source, rest.stirred());
  const ids = inQuestion(org, people, own, rulings);
  const held = new Map([
    ...(await holdersOfMany(db, ids)),
    ...(policy.correlation.includes('employee-number') ? await holdersNumbered(db, numbersOf(people)) : []),
  ]);
  const known = new Set(own.map(({ anchor }) => anchor));
  const drawnIn = [...held.values()].flatMap((holder) =>
    holder.source === source && !known.has(holder.anchor) ? [holder.anchor] : [],
  );
  for (const anchor of drawnIn) rest.stir(anchor);
  const links = [...own, ...(await linksOfMany(db, source, drawnIn))];
  const seen = links.filter(({ anchor }) => rest.wasSeenAsTied(anchor)).map(asTied);
  return { links, people: [...people, ...seen], holders: held };
}

const numbersOf = (people: readonly Person[]): readonly string[] => [
  ...new Set(people.flatMap(({ employeeNumber }) => employeeNumber ?? [])),
];

/** As many as PostgreSQL likes to be asked for by id. */
const askedAtOnce = 10_000;

async function linksOfMany(
  db: Kysely<Database>,
  source: Run['source_id'],
  anchors: readonly Anchor[],
): Promise<readonly Link[]> {
  const links: Link[] = [];
  for (const some of batches(anchors, askedAtOnce))
    for (const link of await linksOf(db, source, some)) links.push(link);
  return links;
}

async function holdersOfMany(
  db: Kysely<Database>,
  ids: ReadonlySet<ProfileId>,
): Promise<ReadonlyMap<ProfileId, Holder>> {
  const found = new Map<ProfileId, Holder>();
  for (const some of batches([...ids], askedAtOnce))
    for (const [id, holder] of await holders(db, some)) found.set(id, holder);
  return found;
}
