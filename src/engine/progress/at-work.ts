/** Who is there to do the work: a running service, or else this process. */
import { type CircuitStatus, isResting } from '../../execute/index.ts';
import type { Store } from '../../store/index.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { hasRole, livingServices, type ServiceRole } from '../../store/service/services.ts';
import type { Engine } from '../engine.ts';
import { verifyRun } from '../rounds/verification.ts';
import { standstillOf } from './standstill.ts';
import { type Halt, type RunProgress, type WaitEnd, waitForRun } from './wait-for-run.ts';

/** Requests in flight get this long when a command is broken off. */
const graceMs = 5_000;

/** A service that is silent for this long is not just being restarted. */
const unservedMs = 60_000;

/** Is a service with that role at work, by what it last told the store? */
export const isAtWork = async (db: Store['db'], role: ServiceRole): Promise<boolean> =>
  (await livingServices(db)).some((service) => hasRole(service, role));

/**
 * Is a service with that role at work, so that a command can leave something to it? Who owns an embedded store knows that there is none: a service waits until it is the
 * owner itself. What the store tells of one is then left from a service that was killed.
 */
export async function isServed(
  { kind, isOwner, db }: Pick<Store, 'kind' | 'isOwner' | 'db'>,
  role: ServiceRole,
): Promise<boolean> {
  if (kind === 'embedded' && isOwner) return false;
  return await isAtWork(db, role);
}

/** Has a released run carried out, by the service's workers where there are any, and waits for its end, confirmed. */
export async function carryOutRun(
  engine: Engine,
  run: RunId,
  signal: AbortSignal,
  onProgress?: (progress: RunProgress) => void,
): Promise<WaitEnd> {
  const end = await operate(engine, run, signal, onProgress);
  return end.halt === undefined ? { ...end, ...(await verifyRun(engine, run, signal)) } : end;
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
    const givesUp = haltUnder(engine, (role) => isServed(store, role));
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

/**
 * Tells why there is no point in waiting for what services are to carry out, where there is none.
 *
 * @param isSeen - whether a service with that role is at work
 */
export function haltUnder(
  engine: Pick<Engine, 'store' | 'config'>,
  isSeen: (role: ServiceRole) => Promise<boolean>,
): (progress: RunProgress) => Promise<Halt | undefined> {
  const isAlone = leftAlone(isSeen);
  return async (progress) => (await standsStill(engine, progress)) ?? (await isAlone(progress));
}

/** What is under way is waited for; what may not begin is not. */
async function standsStill(
  { store, config }: Pick<Engine, 'store' | 'config'>,
  { run, counts }: RunProgress,
): Promise<Halt | undefined> {
  // Counting what is released costs something in a large run, and tells nothing while some of it was seen to be under way.
  if (run.state !== 'executing' || counts.has('running')) return undefined;
  return await standstillOf(store.db, config.maintenance, run, new Date());
}

/** A service waits for an API that is down as long as it takes; a command that does the work itself must end. */
function downTooLong(circuit: CircuitStatus, patienceMs: number, now: Date): Halt | undefined {
  if (!isResting(circuit) || now.getTime() - circuit.since.getTime() < patienceMs) return undefined;
  const sentence = `The profile API has been down since ${circuit.since.toISOString()}, longer than retry.patience. What is not done stays queued, with all its attempts: resync once it answers. ${circuit.reason}`;
  return { kind: 'trouble', sentence };
}

/** Tells when nobody has been there for a while to do what is waited for. */
export function leftAlone(
  isSeenNow: (role: ServiceRole) => Promise<boolean>,
  patienceMs = unservedMs,
): (progress: Pick<RunProgress, 'run'>) => Promise<Halt | undefined> {
  let seenAt = Date.now();
  return async ({ run }) => {
    const isPlanned = run.state !== 'requested' && run.state !== 'reading';
    const isSeen = await isSeenNow(isPlanned ? 'worker' : 'scheduler');
    if (isSeen) seenAt = Date.now();
    if (isSeen || Date.now() - seenAt < patienceMs) return undefined;
    const sentence = `The service that was at work has been silent for ${Math.round(patienceMs / 1_000)} s: it was stopped, or can't reach the store. What is left of run ${run.id} waits; start the service and it goes on, or resync: where no service is at work, the command does the work itself.`;
    return { kind: 'trouble', sentence };
  };
}
