import type { Refusal } from '../acts/index.ts';
import { UsageError } from './exit.ts';

/**
 * What came of something that may be refused.
 *
 * @throws {UsageError} where it was
 */
export function unlessRefused<Outcome>(outcome: Outcome | Refusal): Outcome {
  if (isRefusal(outcome)) throw new UsageError([outcome.sentence, outcome.hint ?? ''].join(' ').trimEnd());
  return outcome;
}

const isRefusal = (outcome: unknown): outcome is Refusal =>
  typeof outcome === 'object' && outcome !== null && 'kind' in outcome && outcome.kind === 'refused';
