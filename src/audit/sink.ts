/** Where the live stream of the audit log goes. */
import type { StoredEntry } from './entry.ts';

/** A receiver of entries, connected. */
export interface AuditSink {
  /**
   * Hands entries over, in their order.
   *
   * @throws where the receiver is not there, or is gone: then nothing counts as received that is not settled
   */
  write(entries: readonly StoredEntry[]): Promise<void>;
  /** @throws where the receiver went away since the last write */
  assertAlive(): void;
  /** Lets go of the receiver, whatever has been settled. */
  close(): Promise<void>;
}
