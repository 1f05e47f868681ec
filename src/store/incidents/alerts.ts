/** Messages to people: each is stored with the incidents that it tells of, and stays until its channel has it. */
import { type Kysely, sql } from 'kysely';
import { inMs } from '../runs/runs.ts';
import type { AlertTable, Database } from '../schema.ts';
import type { AlertContent, ClaimedAlert } from './incident.ts';

/** One message to one channel. */
export interface NewAlert {
  readonly id: string;
  readonly channel: string;
  readonly content: AlertContent;
}

/** Keeps messages that are to be sent. */
export async function queueAlerts(db: Kysely<Database>, alerts: readonly NewAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await db
    .insertInto('alerts')
    .values(alerts.map(({ id, channel, content }) => ({ id, channel, content: JSON.stringify(content) })))
    .execute();
}

/**
 * Takes the oldest message of a channel, so that nobody else sends it while the lease lasts. The ones behind it wait, so
 * that the end of something is not told before its beginning, and a channel that is down is left in peace.
 */
export async function claimAlert(
  db: Kysely<Database>,
  channel: string,
  owner: string,
  leaseMs: number,
): Promise<ClaimedAlert | undefined> {
  const row = await db
    .updateTable('alerts')
    .set({ lease_owner: owner, lease_until: inMs(leaseMs), attempts: sql`attempts + 1` })
    .where('seq', '=', ({ selectFrom }) =>
      selectFrom('alerts as first')
        .select('first.seq')
        .where('first.channel', '=', channel)
        .where('first.ended_at', 'is', null)
        .orderBy('first.seq')
        .limit(1),
    )
    .where('ended_at', 'is', null)
    .where('not_before', '<=', sql<Date>`now()`)
    .where(({ or, eb }) => or([eb('lease_until', 'is', null), eb('lease_until', '<', sql<Date>`now()`)]))
    .returning(['seq', 'id', 'content', 'made_at', 'attempts', 'trouble'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { seq, id, content, made_at: madeAt, attempts, trouble } = row;
  return { seq, id, content, madeAt, attempts, trouble: trouble ?? undefined };
}

/** Ends a message. Nothing happens where the lease ran out and somebody else has it. */
export async function endAlert(
  db: Kysely<Database>,
  seq: string,
  owner: string,
  end: { readonly state: NonNullable<AlertTable['state']>; readonly trouble: string | undefined },
): Promise<void> {
  await db
    .updateTable('alerts')
    .set({
      state: end.state,
      trouble: end.trouble ?? null,
      ended_at: sql`now()`,
      lease_owner: null,
      lease_until: null,
    })
    .where('seq', '=', seq)
    .where('lease_owner', '=', owner)
    .execute();
}

/** Gives a message back, to be tried again. @param again.countsAsAttempt - false where it was not the channel's fault */
export async function postponeAlert(
  db: Kysely<Database>,
  seq: string,
  owner: string,
  again: { readonly delayMs: number; readonly trouble: string; readonly countsAsAttempt: boolean },
): Promise<void> {
  await db
    .updateTable('alerts')
    .set({
      not_before: inMs(again.delayMs),
      trouble: again.trouble,
      lease_owner: null,
      lease_until: null,
      ...(again.countsAsAttempt ? {} : { attempts: sql`greatest(attempts - 1, 0)` }),
    })
    .where('seq', '=', seq)
    .where('lease_owner', '=', owner)
    .execute();
}

/** A channel that does not take its messages. */
export interface ChannelTrouble {
  readonly channel: string;
  readonly waiting: number;
  readonly since: Date;
  readonly trouble: string;
}

/** Those of the channels of which a message could not be delivered and is still to be. */
export async function channelTroubles(
  db: Kysely<Database>,
  channels: readonly string[],
): Promise<readonly ChannelTrouble[]> {
  const rows = await db
    .selectFrom('alerts')
    .select(({ fn }) => [
      'channel',
      fn.countAll<string>().as('waiting'),
      fn.min('made_at').as('since'),
      sql<string | null>`(array_agg(trouble ORDER BY seq))[1]`.as('trouble'),
    ])
    .where('ended_at', 'is', null)
    .where(sql<boolean>`channel = any(${channels})`)
    .groupBy('channel')
    .orderBy('channel')
    .execute();
  return rows.flatMap(({ channel, waiting, since, trouble }) =>
    trouble === null ? [] : [{ channel, waiting: Number(waiting), since, trouble }],
  );
}

/** Forgets messages that are over, and those of channels that nobody has any more. */
export async function deleteOldAlerts(db: Kysely<Database>, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('alerts')
    .where('made_at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
