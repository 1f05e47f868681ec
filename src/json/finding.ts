import type { RunFinding } from '../store/runs/runs.ts';

/** Somebody for whom a run did nothing, and why. */
export function findingJson(finding: RunFinding) {
  return {
    run: finding.run_id,
    kind: finding.kind,
    anchor: finding.anchor,
    label: finding.label,
    email: finding.email,
    reason: finding.reason,
    conflict: finding.conflict,
    profileId: finding.profile_id,
  };
}
