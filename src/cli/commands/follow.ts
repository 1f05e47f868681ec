/** Waits for a run's end, and says what came of it. */
import { carryOutWithBar } from '../carry-out.ts';
import { renderPlan } from '../render/index.ts';
import type { Rollcall, ToldEnd } from '../rollcall/rollcall.ts';
import { countsInWords, haltInWords } from '../run-result.ts';
import type { Session } from '../session.ts';

export async function follow(session: Session, rollcall: Rollcall, run: string): Promise<ToldEnd> {
  const end = await carryOutWithBar(session, rollcall, run);
  if (!session.isJson) for (const line of await inWords(session, rollcall, end)) session.terminal.line(line);
  return end;
}

async function inWords(
  { terminal }: Session,
  rollcall: Rollcall,
  { run, counts, halt, unverified }: ToldEnd,
): Promise<readonly string[]> {
  if (run.state === 'failed')
    return [`Run ${run.id} of ${run.source} failed: ${run.error ?? ''} Nothing was changed.`];
  const notDone = ['held', 'failed', 'superseded'] as const;
  // One that was not made of a reading has no count of its own: all of it is shown.
  const states = run.summary === null ? undefined : notDone;
  const operations = await rollcall.operations({ run: run.id, states });
  const view = { run, operations, findings: await rollcall.findings(run.id) };
  return [
    ...renderPlan(view, terminal, { all: false }),
    `Run ${run.id} of ${run.source}: ${countsInWords(counts)}.`,
    ...(unverified === undefined ? [] : [unverified]),
    ...(halt === undefined ? [] : [haltInWords(halt)]),
  ];
}
