/** Finds somebody in a source, the way an operator names people. */
import { openConnector } from '../../../connectors/index.ts';
import type { Anchor, Person } from '../../identity/index.ts';
import type { ConfiguredSource } from '../engine.ts';

/** Who was found in a source. */
export interface FoundPeople {
  /** Everybody whose e-mail, login or id is the one that was named. */
  readonly called: readonly Person[];
  /** How the source told of somebody who was asked for; undefined where it did not show them. */
  seenAs(anchor: Anchor): Person['kind'] | undefined;
  /** Why somebody may be there although they were not seen; undefined where everybody was seen. */
  readonly incomplete: string | undefined;
}

/**
 * Asks a source for single people.
 *
 * @param who - an e-mail address, a login or an id, in any case of letters
 * @param also - ids of people who may be called so by what is stored of them
 * @param now - the time by which leave dates are judged
 * @throws {SourceError} when the source can't be asked
 */
export async function findPeople(
  { config, rules }: ConfiguredSource,
  who: string,
  also: readonly Anchor[],
  now: Date,
  signal: AbortSignal,
): Promise<FoundPeople> {
  const connector = await openConnector(config);
  try {
    const request = { attributes: rules.attributes, groups: rules.usesGroups, signal };
    const sighting = await connector.find([...new Set([who, ...also])], request);
    const seen = new Map<Anchor, Person['kind']>();
    for (const { anchor } of sighting.skipped) if (anchor !== undefined) seen.set(anchor, 'skipped');
    const called: Person[] = [];
    for (const identity of sighting.identities) {
      const person = rules.judge(identity, now);
      seen.set(identity.anchor, person.kind);
      const names = [identity.email, identity.login, identity.anchor, person.email];
      if (names.some((name) => name?.toLowerCase() === who.toLowerCase())) called.push(person);
    }
    return { called, seenAs: (anchor) => seen.get(anchor), incomplete: sighting.incomplete };
  } finally {
    await connector.close();
  }
}
