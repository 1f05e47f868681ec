import type { Config } from '../../../config/schema.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { operations } from '../../store/operations/operations.ts';
import { latestCompleteRun, runOf } from '../../store/runs/runs.ts';
import { PlanError } from '../plan-error.ts';
import { type ApprovalOutcome, approvePlan, type Word } from '../word/approval.ts';
import { backupRule } from './save-before.ts';
import { type BackupMeans, needsBackup, saveOrg } from './save-org.ts';

/** Approves a plan, having saved the org where what it releases changes much of it; without a backup it is refused. */
export async function approveSaved(
  means: BackupMeans & { readonly config: Pick<Config, 'backup' | 'guards'> },
  id: RunId,
  word: Word,
): Promise<ApprovalOutcome> {
  const { db, config, now } = means;
  const rule = backupRule(config);
  const run = await runOf(db, id);
  const isOpen = run !== undefined && (run.expires_at === null || run.expires_at > now());
  const { people } = config.guards.approval;
  const releases = people === 1 || (run?.approvals.length ?? 0) > 0;
  if (rule !== undefined && isOpen && releases) {
    const waiting = await operations(db, { run: id, states: ['planned', 'held'] });
    const summary = run.summary ?? (await latestCompleteRun(db, run.source_id))?.summary;
    if (needsBackup(waiting, summary?.profiles ?? 0, rule)) {
      try {
        await saveOrg(means, { rule, actor: word.actor, run: id, listed: undefined });
      } catch (error) {
        if (!(error instanceof PlanError)) throw error;
        return { kind: 'refused', sentence: `Plan ${id} was not approved. ${error.message}` };
      }
    }
  }
  return await approvePlan(db, id, word, now(), people);
}
