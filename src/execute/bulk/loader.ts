/** Loads large numbers of creations as files, beside the workers, which do everything else meanwhile. One process at a time. */
import { randomUUID } from 'node:crypto';
import type { Config } from '../../../config/schema.ts';
import { bulkOwnerPrefix, claimForFile, runsWorthAFile } from '../../store/operations/bulk.ts';
import type { ClosedTime } from '../../store/operations/in-hands.ts';
import { renewLeases } from '../../store/operations/leases.ts';
import type { OperationId } from '../../store/operations/operation.ts';
import { claimChore, releaseChore } from '../../store/service/chores.ts';
import { type LoadMeans, loadAsFile } from './load.ts';

const leaseMs = 20_000;
const renewEveryMs = 5_000;
const lookEveryMs = 500;
/** An API that takes no files is asked again after this time; until then everybody goes the ordinary way. */
const restMs = 600_000;

export type BulkConfig = NonNullable<Config['profileApi']['bulk']>;

export interface LoaderMeans extends Omit<LoadMeans, 'owner' | 'shape'> {
  readonly bulk: BulkConfig;
  /** When nothing is taken, around now. */
  readonly closed: () => readonly ClosedTime[];
  /** Whether the API is up, as far as the process knows. */
  readonly isUp: () => boolean;
}

export interface BulkLoader {
  /** When large numbers of creations are left to it, where no other process does it already. */
  readonly ready: Promise<void>;
  /** Takes no more, and resolves when what is under way is over. */
  close(): Promise<void>;
}

export function startBulkLoader({ bulk, closed, isUp, ...means }: LoaderMeans): BulkLoader {
  const { db, log } = means;
  const owner = `${bulkOwnerPrefix}${randomUUID()}`;
  let inHand: readonly OperationId[] = [];
  let restingUntil = 0;
  let isClosing = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  const mayWork = (): boolean => !isClosing && isUp() && performance.now() >= restingUntil;

  async function look(): Promise<void> {
    if (!mayWork() || !(await claimChore(db, 'bulk-load', owner, leaseMs))) return;
    for (;;) {
      if (!mayWork() || !(await loadNext())) return;
    }
  }

  /** @returns whether there was anything to load */
  async function loadNext(): Promise<boolean> {
    const [run] = await runsWorthAFile(db, bulk.from, closed());
    if (run === undefined) return false;
    const claimed = await claimForFile(db, run, owner, leaseMs, bulk.chunk, closed());
    if (claimed.length === 0) return false;
    inHand = claimed.map(({ id }) => id);
    const began = performance.now();
    try {
      const { loaded, returned, obstacle } = await loadAsFile(claimed, { ...means, owner, shape: bulk });
      const ms = Math.round(performance.now() - began);
      log.info({ event: 'bulk.loaded', run, loaded, returned, ms }, 'People were loaded as a file.');
      if (obstacle !== undefined) await rest(obstacle);
    } finally {
      inHand = [];
    }
    return true;
  }

  async function rest(obstacle: string): Promise<void> {
    restingUntil = performance.now() + restMs;
    await releaseChore(db, 'bulk-load', owner, false);
    log.warn(
      { event: 'bulk.resting', restMs },
      `Nobody is loaded as a file for ${restMs / 60_000} min; people are created one by one. ${obstacle}`,
    );
  }

  const renewal = setInterval(() => {
    const renewed = [
      claimChore(db, 'bulk-load', owner, leaseMs),
      ...(inHand.length === 0 ? [] : [renewLeases(db, owner, inHand, leaseMs)]),
    ];
    Promise.all(performance.now() >= restingUntil ? renewed : []).catch((error: unknown) => {
      log.error(
        { event: 'lease.failed', err: error },
        'The leases of the rows of a file could not be renewed.',
      );
    });
  }, renewEveryMs);

  const next = (): void => {
    timer = setTimeout(() => {
      current = look()
        .catch((error: unknown) => {
          const text = 'A file of people could not be made or recorded; they go the ordinary way.';
          log.error({ event: 'bulk.crashed', err: error }, text);
        })
        .then(() => {
          if (!isClosing) next();
        });
    }, lookEveryMs);
  };
  const ready = claimChore(db, 'bulk-load', owner, leaseMs).then(
    () => undefined,
    () => undefined,
  );
  current = ready.then(look).catch(() => undefined);
  void current.then(() => isClosing || next());

  return {
    ready,
    async close() {
      isClosing = true;
      clearTimeout(timer);
      await current;
      clearInterval(renewal);
      await releaseChore(db, 'bulk-load', owner, false);
    },
  };
}
