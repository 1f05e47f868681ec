/** Takes back the word that somebody left: from then on the ordinary rules go on. */
import type { Transaction } from 'kysely';
import { appendAudit } from '../audit/index.ts';
import { endDepartures, standingWord } from '../store/departures/departures.ts';
import { supersedeUnsent } from '../store/operations/supersede.ts';
import type { Link } from '../store/people/link.ts';
import type { Database } from '../store/schema.ts';
import { addRevisits } from '../store/sources/cursors.ts';
import type { Answer } from './word.ts';

/** The caller holds the lock on the source's releases. */
export async function takeBack(
  tx: Transaction<Database>,
  {
    source,
    anchor,
    label,
    email,
    profileId,
  }: Pick<Link, 'source' | 'anchor' | 'label' | 'email' | 'profileId'>,
  word: { readonly actor: string; readonly reason: string; readonly eventId?: string | undefined },
  now: Date,
): Promise<Answer> {
  const present = await standingWord(tx, { source, anchor });
  if (present === undefined)
    return {
      outcome: 'nothing-to-take-back',
      sentence: `Nobody has said that ${label} left, so there is nothing to take back. A leave date, or that they are disabled, is the word of ${source}: mend it there.`,
    };
  const { actor, reason, eventId } = word;
  await endDepartures(tx, [present.id], { actor, reason });
  const dropped = await supersedeUnsent(
    tx,
    { source, anchor },
    `The word that they left was taken back by ${actor}: ${JSON.stringify(reason)}.`,
  );
  await addRevisits(tx, source, [{ anchor }]);
  const details = {
    eventId,
    cause: present.cause,
    since: present.dueAt.toISOString(),
    superseded: dropped.length,
  };
  const entry = { actor, action: 'departure.taken-back', source, anchor, profile: profileId, email } as const;
  await appendAudit(tx, [{ ...entry, reason, details }], now);
  const isPast = present.dueAt <= now;
  return {
    outcome: 'taken-back',
    sentence: isPast
      ? `The word that ${label} left is taken back. The next run treats them by the rules again: it reactivates whom Rollcall deactivated if their source says that they belong (lifecycle.reactivate).`
      : `${label} does not leave at ${present.dueAt.toISOString()} any more.`,
  };
}
