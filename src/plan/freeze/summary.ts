import type { NamedFinding } from '../../store/runs/runs.ts';
import type { RunSummary } from '../../store/schema.ts';
import type { PlanMaterial } from './plan-material.ts';

export function summaryOf(
  { reconciliation, profiles, incomplete, skipped, reading, fallback }: PlanMaterial,
  counted: RunSummary['operations'],
  findings: readonly NamedFinding[],
  holds: RunSummary['holds'],
): RunSummary {
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
