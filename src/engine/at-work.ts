/** Who is there to do the work: a running service, or else this process. */
import { type CircuitStatus, isResting } from '../execute/index.ts';
import type { Store } from '../store/index.ts';
import type { RunId } from '../store/operation.ts';
import { hasRole, livingServices, type ServiceRole } from '../store/services.ts';
import type { Engine } from './engine.ts';
import { standstillOf } from './standstill.ts';
import { verifyRun } from './verification.ts';
import { type RunProgress, type WaitEnd, waitForRun } from './wait-for-run.ts';

/** Requests in flight get this long when a command is broken off. */
const graceMs = 5_000;

/** A service that is silent for this long is not just being restarted. */
const unservedMs = 60_000;

/**
 * Is a service with that role at work? Who owns an embedded store knows that there is none: a service waits until it is the
 * owner itself. What the store tells of one is then left from a service that was killed.
 */
export async function isServed(
  { kind, isOwner, db }: Pick<Store, 'kind' | 'isOwner' | 'db'>,
  role: ServiceRole,
): Promise<boolean> {
  if (kind === 'embedded' && isOwner) return false;
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
  if (await isServed(store, 'worker')) {
    await dispatcher.dispatchDue();
    const isAlone = leftAlone(store);
    const givesUp = async (progress: RunProgress) =>
      (await standsStill(engine, progress)) ?? (await isAlone(progress));
    return await waitForRun(store.db, run, signal, onProgress, givesUp);
  }

  const worker = engine.startWorker();
  await worker.ready;
  await dispatcher.dispatchDue();
  dispatcher.start();
  try {
    const givesUp = async (progress: RunProgress) =>
      progress.counts.has('running')
        ? undefined
        : ((await standsStill(engine, progress)) ??
          downTooLong(worker.circuit, engine.config.retry.patience, new Date()));
    return await waitForRun(store.db, run, signal, onProgress, givesUp);
  } finally {
    await worker.close(graceMs);
    await dispatcher.close();
  }
}

/** What is under way is waited for; what may not begin is not. */
async function standsStill(
  { store, config }: Engine,
  { run, counts }: RunProgress,
): Promise<string | undefined> {
  if (run.state !== 'executing' || counts.has('running')) return undefined;
  return await standstillOf(store.db, config.maintenance, run, new Date());
}

/** A service waits for an API that is down as long as it takes; a command that does the work itself must end. */
function downTooLong(circuit: CircuitStatus, patienceMs: number, now: Date): string | undefined {
  if (!isResting(circuit) || now.getTime() - circuit.since.getTime() < patienceMs) return undefined;
  return `The profile API has been down since ${circuit.since.toISOString()}, longer than retry.patience. What is not done stays queued, with all its attempts: resync once it answers. ${circuit.reason}`;
}

/** Tells when nobody has been there for a while to do what is waited for. */
export function leftAlone(
  store: Store,
  patienceMs = unservedMs,
): (progress: RunProgress) => Promise<string | undefined> {
  let seenAt = Date.now();
  return async ({ run }) => {
    const isPlanned = run.state !== 'requested' && run.state !== 'reading';
    const isSeen = await isServed(store, isPlanned ? 'worker' : 'scheduler');
    if (isSeen) seenAt = Date.now();
    if (isSeen || Date.now() - seenAt < patienceMs) return undefined;
    return `The service that was at work has been silent for ${Math.round(patienceMs / 1_000)} s: it was stopped, or can't reach the store. What is left of run ${run.id} waits; start the service and it goes on, or resync: where no service is at work, the command does the work itself.`;
  };
}
