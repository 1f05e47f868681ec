/** `rollcall check`: is everything reachable, permitted and sane? One line each, with the mend. */
import type { LoadedConfig } from '../../../config/index.ts';
import { type CheckedPart, checkAll } from '../../engine/index.ts';
import { checkSignIn } from '../../server/access/oidc/check.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderCheck } from '../render/index.ts';
import type { Session } from '../session.ts';

export async function check({ terminal, signal, isJson, load }: Session): Promise<ExitCode> {
  const parts: CheckedPart[] = [];
  for await (const part of allParts(await load(), signal)) {
    parts.push(part);
    if (!isJson) for (const line of renderCheck(part, terminal)) terminal.line(line);
  }
  if (isJson) terminal.json(parts);
  return parts.every((part) => part.findings.every((finding) => finding.ok))
    ? exitCodes.done
    : exitCodes.failed;
}

async function* allParts(loaded: LoadedConfig, signal: AbortSignal): AsyncGenerator<CheckedPart> {
  yield* checkAll(loaded, signal);
  const findings = await checkSignIn(loaded.config.server);
  if (findings.length > 0) yield { part: 'sign-in', findings };
}
