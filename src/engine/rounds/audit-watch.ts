/** Looks whether the audit log is whole, and says so loudly where it is not. The work goes on: leavers don't wait for it. */
import { auditBreak, verifyNewEntries } from '../../audit/index.ts';
import type { Engine } from '../engine.ts';

/** Verifies what is new in the log since it was last verified, by whichever process; a break found before is told again. */
export async function watchAudit(
  { store, log }: Pick<Engine, 'store' | 'log'>,
  signal?: AbortSignal,
): Promise<void> {
  const verdict = await verifyNewEntries(store.db, signal);
  const broken = await auditBreak(store.db);
  if (broken !== undefined) {
    log.error(
      { event: 'audit.broken', entry: broken.at, since: broken.since },
      `The audit log is broken at entry ${broken.at}: ${broken.sentence} The service goes on. Compare the log with an export or a backup; \`rollcall audit verify\` looks at all of it.`,
    );
    return;
  }
  if (verdict.kind === 'whole')
    log.info(
      { event: 'audit.verified', last: verdict.last, entries: verdict.entries },
      'The audit log is whole, as far as it is new.',
    );
}
