/** Finds somebody in a source, the way an operator names people. */
import { openConnector } from '../../connectors/index.ts';
import type { Anchor, Person } from '../identity/index.ts';
import type { ConfiguredSource } from './engine.ts';

export interface FoundPeople {
  /** Everybody whose e-mail, login or id is the one that was named. */
  readonly people: readonly Person[];
  /** How the reading told of somebody; undefined where it did not show them. */
  seenAs(anchor: Anchor): Person['kind'] | undefined;
  /** Why somebody may be there although they were not seen; undefined where everybody was seen. */
  readonly incomplete: string | undefined;
}

/**
 * Reads the whole source: a login is in no table of ours, and what is stored may be out of date.
 *
 * @param now - the time by which leave dates are judged
 * @throws {SourceError} when the source can't be read
 */
export async function findPeople(
  { config, rules }: ConfiguredSource,
  who: string,
  now: Date,
  signal: AbortSignal,
): Promise<FoundPeople> {
  const wanted = who.toLowerCase();
  const people: Person[] = [];
  const seen = new Map<Anchor, Person['kind']>();
  let incomplete: string | undefined = 'The reading ended without saying that it saw everybody.';
  const connector = await openConnector(config);
  try {
    for await (const part of connector.read({
      attributes: rules.attributes,
      groups: rules.usesGroups,
      signal,
    })) {
      if (part.kind === 'end') {
        incomplete = part.completeness.kind === 'complete' ? undefined : part.completeness.reason;
        continue;
      }
      for (const identity of part.identities) {
        const person = rules.judge(identity, now);
        seen.set(identity.anchor, person.kind);
        const names = [identity.email, identity.login, identity.anchor, person.email];
        if (names.some((name) => name?.toLowerCase() === wanted)) people.push(person);
      }
      for (const { anchor } of part.skipped) if (anchor !== undefined) seen.set(anchor, 'skipped');
    }
  } finally {
    await connector.close();
  }
  return { people, seenAs: (anchor) => seen.get(anchor), incomplete };
}
