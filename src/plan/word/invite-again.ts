/** Plans one more invitation for somebody who has not accepted, or was made an account, by an operator's word. */
import { type Kysely, sql } from 'kysely';
import { appendAudit } from '../../audit/index.ts';
import type { Member, SourceId } from '../../identity/index.ts';
import { type Policy, wordOf } from '../../reconcile/index.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { keepOperations, undecidedInvitations } from '../../store/operations/operations.ts';
import { lockReleases } from '../../store/operations/releases.ts';
import type { Link } from '../../store/people/link.ts';
import { linkOf } from '../../store/people/links.ts';
import { rulingOn } from '../../store/people/rulings.ts';
import { requestRun } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import { PlanError } from '../plan-error.ts';
import type { Word } from './approval.ts';

/** `atMost`: invitations to one person, the first one included. */
export type InvitingPolicy = Pick<Policy, 'onboard'> & Pick<Policy['invite'], 'atMost'>;

/**
 * Stores a released run with one invitation. By hand it may come before the last one has expired, since a mail can be
 * lost; more than the configured number is refused all the same.
 *
 * @throws {PlanError} where they can't be invited again
 */
export async function planInvitation(
  db: Kysely<Database>,
  source: SourceId,
  member: Member,
  word: Word,
  policy: InvitingPolicy,
  now: Date,
): Promise<RunId> {
  return await db.transaction().execute(async (tx) => {
    // Two operators at the same moment: the second one finds the first one's operation.
    await lockReleases(tx, source);
    const link = await requireOpen(tx, source, member, policy);
    const id = await requestRun(tx, {
      source,
      mode: 'apply',
      trigger: 'hand',
      actor: word.actor,
      onlyWho: member.email,
    });
    const { anchor, label, email, desired } = member;
    const profileId = link.profileId;
    const reason =
      profileId === undefined
        ? `They have not accepted yet, and are invited again: ${wordOf(word)}.`
        : `They are invited again to the account that was made for them: ${wordOf(word)}.`;
    const values = { before: {}, after: profileId === undefined ? desired : {}, desired };
    const proposed = {
      kind: 'invite',
      anchor,
      profileId,
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

/** @throws {PlanError} where they can't be invited again */
async function requireOpen(
  db: Kysely<Database>,
  source: SourceId,
  { anchor, label }: Member,
  { onboard, atMost }: InvitingPolicy,
): Promise<Link> {
  const ruling = await rulingOn(db, source, anchor);
  if (ruling?.kind === 'ignore')
    throw new PlanError(`${label} is to be left alone (${wordOf(ruling)}). \`rollcall unignore\` ends that.`);
  const undecided = (await undecidedInvitations(db, source)).get(anchor);
  if (undecided !== undefined)
    throw new PlanError(
      `Whether ${label} was invited is not known: the answer to ${undecided} was lost. \`rollcall retry ${undecided}\` sends an invitation (again).`,
    );
  const link = await linkOf(db, source, anchor);
  // Whether they have used the account cannot be told for sure, and a person asks for this.
  const isToAccount = link?.origin === 'created' && (link.invitations > 0 || onboard === 'create-and-invite');
  if (link === undefined || (link.origin !== 'invited' && !isToAccount))
    throw new PlanError(`${label} was never invited by Rollcall: the next run decides what they get.`);
  if (isToAccount && link.profileId === undefined)
    throw new PlanError(
      `The account that was made for ${label} is not in the listing yet. Try again after the next run.`,
    );
  if (link.profileId !== undefined && !isToAccount)
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
  return link;
}
