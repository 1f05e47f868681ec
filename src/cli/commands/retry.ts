/** `rollcall retry` and `rollcall discard`: what to do about failed operations. */
import type { FailureChoice } from '../../acts/index.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import { carryOutWithBar } from '../carry-out.ts';
import { type ExitCode, exitCodes, UsageError, worst } from '../exit.ts';
import type { Rollcall } from '../rollcall/rollcall.ts';
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
  { reason, ...options }: FailureOptions,
): Promise<ExitCode> {
  const choice = specified({ ids, ...options });
  return await session.withRollcall(async (rollcall) => {
    const { retried, runs, passedOver, served } = await rollcall.retry(choice, reason);
    if (passedOver > 0) {
      session.terminal.note(
        `${passedOver} are passed over: a newer operation for the same person exists. The next run decides about them.`,
      );
    }
    session.terminal.line(`${retried.length} operations are tried again.`);
    if (retried.length === 0 || served) return exitCodes.done;
    return await carriedOut(session, rollcall, runs);
  });
}

/** Takes failed operations off the list. Nothing is carried out; the next run looks at these people anew. */
export async function discard(
  session: Session,
  ids: readonly string[],
  { reason, ...options }: FailureOptions,
): Promise<ExitCode> {
  const choice = specified({ ids, ...options });
  return await session.withRollcall(async (rollcall) => {
    const discarded = await rollcall.discard(choice, reason);
    session.terminal.line(`${discarded} operations are discarded.`);
    return exitCodes.done;
  });
}

/** @throws {UsageError} where nothing says which are meant, with the options that say it */
function specified(choice: FailureChoice): FailureChoice {
  const { ids = [], ...filters } = choice;
  if (ids.length > 0 || Object.values(filters).some((filter) => filter !== undefined && filter !== false))
    return choice;
  throw new UsageError(
    'Say which: operation ids, --run RUN, --source ID, --kind KIND, --saying TEXT or --all. `rollcall operations --failed` lists them.',
  );
}

async function carriedOut(session: Session, rollcall: Rollcall, runs: readonly string[]): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const run of runs) {
    const end = await carryOutWithBar(session, rollcall, run);
    session.terminal.line(`Run ${run}: ${countsInWords(end.counts)}.`);
    codes.push(exitCodeOf(end));
  }
  return worst(codes);
}
