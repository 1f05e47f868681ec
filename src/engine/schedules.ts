/** Runs by the clock: one job scheduler a source, which fires once however many containers there are. */

import { audit } from '../audit/index.ts';
import type { SourceId } from '../identity/index.ts';
import { quarantineOf } from '../store/quarantines.ts';
import { isRunPending, requestRun } from '../store/runs.ts';
import type { ReadingMode } from '../store/schema.ts';
import type { Engine } from './engine.ts';

const scheduleQueueName = 'schedules';

const readings = ['full', 'delta'] as const satisfies readonly ReadingMode[];

interface ScheduleJob {
  readonly source: SourceId;
  readonly reading: ReadingMode;
}

/** A source's id has no dot in it. */
const keyOf = (source: SourceId, reading: ReadingMode): string => `${source}.${reading}`;

export async function startSchedules(engine: Engine): Promise<{ stop(): Promise<void> }> {
  const queue = engine.backend.queue<ScheduleJob>(scheduleQueueName);
  const wanted = new Set<string>();
  for (const { id, config } of engine.sources) {
    for (const reading of readings) {
      const pattern = config.schedule[reading];
      if (pattern === undefined) continue;
      wanted.add(keyOf(id, reading));
      const options = { removeOnComplete: true, removeOnFail: true };
      await queue.upsertJobScheduler(
        keyOf(id, reading),
        { pattern, tz: config.schedule.timezone },
        { name: reading, data: { source: id, reading }, opts: options },
      );
    }
  }
  for (const { key } of await queue.getJobSchedulers()) {
    if (!wanted.has(key)) await queue.removeJobScheduler(key);
  }
  const worker = engine.backend.worker<ScheduleJob>(scheduleQueueName, (job) =>
    requestScheduledRun(engine, job.data),
  );
  return { stop: () => worker.close() };
}

async function requestScheduledRun(
  { store, sources, log }: Engine,
  { source, reading }: ScheduleJob,
): Promise<void> {
  if (!sources.some((one) => one.id === source)) return;
  const quarantine = await quarantineOf(store.db, source);
  if (quarantine !== undefined) {
    log.info(
      { event: 'run.skipped', source, reading, since: quarantine.since, next: quarantine.nextTryAt },
      'The source is in quarantine, and is tried less often than by its schedule.',
    );
    return;
  }
  if (await isRunPending(store.db, source, reading)) {
    log.info(
      { event: 'run.skipped', source, reading },
      'A run of the source is waiting or reading already; this one is left out.',
    );
    return;
  }
  const run = await requestRun(store.db, {
    source,
    mode: 'apply',
    reading,
    trigger: 'schedule',
    actor: 'schedule',
    onlyWho: undefined,
  });
  const entry = { actor: 'schedule', action: 'run.requested', run, source, details: { reading } } as const;
  await audit(store.db, [entry], new Date());
}

/** What is due next for a source, and when. */
export interface NextRun {
  readonly at: Date;
  readonly reading: ReadingMode;
}

/** What is due next for each source, by the queue's word. */
export async function nextRuns({ backend, sources }: Engine): Promise<ReadonlyMap<SourceId, NextRun>> {
  const schedulers = await backend.queue<ScheduleJob>(scheduleQueueName).getJobSchedulers();
  const due = new Map(schedulers.map(({ key, next }) => [key, next]));
  return new Map(
    sources.flatMap(({ id }) => {
      const [next] = readings
        .flatMap((reading): readonly NextRun[] => {
          const at = due.get(keyOf(id, reading));
          return at === undefined ? [] : [{ at: new Date(at), reading }];
        })
        .sort((one, other) => one.at.getTime() - other.at.getTime());
      return next === undefined ? [] : [[id, next] as const];
    }),
  );
}
