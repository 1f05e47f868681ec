/** Carries operations out against the profile API: look, act, classify, record. */
export { type CircuitStatus, isResting } from './circuit.ts';
export { type OperationWorker, startWorker, type Tried, type WorkerMeans } from './worker.ts';
