/** Who is there to do the work: a running service, or else this process. */
import type { Kysely } from 'kysely';
import { type CircuitStatus, isResting } from '../execute/index.ts';
import type { RunId } from '../store/operation.ts';
import type { Database } from '../store/schema.ts';
import { hasRole, livingServices, type ServiceRole } from '../store/services.ts';
import type { Engine } from './engine.ts';
import { verifyRun } from './verification.ts';
import { type RunProgress, type WaitEnd, waitForRun } from './wait-for-run.ts';

/** Requests in flight get this long when a command is broken off. */
const graceMs = 5_000;

export async function isServed(db: Kysely<Database>, role: ServiceRole): Promise<boolean> {
  return (await livingServices(db)).some((service) => hasRole(service, role));
}

/** Has a released run carried out, by the service's workers where there are any, and waits for its end, confirmed. */
export async function carryOutRun(
  engine: Engine,
  run: RunId,
  signal: AbortSignal,
  onProgress?: (progress: RunProgress) => void,
): Promise<WaitEnd> {
  const end = await operate(engine, run, signal, onProgress);
  return end.paused === undefined ? { ...end, ...(await verifyRun(engine, run, signal)) } : end;
}

async function operate(
  engine: Engine,
  run: RunId,
  signal: AbortSignal,
  onProgress?: (progress: RunProgress) => void,
): Promise<WaitEnd> {
  const { store, dispatcher } = engine;
  if (await isServed(store.db, 'worker')) {
    await dispatcher.dispatchDue();
    return await waitForRun(store.db, run, signal, onProgress);
  }

  const worker = engine.startWorker();
  await worker.ready;
  await dispatcher.dispatchDue();
  dispatcher.start();
  try {
    const givesUp = () => downTooLong(worker.circuit, engine.config.retry.patience, new Date());
    return await waitForRun(store.db, run, signal, onProgress, givesUp);
  } finally {
    await worker.close(graceMs);
    await dispatcher.close();
  }
}

/** A service waits for an API that is down as long as it takes; a command that does the work itself must end. */
function downTooLong(circuit: CircuitStatus, patienceMs: number, now: Date): string | undefined {
  if (!isResting(circuit) || now.getTime() - circuit.since.getTime() < patienceMs) return undefined;
  return `The profile API has been down since ${circuit.since.toISOString()}, longer than retry.patience. What is not done stays queued, with all its attempts: resync once it answers. ${circuit.reason}`;
}
