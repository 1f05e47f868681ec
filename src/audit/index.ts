/** The append-only, hash-chained record of who changed what, when, why, from what to what. */
export { appendAudit, audit } from './append.ts';
export { type Archived, type ArchiveOrder, archiveAudit } from './archive.ts';
export { ArchiveError } from './archive-file.ts';
export type { Break } from './chain.ts';
export { type AuditAction, type AuditEntry, auditActions, canonical, type StoredEntry } from './entry.ts';
export { type ExportFormat, exportAudit, plainEntry } from './export.ts';
export { openFileSink } from './file-sink.ts';
export { entriesOf, type LoggedPerson, peopleInLog, whoMadeRuns } from './of-person.ts';
export { type AuditBreak, auditBreak, verifyAllEntries, verifyNewEntries } from './remember.ts';
export { type AuditFilter, latestEntries } from './search.ts';
export type { AuditSink } from './sink.ts';
export { type AuditStream, type StreamMeans, startAuditStream, streamedUpTo } from './stream.ts';
export { openSyslogSink, type SyslogReceiver } from './syslog-sink.ts';
export { type OnVerified, type Verdict, verifyAudit } from './verify.ts';
export { type ArchivesVerdict, verifyArchives } from './verify-archives.ts';
