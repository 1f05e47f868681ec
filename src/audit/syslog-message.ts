/** An audit entry as a syslog message (RFC 5424), and as a frame in a stream (octet counting, RFC 6587 3.4.1). Pure. */
import type { StoredEntry } from './entry.ts';
import { plainEntry } from './export.ts';

/** Facility 13, log audit; severity 5, notice. */
const priority = 13 * 8 + 5;
/** A datagram holds 65,507 bytes at most. */
const maxDatagram = 60_000;

/** The JSON comes without a byte order mark, which RFC 5424 leaves open and JSON parsers stumble over. */
export function syslogMessage(entry: StoredEntry, host: string, pid: number): Buffer {
  return message(entry, JSON.stringify(plainEntry(entry)), host, pid);
}

/** One that fits into a datagram: without its details where it is too long with them. */
export function syslogDatagram(entry: StoredEntry, host: string, pid: number): Buffer {
  const whole = syslogMessage(entry, host, pid);
  if (whole.length <= maxDatagram) return whole;
  return message(entry, JSON.stringify({ ...plainEntry(entry), details: { tooLong: true } }), host, pid);
}

export const framed = (text: Buffer): Buffer => Buffer.concat([Buffer.from(`${text.length} `), text]);

function message(entry: StoredEntry, json: string, host: string, pid: number): Buffer {
  const name = host.replaceAll(/[^!-~]/g, '').slice(0, 255) || '-';
  return Buffer.from(`<${priority}>1 ${entry.at.toISOString()} ${name} rollcall ${pid} audit - ${json}`);
}
