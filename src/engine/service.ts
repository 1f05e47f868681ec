/** The service: works all day, until it is told to stop. */
import { hostname } from 'node:os';
import type { CircuitStatus } from '../execute/index.ts';
import { createNotifier, type Notifier } from '../notify/index.ts';
import { openDropFolder } from '../offboarding/index.ts';
import { expirePlans, resumeExecution, settleRuns } from '../plan/index.ts';
import { failAbandonedRuns, failRun, requestedRuns } from '../store/runs/runs.ts';
import type { ServiceCircuit } from '../store/schema.ts';
import { pausedSources, pauseOfKey } from '../store/service/pauses.ts';
import { announce, type ServiceRole, sayGoodbye } from '../store/service/services.ts';
import { startConfiguredStream } from './audit-stream.ts';
import type { Engine } from './engine.ts';
import { watchAudit } from './rounds/audit-watch.ts';
import { tryQuarantined } from './rounds/quarantine.ts';
import { keepRetention } from './rounds/retention.ts';
import { beginSchedules, requestDueRuns } from './rounds/schedules.ts';
import { verifyAll } from './rounds/verification.ts';
import { watchStandstills } from './rounds/watch-standstills.ts';
import type { Watches } from './watches.ts';

/** Requests in flight get this long to end by themselves when the service stops. */
export const graceMs = 20_000;

/** The service at work. */
export interface Service {
  /** Finishes or returns what it holds, and closes what it opened itself. The engine stays open. */
  stop(): Promise<void>;
}

/**
 * Starts all that belongs to the roles.
 *
 * @param watches - seen to by a scheduler; whoever opened them closes them
 */
export async function startService(
  engine: Engine,
  roles: readonly ServiceRole[],
  watches?: Watches,
): Promise<Service> {
  const { store, log } = engine;
  const stopping = new AbortController();
  const beat = (circuit: ServiceCircuit | undefined) =>
    announce(store.db, { id: engine.id, roles, host: hostname(), pid: process.pid, circuit });
  // What may fail comes before what would have to be stopped again.
  await beat(undefined);
  const isScheduler = roles.includes('scheduler');
  if (isScheduler) await beginSchedules(engine);

  const worker = roles.includes('worker') ? engine.startWorker() : undefined;
  const heartbeat = () => beat(worker === undefined ? undefined : storableCircuit(worker.circuit));
  const loops = [every(engine, 'heartbeat', 5_000, heartbeat)];
  if (worker !== undefined)
    loops.push(every(engine, 'resume', 60_000, () => tryKeyAgain(engine, stopping.signal)));
  const conducting = new Map<string, Promise<unknown>>();
  const stream = isScheduler ? startConfiguredStream(engine) : undefined;
  const notifier = isScheduler ? startNotifier(engine) : undefined;
  const clock = isScheduler ? every(engine, 'schedule', 1_000, () => requestDueRuns(engine)) : undefined;
  if (isScheduler) {
    engine.dispatcher.start();
    loops.push(
      every(engine, 'standstill', 1_000, () => watchStandstills(engine)),
      every(engine, 'conduct', 1_000, () => conductRequested(engine, conducting, stopping.signal)),
      every(engine, 'quarantine', 5_000, () => tryQuarantined(engine)),
      every(engine, 'settle', 2_000, () => settleAll(engine)),
      every(engine, 'verify', 2_000, () => verifyAll(engine, stopping.signal)),
      every(engine, 'departures', 500, async () => {
        await engine.desk.releaseDue();
      }),
      every(engine, 'audit-watch', 3_600_000, () => watchAudit(engine, stopping.signal)),
      every(engine, 'retention', 60_000, async () => {
        await keepRetention(engine, stopping.signal, () => new Date());
      }),
    );
    if (notifier !== undefined) loops.push(every(engine, 'alerts', 1_000, () => notifier.tick()));
    const { folder } = engine.config.offboarding;
    if (folder !== undefined) {
      const dropped = openDropFolder(folder, engine.desk, log);
      loops.push(every(engine, 'drop-folder', 1_000, () => dropped.look()));
    }
    if (watches !== undefined && watches.sources.length > 0)
      loops.push(every(engine, 'watch', 1_000, () => watches.keep(stopping.signal)));
  }
  // Not waited for: on the first start it looks at all of a log that may be large.
  const watched = watchAudit(engine, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted)
      log.error(
        { event: 'audit.unverified', err: error },
        'Whether the audit log is whole could not be found out.',
      );
  });
  log.info(
    { event: 'service.started', roles, store: store.kind, queue: engine.backend.kind },
    'Rollcall is at work.',
  );

  return {
    async stop() {
      log.info({ event: 'service.stopping' }, 'Rollcall is stopping.');
      // First of all: a run that fails by the stop is made again by whoever looks at the clock after that, and not by this one.
      await clock?.stop();
      stopping.abort(new Error('Rollcall is stopping.'));
      await Promise.all(loops.map((loop) => loop.stop()));
      await stream?.stop();
      await notifier?.stop();
      await watched;
      await Promise.allSettled(conducting.values());
      await engine.dispatcher.close();
      await worker?.close(graceMs);
      await sayGoodbye(store.db, engine.id);
      log.info({ event: 'service.stopped' }, 'Rollcall has stopped.');
    },
  };
}

