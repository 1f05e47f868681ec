/** `rollcall operations`: the latest operations, or the failed ones. */
import type { OperationState } from '../../store/operations/operation.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderOperations } from '../render/index.ts';
import type { Session } from '../session.ts';

export interface OperationsOptions {
  readonly failed?: boolean;
  readonly run?: string;
  readonly state?: OperationState;
  readonly limit: number;
}

export async function operations(
  session: Session,
  { failed, run, limit, ...options }: OperationsOptions,
): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const state = failed ? 'failed' : options.state;
    const found = await rollcall.operations(
      { run, states: state === undefined ? undefined : [state] },
      limit,
    );
    if (session.isJson) session.terminal.json(found);
    else for (const line of renderOperations(found, session.terminal)) session.terminal.line(line);
    return exitCodes.done;
  });
}
