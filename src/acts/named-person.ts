/** Who it is that an operator named by e-mail, login or id. */
import { type ConfiguredSource, type Engine, findPeople } from '../engine/index.ts';
import type { Anchor, Member, Person } from '../identity/index.ts';
import type { NamedPerson } from '../plan/index.ts';
import { linksNamed } from '../store/people/find-links.ts';
import { type Refusal, refuse } from './refusal.ts';
import { sourcesNamed } from './source-named.ts';

export interface Named {
  readonly kind: 'found';
  readonly named: NamedPerson;
  /** With the profile that they should have; undefined for whoever does not belong in the org. */
  readonly member: Member | undefined;
  /** How their source tells of somebody else; undefined where it does not show them. */
  seenAs(anchor: Anchor): Promise<Person['kind'] | undefined>;
}

/**
 * Asks the sources themselves and, for those who are gone, looks among the links.
 *
 * @throws {SourceError} when a source can't be asked
 */
export async function personNamed(
  engine: Engine,
  { who, source }: { readonly who: string; readonly source?: string | undefined },
  signal: AbortSignal,
): Promise<Named | Refusal> {
  const chosen = sourcesNamed(engine, source);
  if (chosen.kind === 'refused') return chosen;
  const found: Named[] = [];
  const doubts: string[] = [];
  for (const one of chosen.sources) {
    const links = [
      ...(await linksNamed(engine.store.db, [one.id], { email: who })),
      ...(await linksNamed(engine.store.db, [one.id], { anchor: who })),
    ];
    const find = (name: string, also: readonly Anchor[]) => findPeople(one, name, also, new Date(), signal);
    const reading = await find(
      who,
      links.map(({ anchor }) => anchor),
    );
    const seenAs = async (anchor: Anchor) => (await find(anchor, [])).seenAs(anchor);
    if (reading.incomplete !== undefined) doubts.push(`${one.id}: ${reading.incomplete}`);
    for (const person of reading.called) {
      const { anchor, label, email, kind } = person;
      const named = { source: one.id, anchor, label, email, seenAs: kind };
      found.push({ kind: 'found', seenAs, named, member: kind === 'member' ? person : undefined });
    }
    for (const link of links) {
      if (found.some(({ named }) => isOne(named, link))) continue;
      const { anchor, label, email } = link;
      const named = { source: one.id, anchor, label, email, seenAs: reading.seenAs(anchor) };
      // Seen under another name by now: an address that was passed on is its new owner's.
      if (named.seenAs !== undefined && anchor.toLowerCase() !== who.toLowerCase()) continue;
      found.push({ kind: 'found', seenAs, named, member: undefined });
    }
  }
  const [one, ...others] = found;
  if (one === undefined) return nobody(who, chosen.sources, doubts);
  return others.length > 0 ? several(who, found) : one;
}

const isOne = (one: Pick<NamedPerson, 'source' | 'anchor'>, other: Pick<NamedPerson, 'source' | 'anchor'>) =>
  one.source === other.source && one.anchor === other.anchor;

function nobody(who: string, sources: readonly ConfiguredSource[], doubts: readonly string[]): Refusal {
  const where = sources.map((source) => source.id).join(', ');
  const doubt = doubts.length === 0 ? '' : ` (the reading was incomplete: ${doubts.join(' ')})`;
  return refuse(
    'unknown',
    `Nobody in ${where} is called ${who}: no e-mail, login or id is the same${doubt}.`,
  );
}

function several(who: string, found: readonly Named[]): Refusal {
  const ids = found.map(({ named }) => `${named.anchor} (${named.label}, source ${named.source})`);
  return refuse(
    'ambiguous',
    `${found.length} people are called ${who}: ${ids.join('; ')}.`,
    'Name one by that id, or its source by --source.',
  );
}