/** Undefined where nobody is to be told. */
function startNotifier({ id: owner, store: { db }, config, sources, log }: Engine): Notifier | undefined {
  if (Object.keys(config.notify.channels).length === 0) return undefined;
  const ids = sources.map(({ id }) => id);
  return createNotifier({ db, owner, log, config: config.notify, sources: ids, now: () => new Date() });
}

const storableCircuit = (status: CircuitStatus): ServiceCircuit =>
  status.kind === 'closed' ? status : { ...status, since: status.since.toISOString() };

/** Each source has at most one run at a time, and waits for no other source. */
async function conductRequested(
  engine: Engine,
  conducting: Map<string, Promise<unknown>>,
  signal: AbortSignal,
): Promise<void> {
  const paused = await pausedSources(engine.store.db);
  for (const run of await requestedRuns(engine.store.db, paused)) {
    const source = engine.sources.find((one) => one.id === run.source_id);
    if (conducting.has(run.source_id)) continue;
    if (source === undefined) {
      await failRun(
        engine.store.db,
        run.id,
        `The source ${run.source_id} is not in the configuration any more.`,
      );
      continue;
    }
    const conducted = engine
      .conduct(run.id, source, signal)
      .catch((error: unknown) =>
        engine.log.error({ event: 'run.crashed', run: run.id, err: error }, 'A run could not be conducted.'),
      )
      .finally(() => conducting.delete(run.source_id));
    conducting.set(run.source_id, conducted);
  }
}

async function settleAll({ id, store, log }: Engine): Promise<void> {
  await failAbandonedRuns(store.db, id);
  await settleRuns(store.db);
  for (const run of await expirePlans(store.db, new Date())) {
    log.warn(
      { event: 'plan.expired', run: run.id, source: run.source_id },
      'Nobody approved the plan in time.',
    );
  }
}

async function tryKeyAgain({ store, api, log }: Engine, signal: AbortSignal): Promise<void> {
  if ((await pauseOfKey(store.db)) === undefined) return;
  await api.whoAmI(signal);
  await resumeExecution(store.db, log, new Date());
}

/** Does something again and again, a pause after each time; a failure is logged and tried again. */
function every(
  { log }: Engine,
  name: string,
  ms: number,
  work: () => Promise<void>,
): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let current: Promise<void> = Promise.resolve();
  const next = (): void => {
    timer = setTimeout(() => {
      current = work()
        .catch((error: unknown) => {
          if (!isStopped)
            log.error(
              { event: `${name}.failed`, err: error },
              'Something that is done regularly failed; tried again in a moment.',
            );
        })
        .then(() => {
          if (!isStopped) next();
        });
    }, ms);
  };
  next();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
