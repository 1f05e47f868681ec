/** The comparison of two configurations, for machines. */
import type { SourceWhatIf } from '../engine/index.ts';
import type { ChangedStep, SketchedPlan } from '../plan/index.ts';
import type { ProposedOperation } from '../reconcile/index.ts';
import type { OperationKind } from '../store/operations/operation.ts';

/** The comparison for one source. */
export function whatIfJson(result: SourceWhatIf) {
  if (result.kind !== 'compared') return { source: result.source, kind: result.kind };
  const {
    today,
    candidate,
    newly,
    noLonger,
    otherwise,
    alike,
    attributes,
    findings,
    wasReadTwice,
    isPrecedenceNew,
  } = result.whatIf;
  return {
    source: result.source,
    kind: result.kind,
    wasReadTwice,
    isPrecedenceNew,
    today: planJson(today),
    candidate: planJson(candidate),
    newly: groupJson(newly),
    noLonger: groupJson(noLonger),
    otherwise: groupJson(otherwise),
    alike,
    attributes: attributes.map(({ attribute, people, changes }) => ({
      ...{ attribute, people },
      changes: changes.map(({ from, to, people: count }) => ({ from: from ?? null, to, people: count })),
    })),
    newFindings: findings.map(({ kind, anchor, label, email, reason, conflict }) => ({
      ...{ kind, label, reason },
      anchor: anchor ?? null,
      email: email ?? null,
      conflict: conflict?.kind ?? null,
    })),
  };
}

function planJson({ operations, holds, incomplete, identities, inScope }: SketchedPlan) {
  const counts: Partial<Record<OperationKind, number>> = {};
  for (const { kind } of operations) counts[kind] = (counts[kind] ?? 0) + 1;
  return { identities, inScope, operations: counts, holds, incomplete: incomplete ?? null };
}

const groupJson = (groups: ReadonlyMap<OperationKind, readonly ChangedStep[]>) =>
  Object.fromEntries([...groups].map(([kind, steps]) => [kind, steps.map(stepJson)]));

const stepJson = ({ anchor, email, label, today, candidate }: ChangedStep) => ({
  anchor,
  email: email ?? null,
  label,
  today: operationJson(today),
  candidate: operationJson(candidate),
});

const operationJson = (operation: ProposedOperation | undefined) =>
  operation === undefined
    ? null
    : {
        kind: operation.kind,
        reason: operation.reason,
        profileId: operation.profileId ?? null,
        before: operation.before,
        after: operation.after,
      };
