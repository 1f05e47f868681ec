/** Audit entries for tests, and an empty log to put them into. */
import { type Kysely, sql } from 'kysely';
import type { AuditEntry } from '../../src/audit/index.ts';
import type { OperationId, RunId } from '../../src/store/operations/operation.ts';
import type { Database } from '../../src/store/schema.ts';
import { anchor, sourceId } from './people.ts';

/** That many entries about that many people. */
export const entries = (count: number, run = 'k3v9m2wt'): readonly AuditEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    actor: 'worker',
    action: 'operation.done',
    run: run as RunId,
    operation: `${run}.${index}` as OperationId,
    source: sourceId('corp'),
    anchor: anchor(`anchor-${index}`),
    email: `p${index}@example.org`,
    reason: 'They are in scope “here”, and have no profile yet.\u2028',
    details: { z: 1, a: [null, { y: 'é', x: 1.5 }], before: {}, after: { name: 'Zoë\n' } },
  }));

/** As of a new store: nothing written, archived, verified or streamed. */
export async function emptyLog(db: Kysely<Database>): Promise<void> {
  await sql`DELETE FROM audit`.execute(db);
  for (const table of ['audit_head', 'audit_checkpoint'] as const)
    await sql`UPDATE ${sql.table(table)} SET seq = 0, hash = ''`.execute(db);
  await sql`UPDATE audit_verified SET seq = 0, hash = '', broken_at = NULL, broken_sentence = NULL, broken_since = NULL`.execute(
    db,
  );
  await sql`UPDATE audit_stream SET seq = 0`.execute(db);
}
