import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { audit } from '../../audit/index.ts';
import type { Database } from '../../store/schema.ts';
import { liftPause } from '../../store/service/pauses.ts';

/** Lets execution go on after a refused key, once the profile API has accepted it again. */
export async function resumeExecution(db: Kysely<Database>, log: Logger, now: Date): Promise<void> {
  if (!(await liftPause(db))) return;
  const reason = 'The profile API accepts the key again.';
  log.info({ event: 'execution.resumed' }, reason);
  await audit(db, [{ actor: 'rollcall', action: 'execution.resumed', reason }], now);
}
