import type { ProposedOperation } from '../../reconcile/index.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import type { NamedFinding } from '../../store/runs/runs.ts';
import type { RunSummary } from '../../store/schema.ts';
import type { PlanMaterial } from './plan-material.ts';

export function summaryOf(
  { reconciliation, profiles, incomplete, skipped, reading, fallback }: PlanMaterial,
  fresh: readonly ProposedOperation[],
  findings: readonly NamedFinding[],
  holds: RunSummary['holds'],
): RunSummary {
  const counted: Partial<Record<OperationKind, number>> = {};
  for (const operation of fresh) counted[operation.kind] = (counted[operation.kind] ?? 0) + 1;
  return {
    identities: reconciliation.counts.identities + skipped.length,
    inScope: reconciliation.counts.inScope,
    skipped: findings.filter((finding) => finding.kind === 'skipped').length,
    conflicts: findings.filter((finding) => finding.kind === 'conflict').length,
    profiles,
    linkedActive: reconciliation.counts.linkedActive,
    unchanged: reconciliation.counts.unchanged,
    operations: counted,
    incomplete: incomplete ?? null,
    reading,
    fallback: fallback ?? null,
    holds,
  };
}
