/** What is old is archived or deleted once a day, by one process. */
import { resolve } from 'node:path';
import { archiveAudit, streamedUpTo } from '../../audit/index.ts';
import { deleteOldAlerts } from '../../store/incidents/alerts.ts';
import { deleteOldOperations, deleteOldRuns } from '../../store/retention.ts';
import { forgetAnswers } from '../../store/service/api-answers.ts';
import { claimChore, releaseChore } from '../../store/service/chores.ts';
import { forgetSessions } from '../../store/service/sessions.ts';
import type { Engine } from '../engine.ts';

const everyMs = 24 * 3_600_000;
const leaseMs = 120_000;
const renewEveryMs = 30_000;

/** @returns whether this process did it: it was due, and no other one was at it */
export async function keepRetention(
  engine: Pick<Engine, 'id' | 'store' | 'log' | 'config'>,
  signal: AbortSignal,
  now: () => Date,
): Promise<boolean> {
  const { db } = engine.store;
  if (!(await claimChore(db, 'retention', engine.id, leaseMs, everyMs))) return false;
  const lost = new AbortController();
  const renewal = setInterval(() => {
    claimChore(db, 'retention', engine.id, leaseMs, everyMs).then(
      (isOurs) => isOurs || lost.abort(new Error('Another process has taken over.')),
      (error: unknown) => lost.abort(error),
    );
  }, renewEveryMs);
  let isDone = false;
  try {
    await retain(engine, AbortSignal.any([signal, lost.signal]), now);
    isDone = true;
    return true;
  } finally {
    clearInterval(renewal);
    await releaseChore(db, 'retention', engine.id, isDone);
  }
}

async function retain(
  { store, log, config }: Pick<Engine, 'store' | 'log' | 'config'>,
  signal: AbortSignal,
  now: () => Date,
): Promise<void> {
  const { audit, archive, operations, runs } = config.retention;
  const before = (ageMs: number) => new Date(now().getTime() - ageMs);
  const deletedOperations =
    operations === 'keep' ? 0 : await deleteOldOperations(store.db, before(operations), signal);
  if (runs !== 'keep') await deleteOldAlerts(store.db, before(runs));
  const deletedRuns = runs === 'keep' ? 0 : await deleteOldRuns(store.db, before(runs), signal);
  await forgetSessions(store.db, now());
  await forgetAnswers(store.db, now());
  if (deletedOperations + deletedRuns > 0)
    log.info(
      { event: 'retention.deleted', operations: deletedOperations, runs: deletedRuns },
      'Operations and runs that are over and old were deleted. The audit log tells of them.',
    );
  if (audit === 'keep') return;
  // The loader names a folder; the default is for a configuration that was made otherwise.
  const folder = archive ?? resolve('data/archive');
  const archived = await archiveAudit(store.db, {
    folder,
    before: before(audit),
    ...(config.audit.stream === undefined ? {} : { upTo: await streamedUpTo(store.db) }),
    now,
    signal,
  });
  if (archived.kind === 'broken')
    log.error(
      { event: 'retention.audit-broken', entry: archived.at },
      `Nothing of the audit log was archived, since it is broken at entry ${archived.at}: ${archived.sentence} Compare it with an export or a backup.`,
    );
  else if (archived.entries > 0)
    log.info(
      { event: 'retention.archived', entries: archived.entries, files: archived.files },
      'Old entries of the audit log are in sealed archives now.',
    );
}
