/** `rollcall audit list|export|verify`: search the audit log, take it along, prove it whole. */
import {
  ArchiveError,
  type ArchivesVerdict,
  type ExportFormat,
  exportAudit,
  latestEntries,
  plainEntry,
  type Verdict,
  verifyAllEntries,
  verifyArchives,
} from '../../audit/index.ts';
import type { Store } from '../../store/index.ts';
import type { RunId } from '../../store/operation.ts';
import { verdictInWords } from '../../words/verdict.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { createdFile } from '../new-file.ts';
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
      await exportAudit(store.db, filterOf(options), options.format, session.stdout);
      return exitCodes.done;
    }
    const file = (await createdFile(session.pathOf(options.out), 'The audit log')).createWriteStream();
    await exportAudit(store.db, filterOf(options), options.format, file);
    await new Promise<void>((resolve) => file.end(resolve));
    session.terminal.line(`The audit log is in ${options.out}.`);
    return exitCodes.done;
  });
}

export interface AuditVerifyOptions {
  readonly head?: string;
  readonly archive?: readonly string[];
}

export async function auditVerify(session: Session, options: AuditVerifyOptions): Promise<ExitCode> {
  return await session.withEngine(async ({ store }) => {
    const archives =
      options.archive === undefined
        ? undefined
        : await archivesVerdict(store.db, options.archive.map(session.pathOf));
    const log = await verifyAllEntries(store.db, options.head);
    if (session.isJson) session.terminal.json(archives === undefined ? log : { ...log, archives });
    else for (const line of linesOf(log, archives)) session.terminal.line(line);
    return log.kind === 'whole' && archives?.kind !== 'broken' ? exitCodes.done : exitCodes.failed;
  });
}

async function archivesVerdict(db: Store['db'], paths: readonly string[]): Promise<ArchivesVerdict> {
  try {
    return await verifyArchives(db, paths);
  } catch (error) {
    if (error instanceof ArchiveError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function linesOf(log: Verdict, archives: ArchivesVerdict | undefined): readonly string[] {
  return [...archiveLines(archives), ...verdictInWords(log, archives !== undefined)];
}

function archiveLines(archives: ArchivesVerdict | undefined): readonly string[] {
  if (archives === undefined) return [];
  if (archives.kind === 'broken') return [`The archives and the log are not one chain. ${archives.sentence}`];
  const { first, last } = archives;
  const earlier = first === 1 ? '' : ` Entries 1 to ${first - 1} are in archives that were not given.`;
  return [`The archives are whole: entries ${first} to ${last}, and the log goes on from there.${earlier}`];
}
