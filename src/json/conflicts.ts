import type { ConflictView } from '../acts/index.ts';
import { remediesOf } from '../words/conflicts.ts';
import { findingJson } from './finding.ts';
import { iso } from './iso.ts';
import { rulingJson } from './ruling.ts';

export function conflictsJson({ source, run, conflicts, rulings }: ConflictView) {
  return {
    source,
    run: run === undefined ? null : { id: run.id, plannedAt: iso(run.planned_at) },
    conflicts: conflicts.map((finding) => ({ ...findingJson(finding), remedies: remediesOf(finding) })),
    rulings: rulings.map((ruling) => rulingJson(ruling)),
  };
}
