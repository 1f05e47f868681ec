/** What a sample of people says about the attributes that are asked for: findings for `check`. */
import type { ProbeFinding } from '../../connector.ts';
import { normalDescription } from '../people/entries.ts';
import type { IdentityAttributes } from '../vendor/settings.ts';
import type { SearchEntry } from '../wire/entry.ts';
import { shortList } from '../wire/result-codes.ts';
import { bad, good } from './finding.ts';
import type { KnownName } from './schema.ts';

/**
 * Which of the attributes anybody has. What nobody has may be misspelled, or rarely filled in.
 *
 * @param nameOf what the server's schema says about a name, where it may be read.
 */
export function describeSample(
  entries: readonly SearchEntry[],
  attributes: readonly string[],
  names: IdentityAttributes,
  nameOf: ((name: string) => KnownName) | undefined,
): readonly ProbeFinding[] {
  const counts = countAttributes(entries);
  const countOf = (name: string) => counts.get(normalDescription(name)) ?? 0;
  const isOneOf = (...all: readonly string[]) => {
    const keys = all.map(normalDescription);
    return (name: string) => keys.includes(normalDescription(name));
  };
  const sample = entries.length === 1 ? 'The one person sampled' : `Of ${entries.length} people sampled`;

  const isAnchor = isOneOf(names.anchor);
  const named = attributes.filter((name) => name !== '*' && !isAnchor(name));
  const seen = named.filter((name) => countOf(name) > 0);
  const misspelled = named.filter(
    (name) => countOf(name) === 0 && nameOf !== undefined && nameOf(name).kind !== 'known',
  );
  const unseen = named.filter((name) => countOf(name) === 0 && !misspelled.includes(name));
  const isEmail = isOneOf(...names.email);
  const needed = unseen.filter(
    (name) => isOneOf(names.login)(name) || (isEmail(name) && !seen.some(isEmail)),
  );
  const rare = unseen.filter((name) => !needed.includes(name));

  return [
    describeAnchor(names.anchor, sample, entries.length, countOf(names.anchor)),
    ...(seen.length > 0 ? [good(`Seen in the sample: ${shortList(seen, 50)}`)] : []),
    ...misspelled.map((name) => describeMisspelled(name, nameOf?.(name))),
    ...needed.map((name) =>
      bad(
        `${sample}, nobody has ${name}`,
        'Check attributes.login and attributes.email, and what the account may read.',
      ),
    ),
    ...(rare.length > 0
      ? [
          good(
            `Never seen in the sample: ${shortList(rare, 50)}. That is right if few people have them; else check their spelling, and what the account may read`,
          ),
        ]
      : []),
  ];
}

function countAttributes(entries: readonly SearchEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { attributes } of entries) {
    for (const { description, values } of attributes) {
      const key = normalDescription(description);
      if (values.length > 0) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

function describeAnchor(anchor: string, sample: string, people: number, withAnchor: number): ProbeFinding {
  if (withAnchor === people) return good(`${sample}, all have the anchor ${anchor}`);
  return bad(
    `${sample}, ${people - withAnchor} lack the anchor ${anchor}`,
    `Let the account read ${anchor}, or choose another attributes.anchor; those without it are skipped, and nobody can be found missing.`,
  );
}

function describeMisspelled(name: string, known: KnownName | undefined): ProbeFinding {
  return known?.kind === 'alias'
    ? bad(
        `The server answers ${name} under its other name ${known.of}`,
        `Write ${known.of} in place of ${name}.`,
      )
    : bad(`The server knows no attribute named ${name}`, 'Check its spelling in the configuration.');
}
