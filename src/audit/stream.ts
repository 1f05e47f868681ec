/** Every entry, in the order of the chain, to a receiver outside: at least once, whatever dies when. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../store/schema.ts';
import { claimChore, releaseChore } from '../store/service/chores.ts';
import type { AuditSink } from './sink.ts';
import { entriesAfter } from './verify.ts';

const leaseMs = 60_000;
const batchSize = 500;
const firstBackoffMs = 1_000;

/** What the stream works with. */
export interface StreamMeans {
  readonly db: Kysely<Database>;
  /** This process, in the lease. */
  readonly owner: string;
  readonly log: Logger;
  /** Connects to the receiver. @throws where it is not there; it is tried again */
  open(stopping: AbortSignal): Promise<AuditSink>;
  /**
   * How long a connection must hold after a write until that counts as received. Syslog has no receipts: what was on its
   * way when a connection broke is sent again.
   */
  readonly settleMs: number;
  readonly pollMs: number;
  readonly maxBackoffMs: number;
}

/** The stream at work. */
export interface AuditStream {
  /** Waits for the batch under way; what follows it is sent after the next start. */
  stop(): Promise<void>;
}

/** Streams while this process has the lease; a receiver that is down is tried again with growing intervals. */
export function startAuditStream(means: StreamMeans): AuditStream {
  const stopping = new AbortController();
  const ended = keepStreaming(means, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** The last entry that the receiver has, as far as is known. */
export async function streamedUpTo(db: Kysely<Database>): Promise<number> {
  const row = await db.selectFrom('audit_stream').select('seq').executeTakeFirst();
  return Number(row?.seq ?? 0);
}

async function keepStreaming(means: StreamMeans, stopping: AbortSignal): Promise<void> {
  const { db, owner, log, pollMs, maxBackoffMs } = means;
  let backoffMs = firstBackoffMs;
  let isDown = false;
  const onProgress = (): void => {
    if (isDown) log.info({ event: 'audit-stream.up' }, 'The audit log is streamed again.');
    isDown = false;
    backoffMs = firstBackoffMs;
  };
  while (!stopping.aborted) {
    let waitMs = pollMs;
    try {
      if (await claimChore(db, 'audit-stream', owner, leaseMs)) await stream(means, stopping, onProgress);
    } catch (error) {
      if (stopping.aborted) break;
      const reason = error instanceof Error ? error.message : String(error);
      const sentence = `The audit log can't be streamed: ${reason}. It is tried again, and nothing is left out.`;
      if (isDown) log.debug({ event: 'audit-stream.down', err: error }, sentence);
      else log.error({ event: 'audit-stream.down', err: error }, sentence);
      isDown = true;
      waitMs = Math.min(backoffMs, maxBackoffMs);
      backoffMs = Math.min(backoffMs * 2, maxBackoffMs);
    }
    await sleep(waitMs, undefined, { signal: stopping }).catch(() => undefined);
  }
  await releaseChore(db, 'audit-stream', owner, false).catch((error: unknown) =>
    log.warn(
      { event: 'audit-stream.lease', err: error },
      'The lease of the audit stream runs out by itself.',
    ),
  );
}

/** One connection, from the cursor on, until the lease is another's. @throws what ended it */
async function stream(
  { db, owner, open, settleMs, pollMs }: StreamMeans,
  stopping: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  const sink = await open(stopping);
  try {
    let sent = await streamedUpTo(db);
    let settling: readonly { readonly seq: number; readonly at: number }[] = [];
    while (!stopping.aborted && (await claimChore(db, 'audit-stream', owner, leaseMs))) {
      const entries = await entriesAfter(db, sent, batchSize);
      sink.assertAlive();
      if (stopping.aborted) return;
      if (entries.length > 0) {
        await sink.write(entries);
        sent = Number(entries.at(-1)?.seq ?? sent);
        settling = [...settling, { seq: sent, at: performance.now() }];
      }
      const settled = settling.findLast(({ at }) => performance.now() - at >= settleMs);
      if (settled !== undefined) {
        await keepCursor(db, settled.seq);
        settling = settling.filter(({ seq }) => seq > settled.seq);
        onProgress();
      }
      if (entries.length < batchSize)
        await sleep(pollMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  } finally {
    await sink.close();
  }
}

async function keepCursor(db: Kysely<Database>, seq: number): Promise<void> {
  await db.updateTable('audit_stream').set({ seq }).where('seq', '<', String(seq)).execute();
}
