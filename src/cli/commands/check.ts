/** `rollcall check`: is everything reachable, permitted and sane? One line each, with the mend. */
import { type CheckedPart, checkAll } from '../../engine/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderCheck } from '../render/index.ts';
import type { Session } from '../session.ts';

export async function check({ terminal, signal, isJson, load }: Session): Promise<ExitCode> {
  const parts: CheckedPart[] = [];
  for await (const part of checkAll(await load(), signal)) {
    parts.push(part);
    if (!isJson) for (const line of renderCheck(part, terminal)) terminal.line(line);
  }
  if (isJson) terminal.json(parts);
  return parts.every((part) => part.findings.every((finding) => finding.ok))
    ? exitCodes.done
    : exitCodes.failed;
}
