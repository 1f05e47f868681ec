/** `rollcall audit list|export|verify`: search the audit log, take it along, prove it whole. */
import { type FileHandle, open } from 'node:fs/promises';
import {
  type ExportFormat,
  exportAudit,
  latestEntries,
  plainEntry,
  verifyAllEntries,
} from '../../audit/index.ts';
import type { RunId } from '../../store/operation.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { renderAudit } from '../render/index.ts';
import type { Session } from '../session.ts';

export interface AuditFilterOptions {
  readonly who?: string;
  readonly run?: string;
  readonly since?: Date;
}

const filterOf = ({ who, run, since }: AuditFilterOptions) => ({ who, run: run as RunId | undefined, since });

export async function auditList(
  session: Session,
  options: AuditFilterOptions & { readonly limit: number },
): Promise<ExitCode> {
  return await session.withEngine(async ({ store }) => {
    const entries = await latestEntries(store.db, filterOf(options), options.limit);
    if (session.isJson) session.terminal.json(entries.map(plainEntry));
    else for (const line of renderAudit(entries, session.terminal)) session.terminal.line(line);
    return exitCodes.done;
  });
}

export async function auditExport(
  session: Session,
  options: AuditFilterOptions & { readonly format: ExportFormat; readonly out?: string },
): Promise<ExitCode> {
  return await session.withEngine(async ({ store }) => {
    if (options.out === undefined) {
      await exportAudit(store.db, filterOf(options), options.format, process.stdout);
      return exitCodes.done;
    }
    // Personal data: for nobody's eyes but the operator's. An existing file is not overwritten.
    const file = (await createdFile(options.out)).createWriteStream();
    await exportAudit(store.db, filterOf(options), options.format, file);
    await new Promise<void>((resolve) => file.end(resolve));
    session.terminal.line(`The audit log is in ${options.out}.`);
    return exitCodes.done;
  });
}

async function createdFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `The audit log can't be written to ${path}: ${reason}. Name a new file in a folder that is there.`,
      { cause: error },
    );
  }
}

export async function auditVerify(session: Session, options: { readonly head?: string }): Promise<ExitCode> {
  return await session.withEngine(async ({ store }) => {
    const verdict = await verifyAllEntries(store.db, options.head);
    if (session.isJson) session.terminal.json(verdict);
    else if (verdict.kind === 'whole') {
      session.terminal.line(
        `The audit log is whole: ${verdict.entries} entries, each tied to the one before.`,
      );
      session.terminal.line(
        `Its head is ${verdict.head || '(empty)'}. Note it elsewhere; \`audit verify --head\` then proves that the log was not rewritten.`,
      );
    } else
      session.terminal.line(
        `The audit log is not whole. ${verdict.sentence} Compare it with an export or a backup.`,
      );
    return verdict.kind === 'whole' ? exitCodes.done : exitCodes.failed;
  });
}
