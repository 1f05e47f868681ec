/** Plans the way back to a backup: for linked profiles, what the API shows and lets anybody change. */
import { type Kysely, sql } from 'kysely';
import { appendAudit } from '../../audit/index.ts';
import type { SourceId } from '../../identity/index.ts';
import type { Profile, ProfileId } from '../../profile-api/index.ts';
import { emailKey } from '../../reconcile/index.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { keepOperations } from '../../store/operations/operations.ts';
import { linksOf } from '../../store/people/links.ts';
import { rulings } from '../../store/people/rulings.ts';
import { inMs, keepFindings, requestRun } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import type { SavedProfile } from './file.ts';
import { type RestoreStep, restoreStep } from './restore-step.ts';

/** What is to go back to a backup. */
export interface RestoreAsked {
  readonly source: SourceId;
  readonly actor: string;
  /** The backup, and its name for the reasons. */
  readonly saved: readonly SavedProfile[];
  readonly name: string;
  /** The org as it is. */
  readonly present: readonly Profile[];
  readonly ownProfile: ProfileId;
  /** E-mail addresses and profile ids that are never deactivated. */
  readonly protectedNames: readonly string[];
  readonly expiryMs: number;
}

/** The plan that does it. */
export interface RestorePlan {
  readonly plan: RunId;
  readonly operations: number;
}

/**
 * Stores a plan that puts the linked profiles of a source back as the backup shows them; what can't be put back is named
 * in its findings. Nothing is done before the plan is approved.
 */
export async function planRestore(
  db: Kysely<Database>,
  asked: RestoreAsked,
  now: Date,
): Promise<RestorePlan> {
  const { source, actor, name } = asked;
  const steps = await stepsOf(db, asked);
  const proposed = steps.flatMap((step) => (step.kind === 'operate' ? [step.operation] : []));
  const findings = steps.flatMap(({ findings: some }) => some);
  return await db.transaction().execute(async (tx) => {
    const plan = await requestRun(tx, { source, mode: 'plan', trigger: 'hand', actor, onlyWho: undefined });
    await keepOperations(
      tx,
      proposed.map((operation, index) => ({
        run: plan,
        seq: index + 1,
        source,
        state: 'planned',
        hold: undefined,
        proposed: operation,
      })),
    );
    await keepFindings(tx, plan, findings);
    const waits = proposed.length > 0;
    await tx
      .updateTable('runs')
      .set({
        state: waits ? 'planned' : 'done',
        started_at: sql`now()`,
        planned_at: sql`now()`,
        expires_at: waits ? inMs(asked.expiryMs) : null,
        ended_at: waits ? null : sql`now()`,
      })
      .where('id', '=', plan)
      .execute();
    const details = { restores: name, operations: proposed.length, left: findings.length };
    await appendAudit(tx, [{ actor, action: 'run.planned', run: plan, source, details }], now);
    return { plan, operations: proposed.length };
  });
}

async function stepsOf(db: Kysely<Database>, asked: RestoreAsked): Promise<readonly RestoreStep[]> {
  const { source, saved, present, name, ownProfile, protectedNames } = asked;
  const then = new Map(saved.map((one) => [one.profile.profileId, one]));
  const now = new Map(present.map((one) => [one.profileId, one]));
  const ignored = new Set(
    (await rulings(db, source)).filter(({ kind }) => kind === 'ignore').map(({ anchor }) => anchor),
  );
  const protectedKeys = new Set(protectedNames.flatMap((one) => [one, emailKey(one)]));
  const links = await linksOf(db, source);
  return links.flatMap((link) => {
    const before = link.profileId === undefined ? undefined : then.get(link.profileId);
    if (before === undefined) return [];
    const current = now.get(before.profile.profileId);
    const { profileId, email } = before.profile;
    const isProtected =
      profileId === ownProfile ||
      [profileId, current?.email ?? email ?? ''].some(
        (one) => protectedKeys.has(one) || protectedKeys.has(emailKey(one)),
      );
    return [restoreStep(link, before, current, { name, isProtected, isIgnored: ignored.has(link.anchor) })];
  });
}
