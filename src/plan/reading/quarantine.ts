/** A source that keeps failing, or can't be trusted, is tried less often and causes no removal. */
import type { Kysely } from 'kysely';
import { SourceError } from '../../../connectors/source-error.ts';
import { appendAudit, audit } from '../../audit/index.ts';
import type { SourceId } from '../../identity/index.ts';
import type { Run } from '../../store/runs/runs.ts';
import type { Database, ReadingMode } from '../../store/schema.ts';
import {
  countFailedReading,
  countGoodReading,
  endQuarantine,
  type Quarantine,
  quarantineOf,
} from '../../store/sources/quarantines.ts';
import type { PlanMeans } from '../plan-means.ts';
import type { Word } from '../word/approval.ts';

type Means = Pick<PlanMeans, 'db' | 'config' | 'log' | 'now'>;

/** Why a reading removes nobody though it may be good in itself: the next one shows whether it stays so. */
export const quarantineInWords = ({ since, reason }: Pick<Quarantine, 'since' | 'reason'>): string =>
  `The source is in quarantine since ${since.toISOString()}: ${reason} The first whole reading that can be trusted ends that, and the run after it removes people again.`;

/** Dry runs and those for one person alone tell nothing of how the source is. */
const counts = (run: Run): boolean => run.mode === 'apply' && run.only_who === null;

/** Notes what a reading was worth. @param doubt - why it could not be trusted; undefined where it could */
export async function noteReading(
  run: Run,
  reading: ReadingMode,
  doubt: string | undefined,
  means: Means,
): Promise<void> {
  if (!counts(run)) return;
  const { db, log, now } = means;
  const source = run.source_id;
  if (doubt !== undefined) return await noteFailure(run, reading, doubt, means);
  const ended = await countGoodReading(db, source, reading);
  if (ended === undefined) return;
  const reason = `Run ${run.id} read the whole source, and it can be trusted.`;
  log.info({ event: 'source.released', source, run: run.id, since: ended.since }, reason);
  await audit(db, [{ actor: 'rollcall', action: 'source.released', run: run.id, source, reason }], now());
}

/** Notes that a source could not be read at all. What failed elsewhere is not its fault. */
export async function noteUnread(run: Run, error: unknown, means: Means): Promise<void> {
  if (counts(run) && error instanceof SourceError) await noteFailure(run, run.reading, error.message, means);
}

async function noteFailure(run: Run, reading: ReadingMode, doubt: string, means: Means): Promise<void> {
  const { db, config, log, now } = means;
  const source = run.source_id;
  const isNew = await countFailedReading(db, source, reading, doubt, config.guards.quarantine);
  if (!isNew) return;
  const reason = `${config.guards.quarantine.after} readings of ${source} in a row failed or could not be trusted: it is in quarantine, is tried less often, and removes nobody. The last one: ${doubt}`;
  log.error({ event: 'source.quarantined', source, run: run.id }, reason);
  await audit(db, [{ actor: 'rollcall', action: 'source.quarantined', run: run.id, source, reason }], now());
}

/** Lets a source out by a person's word. @returns false where it is not in quarantine */
export async function clearQuarantine(
  db: Kysely<Database>,
  source: SourceId,
  word: Word,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    if ((await quarantineOf(tx, source)) === undefined) return false;
    const ended = await endQuarantine(tx, source);
    const details = { was: ended?.reason, since: ended?.since.toISOString() };
    await appendAudit(tx, [{ ...word, action: 'source.released', source, details }], now);
    return true;
  });
}
