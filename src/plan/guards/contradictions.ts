/** Holds the deactivation of somebody who left by one source's word, and is there by another's. Pure. */
import type { HoldReason } from '../../store/schema.ts';
import type { GuardedOperation } from './guarded.ts';

/** So many are told one by one; the further ones share a sentence. */
const toldOneByOne = 20;

/** What is said of one person says nothing of the others: a hold is over those alone whom it names. */
export function holdsOfContradictions(operations: readonly GuardedOperation[]): readonly HoldReason[] {
  const all = operations.filter(
    ({ kind, contradictedBy }) => kind === 'deactivate' && contradictedBy !== undefined,
  );
  const further = all.slice(toldOneByOne);
  const [next] = further;
  return [
    ...all
      .slice(0, toldOneByOne)
      .map((one) => holdOver([one], `Two sources contradict each other over ${wordsOn(one)}`)),
    ...(next === undefined
      ? []
      : [
          holdOver(
            further,
            `Two sources contradict each other over ${further.length} more people as well, among them ${wordsOn(next)}`,
          ),
        ]),
  ];
}

const holdOver = (people: readonly GuardedOperation[], sentence: string): HoldReason => ({
  guard: 'contradiction',
  kind: 'deactivate',
  anchors: people.map(({ anchor }) => anchor),
  count: people.length,
  sentence,
});

const wordsOn = ({ anchor, email, label, reason }: GuardedOperation): string =>
  `${email ?? label ?? anchor}: ${reason ?? ''} Give both an employee number, set lifecycle.handOver: correlation, or approve.`;
