/** The live stream of the audit log, as the configuration wants it. */
import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/index.ts';
import {
  type AuditSink,
  type AuditStream,
  openFileSink,
  openSyslogSink,
  startAuditStream,
} from '../audit/index.ts';
import type { Engine } from './engine.ts';

type StreamConfig = NonNullable<Config['audit']['stream']>;

export function startConfiguredStream(engine: Engine): AuditStream | undefined {
  const { stream } = engine.config.audit;
  if (stream === undefined) return undefined;
  return startAuditStream({
    db: engine.store.db,
    owner: engine.id,
    log: engine.log,
    open: (stopping) => openSink(stream, stopping),
    // A file is on the disk when it says so.
    settleMs: 'file' in stream ? 0 : 5_000,
    pollMs: 1_000,
    maxBackoffMs: 60_000,
  });
}

async function openSink(stream: StreamConfig, stopping: AbortSignal): Promise<AuditSink> {
  if ('file' in stream) return await openFileSink(stream.file);
  const { ca, ...receiver } = stream.syslog;
  const trusted = ca === undefined ? undefined : await readFile(ca, 'utf8');
  return await openSyslogSink({ ...receiver, ca: trusted }, stopping);
}
