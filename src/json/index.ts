/** What is stored, for machines: camelCase, times in ISO 8601, absent values as null. The same for `--json` and the API. */
export { conflictsJson } from './conflicts.ts';
export { departureJson } from './departure.ts';
export { explanationJson } from './explanation.ts';
export { findingJson } from './finding.ts';
export { operationJson } from './operation.ts';
export { planJson } from './plan.ts';
export { rulingJson } from './ruling.ts';
export { runJson } from './run.ts';
export { statusJson } from './status.ts';
export { whatIfJson } from './what-if.ts';
