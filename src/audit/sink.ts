/** Where the live stream of the audit log goes. */
import type { StoredEntry } from './entry.ts';

export interface AuditSink {
  /**
   * Hands entries over, in their order.
   *
   * @throws where the receiver is not there, or is gone: then nothing counts as received that is not settled
   */
  write(entries: readonly StoredEntry[]): Promise<void>;
  /** @throws where the receiver went away since the last write */
  assertAlive(): void;
  close(): Promise<void>;
}
