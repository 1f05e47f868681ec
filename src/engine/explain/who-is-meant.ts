/** Who is meant by a name, in each source. What is so now goes before what was so once. Pure. */
import type { Anchor, SourceId } from '../../identity/index.ts';

/** `linked`: by a tie that the source does not confirm. `once`: by the log alone. */
const ranks = ['by-id', 'now', 'linked', 'once'] as const;

/** Somebody who has, or had, a name. */
export interface Candidate {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string | undefined;
  readonly email: string | undefined;
  readonly how: (typeof ranks)[number];
}

export interface Meant {
  /** The one of each source. */
  readonly people: readonly Candidate[];
  /** The others. */
  readonly namesakes: readonly Candidate[];
}

/** @returns those among whom nobody can choose, where there are such */
export function whoIsMeant(
  candidates: readonly Candidate[],
): Meant | { readonly several: readonly Candidate[] } {
  const people: Candidate[] = [];
  const namesakes: Candidate[] = [];
  const isAnyNow = candidates.some(isSure);
  for (const [, ofSource] of Map.groupBy(candidates, ({ source }) => source)) {
    const ranked = ranks.map((how) => distinct(ofSource.filter((one) => one.how === how)));
    const best = ranked.find((some) => some.length > 0) ?? [];
    const [one, ...others] = best;
    if (one === undefined) continue;
    // Where one source shows somebody by that name, another one's past needs nobody's choice.
    if (others.length > 0 && (isSure(one) || !isAnyNow)) return { several: best };
    const isChosen = others.length === 0;
    if (isChosen) people.push(one);
    const rest = distinct(ofSource).filter(({ anchor }) => !isChosen || anchor !== one.anchor);
    namesakes.push(...rest);
  }
  return { people, namesakes };
}

const isSure = ({ how }: Candidate): boolean => how === 'by-id' || how === 'now';

/** Of every source each once, the surest first. */
export const distinctPeople = (candidates: readonly Candidate[]): readonly Candidate[] =>
  [...Map.groupBy(candidates, ({ source }) => source).values()].flatMap((ofSource) =>
    distinct(ofSource.toSorted((one, other) => ranks.indexOf(one.how) - ranks.indexOf(other.how))),
  );

/** Each once, by the first and best word on them. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const byAnchor = new Map<Anchor, Candidate>();
  for (const one of candidates) {
    const known = byAnchor.get(one.anchor);
    byAnchor.set(one.anchor, {
      ...(known ?? one),
      label: known?.label ?? one.label,
      email: known?.email ?? one.email,
    });
  }
  return [...byAnchor.values()];
}
