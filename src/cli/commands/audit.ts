/** `rollcall audit list|export|verify`: search the audit log, take it along, prove it whole. */
import type { ArchivesVerdict, ExportFormat, Verdict } from '../../audit/index.ts';
import { verdictInWords } from '../../words/verdict.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { createdFile } from '../new-file.ts';
import { renderAudit } from '../render/index.ts';
import type { AuditWish } from '../rollcall/rollcall.ts';
import type { Session } from '../session.ts';

export async function auditList(
  session: Session,
  { limit, ...filter }: AuditWish & { readonly limit: number },
): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const entries = await rollcall.auditEntries(filter, limit);
    if (session.isJson) session.terminal.json(entries);
    else for (const line of renderAudit(entries, session.terminal)) session.terminal.line(line);
    return exitCodes.done;
  });
}

export async function auditExport(
  session: Session,
  { format, out, ...filter }: AuditWish & { readonly format: ExportFormat; readonly out?: string },
): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    if (out === undefined) {
      await rollcall.exportAudit(filter, format, session.stdout);
      return exitCodes.done;
    }
    const file = (await createdFile(session.pathOf(out), 'The audit log')).createWriteStream();
    const bar = session.terminal.progress('Exporting the audit log');
    const onProgress = (written: number): void => bar.update({ done: written, text: `${written} entries` });
    await rollcall.exportAudit(filter, format, file, onProgress).finally(() => bar.stop());
    await new Promise<void>((resolve) => file.end(resolve));
    session.terminal.line(`The audit log is in ${out}.`);
    return exitCodes.done;
  });
}

export interface AuditVerifyOptions {
  readonly head?: string;
  readonly archive?: readonly string[];
}

export async function auditVerify(
  session: Session,
  { head, archive }: AuditVerifyOptions,
): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const check = { head, archives: archive?.map(session.pathOf) };
    const bar = session.terminal.progress('Verifying the audit log');
    const onProgress = (done: number, total: number): void => bar.update({ done, total, text: 'entries' });
    const { log, archives } = await rollcall.verifyAudit(check, onProgress).finally(() => bar.stop());
    if (session.isJson) session.terminal.json(archives === undefined ? log : { ...log, archives });
    else for (const line of linesOf(log, archives)) session.terminal.line(line);
    return log.kind === 'whole' && archives?.kind !== 'broken' ? exitCodes.done : exitCodes.failed;
  });
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
