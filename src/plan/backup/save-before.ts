/** Decides, before a run's operations are released, whether the org has to be saved first; and saves it. */
import type { Config } from '../../../config/schema.ts';
import type { Reconciliation } from '../../reconcile/index.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import { inMotionSince, operations } from '../../store/operations/operations.ts';
import type { Run } from '../../store/runs/runs.ts';
import type { HoldReason } from '../../store/schema.ts';
import { guard, isHeldBy } from '../guards/guard.ts';
import { PlanError } from '../plan-error.ts';
import type { Reconciled } from '../reconciled.ts';
import { type BackupMeans, type BackupRule, holdsWithoutBackup, needsBackup, saveOrg } from './save-org.ts';

/** What holds a change that is larger than the rule allows without a backup. */
export interface Unsaved {
  readonly rule: Pick<BackupRule, 'share' | 'atLeast'>;
  readonly why: string;
}

/**
 * Saves the org where the run is about to release a large change.
 *
 * @returns undefined where it is saved, or nobody wants that; else what holds a change that is too large
 */
export async function saveBefore(
  run: Run,
  { operations: proposed, counts }: Reconciliation,
  { listed, profiles }: Pick<Reconciled, 'listed' | 'profiles'>,
  readingSince: Date,
  means: BackupMeans & { readonly config: Pick<Config, 'guards' | 'backup'> },
): Promise<Unsaved | undefined> {
  const rule = backupRule(means.config);
  if (rule === undefined || run.mode !== 'apply') return undefined;
  const unsaved = (why: string): Unsaved => ({ rule, why });
  const grew = unsaved('the change grew while it was planned. Approving it saves the org first.');
  if (!needsBackup(proposed, profiles, rule)) return grew;
  const { db, config } = means;
  // What is under way or held already is not released by this run, and was saved before it was.
  const inMotion = await inMotionSince(db, run.source_id, readingSince);
  const held = await operations(db, { source: run.source_id, states: ['held'] });
  const settled = new Set([...inMotion, ...held.map(({ anchor }) => anchor)]);
  const circumstances = { linkedActive: counts.linkedActive, earlier: [], raised: run.raised };
  const holds = guard(proposed, config.guards, circumstances);
  const released = proposed.filter(
    (operation) => !settled.has(operation.anchor) && isHeldBy(holds, operation) === undefined,
  );
  if (!needsBackup(released, profiles, rule)) return grew;
  try {
    await saveOrg(means, { rule, actor: run.actor, run: run.id, listed });
    return undefined;
  } catch (error) {
    if (error instanceof PlanError) return unsaved(error.message);
    throw error;
  }
}

/** The rule with its folder, which the loader fills in; undefined where backups are switched off by name. */
export function backupRule({ backup }: Pick<Config, 'backup'>): BackupRule | undefined {
  return backup === 'off' ? undefined : { ...backup, folder: backup.folder ?? 'data/backups' };
}

/** Holds what is released of a change that is too large for having no backup. Pure. */
export const holdsUnsaved = (
  released: readonly { readonly kind: OperationKind }[],
  profiles: number,
  { rule, why }: Unsaved,
): readonly HoldReason[] => (needsBackup(released, profiles, rule) ? holdsWithoutBackup(released, why) : []);
