import type { Operation } from '../../store/operations.ts';
import type { Run, RunFinding } from '../../store/runs.ts';

/** A run with what it plans, and those for whom it plans nothing. */
export interface PlanView {
  readonly run: Run;
  readonly operations: readonly Operation[];
  readonly findings: readonly RunFinding[];
  /** How many of those that wait reality has overtaken. */
  readonly overtaken?: number;
}
