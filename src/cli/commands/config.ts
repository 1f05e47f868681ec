/** `rollcall config validate|explain|schema`. */
import { configInWords, configJsonSchema, redactConfig } from '../../../config/index.ts';
import { rulesOf } from '../../engine/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderChapters } from '../render/index.ts';
import type { Session } from '../session.ts';

export async function configValidate(session: Session): Promise<ExitCode> {
  const loaded = await session.load();
  rulesOf(loaded);
  if (session.isJson) session.terminal.json(redactConfig(loaded.config));
  else session.terminal.line(`${loaded.file} is valid.`);
  return exitCodes.done;
}

/** For editors: most know a JSON Schema for YAML files. */
export async function configSchema(session: Session): Promise<ExitCode> {
  session.terminal.json(configJsonSchema());
  return exitCodes.done;
}

/** For whoever has to agree with it, and does not read YAML. */
export async function configExplain(session: Session): Promise<ExitCode> {
  const { terminal } = session;
  const loaded = await session.load();
  rulesOf(loaded);
  const chapters = configInWords(loaded.config);
  if (session.isJson) terminal.json(chapters);
  else for (const line of renderChapters(chapters, terminal)) terminal.line(line);
  return exitCodes.done;
}
