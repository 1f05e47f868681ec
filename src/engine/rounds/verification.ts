/** Has the deactivations of runs that came to rest confirmed, by whoever gets to it first. */
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyDeactivations } from '../../plan/index.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { countUnconfirmed, isVerificationDue } from '../../store/operations/verifications.ts';
import type { Engine } from '../engine.ts';

const everyMs = 200;
/** A service that took it up is waited for this long. */
export const patienceMs = 30_000;

export interface RunVerification {
  /** How many of those whom the run deactivated are active. */
  readonly unconfirmed: number;
  /** Why that could not be found out; undefined where it was. */
  readonly unverified: string | undefined;
}

/** Sees to it that one run's deactivations are confirmed, here or by the service. */
export async function verifyRun(engine: Engine, run: RunId, signal: AbortSignal): Promise<RunVerification> {
  const { db } = engine.store;
  const ended = async (unverified: string | undefined): Promise<RunVerification> => ({
    unconfirmed: await countUnconfirmed(db, run),
    unverified,
  });
  const until = performance.now() + patienceMs;
  while (await isVerificationDue(db, run)) {
    const verification = await verifyDeactivations(meansOf(engine, signal), run);
    if (verification.kind === 'unanswered') return await ended(verification.sentence);
    if (verification.kind === 'verified') continue;
    if (performance.now() > until) return await ended(notConfirmedYet(run));
    await sleep(everyMs, undefined, { signal });
  }
  return await ended(undefined);
}

/** What somebody hears who has waited for another process to confirm a run's deactivations. */
export const notConfirmedYet = (run: RunId): string =>
  `Whether those whom run ${run} deactivated are inactive is not confirmed yet: another process is at it. \`rollcall runs ${run}\` shows what it finds.`;

/** Confirms the deactivations of every run that waits for it. */
export async function verifyAll(engine: Engine, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { kind } = await verifyDeactivations(meansOf(engine, signal));
    if (kind !== 'verified' || signal.aborted) return;
  }
}

const meansOf = ({ store, api, log, meters }: Engine, signal: AbortSignal) => ({
  db: store.db,
  api,
  log,
  signal,
  now: () => new Date(),
  onLeaverVerified: meters.leaverVerified,
});
