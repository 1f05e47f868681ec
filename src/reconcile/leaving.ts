/** What each way of leaving leads to, as the configuration has it. Pure. */
import { type Decision, finding } from './decision.ts';

/** How somebody left, by the source's own word, or by not being seen any more. */
export type WayOfLeaving = 'disabled' | 'out-of-scope' | 'deleted' | 'absent';

/** What a way of leaving leads to; `after` waits for so many milliseconds. */
export type Treatment =
  | { readonly kind: 'deactivate' }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'after'; readonly ms: number };

/** For each way of leaving, what it leads to. */
export type LeaverPolicy = Readonly<Record<WayOfLeaving, Treatment>>;

const keys: Readonly<Record<WayOfLeaving, string>> = {
  disabled: 'disabled',
  'out-of-scope': 'outOfScope',
  deleted: 'deleted',
  absent: 'absent',
};

/**
 * The removal as it is, or why it is not done, or not yet.
 *
 * @param since - when they left
 */
export function treated(
  decision: Decision,
  way: WayOfLeaving,
  since: Date,
  now: Date,
  policy: LeaverPolicy,
): { readonly decision: Decision; readonly due?: Date } {
  if (decision.kind !== 'operate') return { decision };
  const { operation } = decision;
  if (operation.kind !== 'deactivate' && operation.kind !== 'purge') return { decision };
  const treatment = policy[way];
  const key = `lifecycle.leaver.${keys[way]}`;
  switch (treatment.kind) {
    case 'deactivate':
      return { decision };
    case 'ignore':
      return {
        decision: finding(
          'left',
          operation,
          `${operation.reason} Nothing is done about it (${key}: ignore).`,
        ),
      };
    case 'after': {
      const due = new Date(since.getTime() + treatment.ms);
      if (now >= due) return { decision };
      const when = `${operation.reason} It counts since ${since.toISOString()}, and they are deactivated after ${due.toISOString()} if it stays so (${key}).`;
      return { decision: finding('waiting', operation, when), due };
    }
    default:
      return treatment satisfies never;
  }
}
