/** Lays before the checker what the sandbox recorded and the store keeps. */
import type { AuditedOperation, Evidence, StoredOperation } from '../model/evidence.ts';
import type { Scene } from './set-scene.ts';

export async function collectEvidence({ look, stage, before, spoken }: Scene): Promise<Evidence> {
  const audit = await look.rows(`
    SELECT seq, action, operation_id, anchor, email, details FROM audit
    WHERE action IN ('operation.done', 'operation.failed', 'operation.superseded') ORDER BY seq`);
  const operations = await look.rows(
    'SELECT id, run_id, kind, state, anchor, hold FROM operations ORDER BY id',
  );
  const runs = await look.rows('SELECT id, state, mode, only_who FROM runs ORDER BY requested_at');
  return {
    effects: stage.sandbox.effects,
    before,
    users: stage.sandbox.users,
    audited: audit.map(auditedOperation),
    operations: operations.map(
      (row): StoredOperation => ({
        id: String(row.id),
        run: String(row.run_id),
        kind: String(row.kind),
        state: String(row.state),
        anchor: String(row.anchor),
        isHeld: row.hold !== null,
      }),
    ),
    runs: runs.map((row) => ({
      id: String(row.id),
      state: String(row.state),
      isForOne: row.only_who !== null,
      isDryRun: row.mode === 'plan',
    })),
    spoken,
  };
}

function auditedOperation(row: Readonly<Record<string, unknown>>): AuditedOperation {
  const details = Object(row.details) as Readonly<Record<string, unknown>>;
  const outcome = String(row.action).replace('operation.', '');
  if (outcome !== 'done' && outcome !== 'failed' && outcome !== 'superseded')
    throw new Error(`The audit log has an outcome that nobody knows: ${outcome}.`);
  return {
    seq: Number(row.seq),
    operation: String(row.operation_id),
    outcome,
    kind: String(details.kind),
    anchor: String(row.anchor),
    email: row.email === null ? undefined : String(row.email),
    attempts: Number(details.attempts),
    message: typeof details.message === 'string' ? details.message : undefined,
  };
}
