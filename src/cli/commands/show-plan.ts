import type { ToldPlan } from '../../json/index.ts';
import { renderPlan } from '../render/index.ts';
import type { Session } from '../session.ts';

/** Prints a run with its plan. @param all - whether long lists are shown in full */
export function showPlan({ terminal, isJson }: Session, plan: ToldPlan, all: boolean): void {
  if (isJson) terminal.json(plan);
  else for (const line of renderPlan(plan, terminal, { all })) terminal.line(line);
}
