/** Carries operations out against the profile API: look, act, classify, record. */
export type { Tried } from './carry-out.ts';
export { type CircuitStatus, isResting } from './circuit.ts';
export { type OperationWorker, startWorker, type WorkerMeans } from './worker.ts';
