/** `rollcall operations`: the latest operations, or the failed ones. */
import { operationJson } from '../../json/index.ts';
import type { OperationState } from '../../store/operation.ts';
import { operations as storedOperations } from '../../store/operations.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { knownRun } from '../known-run.ts';
import { renderOperations } from '../render/index.ts';
import type { Session } from '../session.ts';

export interface OperationsOptions {
  readonly failed?: boolean;
  readonly run?: string;
  readonly state?: OperationState;
  readonly limit: number;
}

export async function operations(session: Session, options: OperationsOptions): Promise<ExitCode> {
  return await session.withEngine(async ({ store }) => {
    const state = options.failed ? 'failed' : options.state;
    const filter = {
      ...(options.run === undefined ? {} : { run: (await knownRun(store.db, options.run)).id }),
      ...(state === undefined ? {} : { states: [state] }),
    };
    const found = await storedOperations(store.db, filter, options.limit);
    if (session.isJson) session.terminal.json(found.map(operationJson));
    else for (const line of renderOperations(found, session.terminal)) session.terminal.line(line);
    return exitCodes.done;
  });
}
