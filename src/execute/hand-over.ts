/** Ends the ties that an adoption replaces, in the transaction that makes the new one. */
import type { Transaction } from 'kysely';
import { type AuditEntry, appendAudit } from '../audit/index.ts';
import type { ProfileId } from '../profile-api/index.ts';
import type { Operation } from '../store/operations/operations.ts';
import { supersedeUnsent } from '../store/operations/supersede.ts';
import { dropLink, linkOf } from '../store/people/links.ts';
import { dropRuling } from '../store/people/rulings.ts';
import type { Database } from '../store/schema.ts';

/**
 * Takes the profile from whom the operation releases, lets go of another one that the person had, and forgets the ruling,
 * which is carried out with this. What waits for the person who is released is dropped: it would meet somebody else's profile.
 */
export async function handOver(
  tx: Transaction<Database>,
  operation: Operation,
  profile: ProfileId,
  now: Date,
): Promise<void> {
  const { source_id: source, anchor, releases } = operation;
  const entries: AuditEntry[] = [];
  const entry = {
    actor: 'worker',
    action: 'link.released',
    run: operation.run_id,
    operation: operation.id,
  } as const;

  const from = operation.releases_source ?? source;
  const former = releases === null ? undefined : await linkOf(tx, from, releases);
  if (former !== undefined && former.profileId === profile) {
    await dropLink(tx, { source: from, anchor: former.anchor });
    await supersedeUnsent(
      tx,
      { source: from, anchor: former.anchor },
      `Their profile has passed to ${operation.label}.`,
    );
    const details = { passedTo: anchor, ...(from === source ? {} : { passedToSource: source }) };
    const { email, anchor: who } = former;
    entries.push({ ...entry, source: from, anchor: who, profile, email, reason: operation.reason, details });
  }
  const own = await linkOf(tx, source, anchor);
  if (own?.profileId !== undefined && own.profileId !== profile) {
    const details = { nowTiedTo: profile };
    const { email, profileId } = own;
    entries.push({ ...entry, source, anchor, profile: profileId, email, reason: operation.reason, details });
  }
  await dropRuling(tx, { source, anchor, kind: 'adopt' });
  if (entries.length > 0) await appendAudit(tx, entries, now);
}
