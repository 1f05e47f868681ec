/** Runs by the clock: one job scheduler a source, which fires once however many containers there are. */

import { audit } from '../audit/index.ts';
import type { SourceId } from '../identity/index.ts';
import { isRunPending, requestRun } from '../store/runs.ts';
import type { Engine } from './engine.ts';

const scheduleQueueName = 'schedules';

interface ScheduleJob {
  readonly source: SourceId;
}

export async function startSchedules(engine: Engine): Promise<{ stop(): Promise<void> }> {
  const queue = engine.backend.queue<ScheduleJob>(scheduleQueueName);
  const wanted = new Set<string>();
  for (const { id, config } of engine.sources) {
    const { full, timezone } = config.schedule;
    if (full === undefined) continue;
    wanted.add(id);
    const options = { removeOnComplete: true, removeOnFail: true };
    await queue.upsertJobScheduler(
      id,
      { pattern: full, tz: timezone },
      { name: 'full', data: { source: id }, opts: options },
    );
  }
  for (const { key } of await queue.getJobSchedulers()) {
    if (!wanted.has(key)) await queue.removeJobScheduler(key);
  }
  const worker = engine.backend.worker<ScheduleJob>(scheduleQueueName, (job) =>
    requestScheduledRun(engine, job.data.source),
  );
  return { stop: () => worker.close() };
}

async function requestScheduledRun({ store, sources, log }: Engine, source: SourceId): Promise<void> {
  if (!sources.some((one) => one.id === source)) return;
  if (await isRunPending(store.db, source)) {
    log.info(
      { event: 'run.skipped', source },
      'A run of the source is waiting or reading already; this one is left out.',
    );
    return;
  }
  const run = await requestRun(store.db, {
    source,
    mode: 'apply',
    trigger: 'schedule',
    actor: 'schedule',
    onlyWho: undefined,
  });
  await audit(store.db, [{ actor: 'schedule', action: 'run.requested', run, source }], new Date());
}

/** When each source is due next, by the queue's word. */
export async function nextRuns({ backend }: Engine): Promise<ReadonlyMap<string, Date>> {
  const schedulers = await backend.queue<ScheduleJob>(scheduleQueueName).getJobSchedulers();
  return new Map(
    schedulers.flatMap(({ key, next }) => (next === undefined ? [] : [[key, new Date(next)] as const])),
  );
}
