import type { Kysely } from 'kysely';
import type { SourceId } from '../identity/index.ts';
import type { Ruling } from '../store/people/ruling.ts';
import { rulings } from '../store/people/rulings.ts';
import { findingsOf, latestCompleteRun, type Run, type RunFinding } from '../store/runs/runs.ts';
import type { Database } from '../store/schema.ts';

/** What a person must decide in a source, and what was decided. */
export interface ConflictView {
  readonly source: string;
  /** The latest run that saw everybody; undefined where there has been none. */
  readonly run: Run | undefined;
  readonly conflicts: readonly RunFinding[];
  readonly rulings: readonly Ruling[];
}

/** The conflicts that the source's last complete run found, beside what operators have ruled since. */
export async function conflictsIn(db: Kysely<Database>, source: SourceId): Promise<ConflictView> {
  const run = await latestCompleteRun(db, source);
  const findings = run === undefined ? [] : await findingsOf(db, run.id);
  const conflicts = findings.filter((finding) => finding.kind === 'conflict');
  return { source, run, conflicts, rulings: await rulings(db, source) };
}
