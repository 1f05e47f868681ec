/** `rollcall explain`: one person, end to end. It changes nothing. */
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderExplanation } from '../render/index.ts';
import type { Session } from '../session.ts';

export interface ExplainOptions {
  readonly source?: string;
}

export async function explainWho(
  session: Session,
  who: string,
  { source }: ExplainOptions,
): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const explanation = await rollcall.explain(who, source);
    const { terminal } = session;
    if (session.isJson) terminal.json(explanation);
    else for (const line of renderExplanation(explanation, terminal)) terminal.line(line);
    return exitCodes.done;
  });
}
