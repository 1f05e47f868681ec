/** An operator's brake: everything is paused, or one source, until somebody says otherwise or its time is over. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { type AuditEntry, appendAudit } from '../../audit/index.ts';
import type { SourceId } from '../../identity/index.ts';
import type { Database } from '../../store/schema.ts';
import { endOverduePauses, endPause, keepPause, type Pause, pauses } from '../../store/service/pauses.ts';
import type { Word } from './approval.ts';

/** What a pause is about. */
export type PauseTerms = Pick<Pause, 'source' | 'until' | 'leavers'>;

/** Such as `paused since 2026-03-01T08:00:00.000Z by cli:anna, until ...: the import is wrong`. */
export const pauseInWords = ({ since, actor, until, reason }: Omit<Pause, 'source'>): string => {
  const by = actor === undefined ? '' : ` by ${actor}`;
  const end = until === undefined ? '' : `, until ${until.toISOString()}`;
  return `paused since ${since.toISOString()}${by}${end}: ${reason}`;
};

/** @returns the pause that stood already and has these terms from now on, if any */
export async function pauseByWord(
  db: Kysely<Database>,
  { source, until, leavers }: PauseTerms,
  { actor, reason }: Word,
  now: Date,
): Promise<Pause | undefined> {
  return await db.transaction().execute(async (tx) => {
    const before = (await pauses(tx)).find((one) => one.actor !== undefined && one.source === source);
    await keepPause(tx, { source, until, leavers, actor, reason });
    const details = { until: until?.toISOString(), leavers, before: before && pauseInWords(before) };
    await appendAudit(tx, [{ ...entryOf(source, 'paused'), actor, reason, details }], now);
    return before;
  });
}

/** @returns the pause that this ended; undefined where there was none */
export async function resumeByWord(
  db: Kysely<Database>,
  source: SourceId | undefined,
  { actor, reason }: Word,
  now: Date,
): Promise<Pause | undefined> {
  return await db.transaction().execute(async (tx) => {
    const ended = await endPause(tx, source);
    if (ended === undefined) return undefined;
    const entry = { ...entryOf(source, 'resumed'), actor, reason, details: { was: pauseInWords(ended) } };
    await appendAudit(tx, [entry], now);
    return ended;
  });
}

/** Lets go on what was paused until a time that has come. */
export async function resumeOverdue(db: Kysely<Database>, log: Logger, now: Date): Promise<void> {
  const ended = await db.transaction().execute(async (tx) => {
    const over = await endOverduePauses(tx);
    const entries = over.map(
      (pause): AuditEntry => ({
        ...entryOf(pause.source, 'resumed'),
        actor: 'rollcall',
        reason: 'The time is over until which it was paused.',
        details: { was: pauseInWords(pause) },
      }),
    );
    if (entries.length > 0) await appendAudit(tx, entries, now);
    return over;
  });
  for (const { source, since, until } of ended)
    log.info(
      { event: entryOf(source, 'resumed').action, source, since, until },
      `${source === undefined ? 'Execution' : `The source ${source}`} goes on: the time is over until which it was paused.`,
    );
}

const entryOf = (source: SourceId | undefined, what: 'paused' | 'resumed') =>
  source === undefined
    ? ({ action: `execution.${what}` } as const)
    : ({ action: `source.${what}`, source } as const);
