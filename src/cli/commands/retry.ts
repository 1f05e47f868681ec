/** `rollcall retry` and `rollcall discard`: what to do about failed operations. */
import { discardChosen, type Refusal, retryChosen } from '../../acts/index.ts';
import { type Engine, isServed } from '../../engine/index.ts';
import type { OperationKind } from '../../store/operation.ts';
import type { Operation } from '../../store/operations.ts';
import { carryOutWithBar } from '../carry-out.ts';
import { type ExitCode, exitCodes, UsageError, worst } from '../exit.ts';
import { countsInWords, exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';
import { unlessRefused } from '../unless-refused.ts';

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
  { reason, ...choice }: FailureOptions,
): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const acting = { engine, actor: session.actor };
    const { retried, passedOver } = specified(await retryChosen(acting, { ids, ...choice }, reason));
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
  { reason, ...choice }: FailureOptions,
): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const acting = { engine, actor: session.actor };
    const { discarded } = specified(await discardChosen(acting, { ids, ...choice }, reason));
    session.terminal.line(`${discarded.length} operations are discarded.`);
    return exitCodes.done;
  });
}

/** @throws {UsageError} where it was refused; what has to be said is told by the options that say it */
function specified<Outcome extends { readonly kind: string }>(outcome: Outcome | Refusal): Outcome {
  if ('why' in outcome && outcome.why === 'unspecified')
    throw new UsageError(
      'Say which: operation ids, --run RUN, --source ID, --kind KIND, --saying TEXT or --all. `rollcall operations --failed` lists them.',
    );
  return unlessRefused(outcome);
}

async function carryOutHere(
  session: Session,
  engine: Engine,
  retried: readonly Operation[],
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const run of new Set(retried.map((operation) => operation.run_id))) {
    const end = await carryOutWithBar(session, engine, run);
    session.terminal.line(`Run ${run}: ${countsInWords(end.counts)}.`);
    codes.push(exitCodeOf(end));
  }
  return worst(codes);
}
