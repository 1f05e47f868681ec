/** What whoever reads a plan has to know before anything else. */

import type { ToldPlan } from '../../json/index.ts';
import { holdOver } from '../../plan/index.ts';
import { isHeld } from '../../words/words.ts';
import { raisedInWords } from './plan-summary.ts';

export interface PlanWarning {
  readonly kind: 'raised' | 'fallback' | 'incomplete' | 'held';
  /** May hold text from outside. */
  readonly text: string;
}

export function warningsOf({ run, operations }: ToldPlan): readonly PlanWarning[] {
  const { incomplete = null, fallback = null, holds = [] } = run.summary ?? {};
  const held = operations.filter(isHeld);
  const inForce = holds.filter((hold) => held.some((one) => holdOver([hold], one) !== undefined));
  return [
    ...raisedInWords(run).map((text): PlanWarning => ({ kind: 'raised', text })),
    ...(fallback === null ? [] : [{ kind: 'fallback', text: fallback } as const]),
    ...(incomplete === null
      ? []
      : [
          {
            kind: 'incomplete',
            text: `INCOMPLETE READING: ${incomplete} Nobody is deactivated on the word of this reading.`,
          } as const,
        ]),
    ...inForce.map(
      (hold): PlanWarning => ({ kind: 'held', text: `HELD: ${hold.sentence} They wait for approval.` }),
    ),
  ];
}
