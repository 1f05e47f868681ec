/** A run by hand. */
import type { Kysely } from 'kysely';
import { type AuditEntry, appendAudit } from '../audit/index.ts';
import type { SourceId } from '../identity/index.ts';
import type { RunId } from '../store/operations/operation.ts';
import { type Raise, requestRun } from '../store/runs/runs.ts';
import type { Database, RaisableGuard, ReadingMode } from '../store/schema.ts';

/** The guards that a person's word raises for one run. */
export const raisableGuards = [
  'maxDeactivations',
  'maxEdits',
  'maxBlanked',
  'maxShrink',
  'maxMissing',
  'maxFailures',
] as const satisfies readonly RaisableGuard[];

/** The run that somebody asks for. */
export interface WishedRun {
  readonly actor: string;
  readonly source: SourceId;
  /** `plan` is a dry run: nothing is released until somebody approves it. */
  readonly mode: 'plan' | 'apply';
  readonly reading: ReadingMode;
  /** One person alone, by e-mail, login or id. */
  readonly onlyWho?: string | undefined;
  readonly raise?: Raise | undefined;
  /** Whether the service is to make a dry run, too. Others are made by whoever asks for them, perhaps of a file. */
  readonly isLeftToService?: boolean;
  /** Whether it is to be made and carried out although its source is paused. */
  readonly althoughPaused?: boolean | undefined;
}

/** Stores the wish for a run, and tells the audit log of it and of every guard that gives way in it. */
export async function requestByHand(
  db: Kysely<Database>,
  { mode, actor, source, reading, onlyWho, raise, isLeftToService, althoughPaused }: WishedRun,
): Promise<RunId> {
  return await db.transaction().execute(async (tx) => {
    const how = { isLeftToService, althoughPaused };
    const request = { source, mode, reading, actor, onlyWho, raise, ...how } as const;
    const run = await requestRun(tx, { ...request, trigger: 'hand' });
    // A dry run changes nothing: that its plan was made is entry enough.
    if (mode === 'apply') await appendAudit(tx, entriesOf({ actor, run, source }, request), new Date());
    return run;
  });
}

function entriesOf(
  about: Pick<AuditEntry, 'actor' | 'run' | 'source'>,
  {
    onlyWho,
    reading,
    raise,
    althoughPaused,
  }: Pick<WishedRun, 'onlyWho' | 'reading' | 'raise' | 'althoughPaused'>,
): readonly AuditEntry[] {
  const raised = Object.entries(raise?.guards ?? {}).map(
    ([guard, people]): AuditEntry => ({
      ...about,
      action: 'guard.raised',
      reason: raise?.reason,
      details: { guard, people },
    }),
  );
  return [
    { ...about, action: 'run.requested', details: { only: onlyWho, reading, althoughPaused } },
    ...raised,
  ];
}
