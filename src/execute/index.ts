/** Carries operations out against the profile API: look, act, classify, record. */
export { type OperationWorker, startWorker, type WorkerMeans } from './worker.ts';
