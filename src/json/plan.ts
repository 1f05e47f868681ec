import type { PlanView } from '../acts/index.ts';
import { findingJson } from './finding.ts';
import { operationJson } from './operation.ts';
import { runJson } from './run.ts';

/** A run with all its operations and findings. */
export function planJson({ run, operations, findings, overtaken }: PlanView) {
  return {
    run: runJson(run),
    overtaken: overtaken ?? 0,
    operations: operations.map(operationJson),
    findings: findings.map(findingJson),
  };
}
