/** The stream to a syslog receiver: over TCP, TLS (RFC 5425) or UDP (RFC 5426). */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import type { StoredEntry } from './entry.ts';
import type { AuditSink } from './sink.ts';
import { framed, syslogDatagram, syslogMessage } from './syslog-message.ts';

/** For connecting, and for a receiver that takes nothing any more. */
const timeoutMs = 20_000;

/** Where entries go, and how. */
export interface SyslogReceiver {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'tls' | 'udp';
  /** CA certificates (PEM) in place of the usual ones. */
  readonly ca?: string | undefined;
}

/**
 * @param stopping - breaks off what waits for the receiver
 * @throws where nobody can be connected to, or the certificate is not to be trusted
 */
export async function openSyslogSink(receiver: SyslogReceiver, stopping: AbortSignal): Promise<AuditSink> {
  return receiver.protocol === 'udp' ? udpSink(receiver) : await streamSink(receiver, stopping);
}

async function streamSink(
  { host, port, protocol, ca }: SyslogReceiver,
  stopping: AbortSignal,
): Promise<AuditSink> {
  const trust = ca === undefined ? {} : { ca };
  const socket = protocol === 'tls' ? connectTls({ host, port, ...trust }) : connect({ host, port });
  let gone: Error | undefined;
  const lose = (error: Error): void => {
    gone ??= error;
    socket.destroy();
  };
  socket.on('error', lose);
  // Syslog receivers say nothing: whatever ends their side of the connection means that they are going.
  socket.on('end', () => lose(new Error('The receiver closed the connection.')));
  socket.on('close', () => lose(new Error('The connection was closed.')));
  socket.resume();
  socket.setKeepAlive(true, 10_000);
  socket.setNoDelay(true);
  const assertAlive = (): void => {
    if (gone !== undefined) throw gone;
  };

  try {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping]);
    await once(socket, protocol === 'tls' ? 'secureConnect' : 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw gone ?? error;
  }
  return {
    assertAlive,
    async write(entries) {
      assertAlive();
      const frames = entries.map((entry) => framed(syslogMessage(entry, hostname(), process.pid)));
      await written(socket, Buffer.concat(frames), stopping);
      assertAlive();
    },
    async close() {
      if (gone === undefined) {
        const ended = once(socket, 'close', { signal: AbortSignal.timeout(1_000) });
        socket.end();
        // A receiver that doesn't answer the farewell is left without one.
        await ended.catch(() => undefined);
      }
      socket.destroy();
    },
  };
}

async function written(socket: Socket, bytes: Buffer, stopping: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([late, stopping]);
  await new Promise<void>((resolve, reject) => {
    const breakOff = (): void => {
      const reason = late.aborted
        ? `The receiver took nothing for ${timeoutMs / 1_000} s.`
        : 'Rollcall is stopping.';
      socket.destroy(new Error(reason));
    };
    // A signal that was given already is not given again.
    if (signal.aborted) breakOff();
    signal.addEventListener('abort', breakOff, { once: true });
    socket.write(bytes, (error) => {
      signal.removeEventListener('abort', breakOff);
      if (error == null) resolve();
      else reject(error);
    });
  });
}

function udpSink({ host, port }: SyslogReceiver): AuditSink {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  let gone: Error | undefined;
  socket.on('error', (error) => {
    gone = error;
  });
  const assertAlive = (): void => {
    if (gone !== undefined) throw gone;
  };
  return {
    assertAlive,
    async write(entries: readonly StoredEntry[]) {
      for (const entry of entries) {
        assertAlive();
        const datagram = syslogDatagram(entry, hostname(), process.pid);
        await new Promise<void>((resolve, reject) => {
          socket.send(datagram, port, host, (error) => (error === null ? resolve() : reject(error)));
        });
      }
    },
    async close() {
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
