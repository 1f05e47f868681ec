/** Everything has come to an end, and nothing that waited for a person's word went before it. */
import type { Due } from './due.ts';
import type { Evidence } from './evidence.ts';
import { effectsOn, type Owners, told } from './owners.ts';

const endedOperations: ReadonlySet<string> = new Set([
  'done',
  'failed',
  'superseded',
  'rejected',
  'expired',
  'discarded',
]);
const endedRuns: ReadonlySet<string> = new Set(['done', 'failed', 'rejected', 'expired']);

export function stateFindings(due: readonly Due[], owners: Owners, evidence: Evidence): readonly string[] {
  const { operations, runs } = evidence;
  return [
    ...operations
      .filter(({ state }) => !endedOperations.has(state))
      .map(({ id, kind, state }) => `Operation ${id} (${kind}) is still ${state}.`),
    ...runs
      .filter(({ state }) => !endedRuns.has(state))
      .map(({ id, state }) => `Run ${id} is still ${state}.`),
    ...hastyDeactivations(due, owners, evidence),
  ];
}

/** Of what waited in a plan that was approved nothing happened before; in one that was rejected nothing happened at all. */
function hastyDeactivations(due: readonly Due[], owners: Owners, evidence: Evidence): readonly string[] {
  const people = new Map(due.map((person) => [person.uuid.toLowerCase(), person]));
  const dryRuns = new Set(evidence.runs.filter(({ isDryRun }) => isDryRun).map(({ id }) => id));
  const runsForOne = new Set(evidence.runs.filter(({ isForOne }) => isForOne).map(({ id }) => id));
  // Who resyncs one of those that are held has spoken on that person.
  const spokenOnAlone = new Set(
    evidence.operations
      .filter(({ run, kind, state }) => runsForOne.has(run) && kind === 'deactivate' && state === 'done')
      .map(({ anchor }) => anchor.toLowerCase()),
  );
  return evidence.spoken.flatMap(({ run, word, effectsBefore }) =>
    evidence.operations
      .filter((operation) => operation.run === run && operation.kind === 'deactivate')
      .filter(({ isHeld }) => isHeld || dryRuns.has(run))
      .flatMap((operation) => {
        if (word === 'rejected' && operation.state === 'done')
          return [`Operation ${operation.id} was carried out although its plan was rejected.`];
        const person = people.get(operation.anchor.toLowerCase());
        // Whoever left twice may have been deactivated by another run before.
        if (person === undefined || person.mostDeactivations > 1) return [];
        if (spokenOnAlone.has(operation.anchor.toLowerCase())) return [];
        return effectsOn(person, owners, evidence)
          .filter((effect) => effect.kind === 'deactivated' && effect.sequence <= effectsBefore)
          .map((effect) => `${told(effect)} came before the word on plan ${run}.`);
      }),
  );
}
