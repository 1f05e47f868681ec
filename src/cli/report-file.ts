/** `--html FILE`: plans as a report for whoever decides, who may not have Rollcall at all. */
import { rm } from 'node:fs/promises';
import type { ToldPlan } from '../json/index.ts';
import { createdFile } from './new-file.ts';
import { renderReport } from './render/index.ts';
import type { Session } from './session.ts';

/** Told what the report is to be about. */
export type Report = (views: readonly ToldPlan[]) => void;

/** The file is made first: nobody wants to hear after a plan of ten minutes that it can't be. */
export async function withReport<Result>(
  session: Session,
  given: string | undefined,
  work: (report: Report) => Promise<Result>,
): Promise<Result> {
  if (given === undefined) return await work(() => undefined);
  const path = session.pathOf(given);
  const file = await createdFile(path, 'The report');
  let text: string | undefined;
  try {
    const result = await work((views) => {
      text = renderReport(views, new Date());
    });
    if (text !== undefined) await file.writeFile(text);
    return result;
  } finally {
    await file.close();
    if (text === undefined) await rm(path, { force: true });
    else
      session.terminal.note(`The report is in ${given}. It holds personal data; only you can read the file.`);
  }
}
