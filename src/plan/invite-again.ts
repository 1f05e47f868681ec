/** Plans one more invitation for somebody who has not accepted, by an operator's word. */
import { type Kysely, sql } from 'kysely';
import { appendAudit } from '../audit/index.ts';
import type { Member, SourceId } from '../identity/index.ts';
import { wordOf } from '../reconcile/index.ts';
import { linkOf } from '../store/links.ts';
import type { RunId } from '../store/operation.ts';
import { keepOperations, undecidedInvitations } from '../store/operations.ts';
import { lockReleases } from '../store/releases.ts';
import { rulingOn } from '../store/rulings.ts';
import { requestRun } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import type { Word } from './approval.ts';
import { PlanError } from './plan-error.ts';

/**
 * Stores a released run with one invitation. By hand it may come before the last one has expired, since a mail can be
 * lost; more than the configured number is refused all the same.
 *
 * @param atMost - invitations to one person, the first one included
 * @throws {PlanError} where they can't be invited again
 */
export async function planInvitation(
  db: Kysely<Database>,
  source: SourceId,
  member: Member,
  word: Word,
  atMost: number,
  now: Date,
): Promise<RunId> {
  return await db.transaction().execute(async (tx) => {
    // Two operators at the same moment: the second one finds the first one's operation.
    await lockReleases(tx, source);
    await refuseUnlessOpen(tx, source, member, atMost);
    const id = await requestRun(tx, {
      source,
      mode: 'apply',
      trigger: 'hand',
      actor: word.actor,
      onlyWho: member.email,
    });
    const { anchor, label, email, desired } = member;
    const reason = `They have not accepted yet, and are invited again: ${wordOf(word)}.`;
    const values = { before: {}, after: desired, desired };
    const proposed = {
      kind: 'invite',
      anchor,
      profileId: undefined,
      label,
      email,
      reason,
      ...values,
    } as const;
    await keepOperations(tx, [{ run: id, seq: 1, source, state: 'queued', hold: undefined, proposed }]);
    await tx
      .updateTable('runs')
      .set({ state: 'executing', started_at: sql`now()`, planned_at: sql`now()` })
      .where('id', '=', id)
      .execute();
    const entry = { ...word, action: 'run.planned', run: id, source, anchor, email } as const;
    await appendAudit(tx, [{ ...entry, details: { invitesAgain: true } }], now);
    return id;
  });
}

async function refuseUnlessOpen(
  db: Kysely<Database>,
  source: SourceId,
  { anchor, label }: Member,
  atMost: number,
): Promise<void> {
  const ruling = await rulingOn(db, source, anchor);
  if (ruling?.kind === 'ignore')
    throw new PlanError(`${label} is to be left alone (${wordOf(ruling)}). \`rollcall unignore\` ends that.`);
  const undecided = (await undecidedInvitations(db, source)).get(anchor);
  if (undecided !== undefined)
    throw new PlanError(
      `Whether ${label} was invited is not known: the answer to ${undecided} was lost. \`rollcall retry ${undecided}\` sends an invitation (again).`,
    );
  const link = await linkOf(db, source, anchor);
  if (link === undefined || link.origin !== 'invited')
    throw new PlanError(`${label} was never invited by Rollcall: the next run decides what they get.`);
  if (link.profileId !== undefined)
    throw new PlanError(`${label} has accepted: profile ${link.profileId} is theirs.`);
  if (link.invitations >= atMost)
    throw new PlanError(
      `${label} was invited ${link.invitations} times, and lifecycle.invite.atMost allows ${atMost}. Ask them, or raise it.`,
    );
  const open = await db
    .selectFrom('operations')
    .select('id')
    .where('source_id', '=', source)
    .where('anchor', '=', anchor)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  if (open !== undefined)
    throw new PlanError(`Operation ${open.id} for ${label} is under way. Wait for its end.`);
}
