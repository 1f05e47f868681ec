/** `rollcall retry` and `rollcall discard`: what to do about failed operations. */

import type { Kysely } from 'kysely';
import { audit } from '../../audit/index.ts';
import { carryOutRun, type Engine, isServed } from '../../engine/index.ts';
import type { SourceId } from '../../identity/index.ts';
import type { OperationId, OperationKind } from '../../store/operation.ts';
import { moveOperations, type Operation, operations, retryFailed } from '../../store/operations.ts';
import type { Database } from '../../store/schema.ts';
import { didYouMean } from '../did-you-mean.ts';
import { type ExitCode, exitCodes, UsageError, worst } from '../exit.ts';
import { knownRun } from '../known-run.ts';
import { countsInWords, exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';

export interface FailureOptions {
  readonly run?: string;
  readonly source?: string;
  readonly kind?: OperationKind;
  /** Part of what the operation failed of, in any case of letters. */
  readonly saying?: string;
  readonly all?: boolean;
  readonly reason?: string;
}

/** Tries failed operations again, with all their attempts. */
export async function retry(
  session: Session,
  ids: readonly string[],
  options: FailureOptions,
): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const chosen = await chosenFailures(db, ids, options);
    const retried = await retryFailed(db, { ids: chosen.map((operation) => operation.id) });
    await note(session, db, 'operation.retried', retried, options.reason);
    const passedOver = chosen.length - retried.length;
    if (passedOver > 0) {
      session.terminal.note(
        `${passedOver} are passed over: a newer operation for the same person exists. The next run decides about them.`,
      );
    }
    session.terminal.line(`${retried.length} operations are tried again.`);
    if (retried.length === 0 || (await isServed(engine.store, 'worker'))) return exitCodes.done;
    return await carryOutHere(session, engine, retried);
  });
}

/** Takes failed operations off the list. Nothing is carried out; the next run looks at these people anew. */
export async function discard(
  session: Session,
  ids: readonly string[],
  options: FailureOptions,
): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const chosen = await chosenFailures(db, ids, options);
    await moveOperations(
      db,
      { ids: chosen.map((operation) => operation.id), states: ['failed'] },
      'discarded',
      undefined,
    );
    await note(session, db, 'operation.discarded', chosen, options.reason);
    session.terminal.line(`${chosen.length} operations are discarded.`);
    return exitCodes.done;
  });
}

async function chosenFailures(
  db: Kysely<Database>,
  ids: readonly string[],
  { run, source, kind, saying, all }: FailureOptions,
): Promise<readonly Operation[]> {
  const filters = [run, source, kind, saying].filter((filter) => filter !== undefined);
  if (ids.length === 0 && filters.length === 0 && !all) {
    throw new UsageError(
      'Say which: operation ids, --run RUN, --source ID, --kind KIND, --saying TEXT or --all. `rollcall operations --failed` lists them.',
    );
  }
  const wanted = saying?.toLowerCase();
  const failed = (
    await operations(db, {
      states: ['failed'],
      ...(run === undefined ? {} : { run: (await knownRun(db, run)).id }),
      ...(source === undefined ? {} : { source: source as SourceId }),
      ...(kind === undefined ? {} : { kinds: [kind] }),
    })
  ).filter(({ message }) => wanted === undefined || message?.toLowerCase().includes(wanted));
  if (ids.length === 0) return failed;
  return ids.map((id) => {
    const found = failed.find((operation) => operation.id === (id as OperationId));
    if (found === undefined)
      throw new UsageError(
        `There is no failed operation ${id}.${didYouMean(
          id,
          failed.map((operation) => operation.id),
        )} \`rollcall operations --failed\` lists them.`,
      );
    return found;
  });
}

async function note(
  session: Session,
  db: Kysely<Database>,
  action: 'operation.retried' | 'operation.discarded',
  chosen: readonly Operation[],
  reason: string | undefined,
): Promise<void> {
  const entries = chosen.map((operation) => ({
    actor: session.actor,
    action,
    run: operation.run_id,
    operation: operation.id,
    source: operation.source_id,
    anchor: operation.anchor,
    profile: operation.profile_id ?? undefined,
    email: operation.email ?? undefined,
    reason,
    details: { kind: operation.kind, message: operation.message },
  }));
  await audit(db, entries, new Date());
}

async function carryOutHere(
  session: Session,
  engine: Engine,
  retried: readonly Operation[],
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const run of new Set(retried.map((operation) => operation.run_id))) {
    const end = await carryOutRun(engine, run, session.signal);
    session.terminal.line(`Run ${run}: ${countsInWords(end.counts)}.`);
    codes.push(exitCodeOf(end));
  }
  return worst(codes);
}
