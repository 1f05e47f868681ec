/** One person, end to end, by any of their names. */
import type { Candidate, Engine, Explanation, LookedAt } from '../engine/index.ts';
import { explainPerson } from '../engine/index.ts';
import { type Refusal, refuse } from './refusal.ts';
import { sourcesNamed } from './source-named.ts';

/** Whom somebody asks about. */
export interface Asked {
  /** E-mail, login or id. */
  readonly who: string;
  readonly source?: string | undefined;
  readonly signal: AbortSignal;
  /** Told how many profiles of the org have been looked at, where all of them have to be. */
  readonly onProfiles?: (looked: number) => void;
}

/** What came of asking for somebody. */
export type ExplainedOutcome =
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  /** Nobody is called so as far as one could look, and not everything could be looked at. */
  | { readonly kind: 'no-answer'; readonly sentence: string }
  | Refusal;

/** Explains the person who is called so: what the source says, what follows from it, and what has happened. */
export async function explainNamed(
  engine: Engine,
  { who, source, signal, onProfiles }: Asked,
): Promise<ExplainedOutcome> {
  const chosen = sourcesNamed(engine, source);
  if (chosen.kind === 'refused') return chosen;
  const outcome = await explainPerson(engine, {
    ...{ who, source: source === undefined ? undefined : chosen.sources[0], now: new Date(), signal },
    onProgress: (progress) => {
      if (progress.stage === 'org') onProfiles?.(progress.profiles);
    },
  });
  switch (outcome.kind) {
    case 'explained':
      return outcome;
    case 'several':
      return refuse(
        'ambiguous',
        several(who, outcome.people),
        'Name one by that id, or its source by --source.',
      );
    case 'nobody': {
      const sentence = nobody(who, outcome.lookedAt);
      // Where nobody could look, that nobody was found is no answer.
      return outcome.lookedAt.isDown ? { kind: 'no-answer', sentence } : refuse('unknown', sentence);
    }
    default:
      return outcome satisfies never;
  }
}

function nobody(who: string, { sources, doubts }: LookedAt): string {
  const doubt = doubts.length === 0 ? '' : ` Not everything could be looked at, though: ${doubts.join(' ')}`;
  return `Nobody is called ${who}: no e-mail address, login or id in ${sources.join(', ')}, no profile that is linked, and nothing in the audit log.${doubt}`;
}

function several(who: string, people: readonly Candidate[]): string {
  const ids = people.map(
    ({ anchor, label, email, source }) => `${anchor} (${label ?? email ?? 'long gone'}, source ${source})`,
  );
  return `${people.length} people are, or were, called ${who}: ${ids.join('; ')}.`;
}
