/** One HTTP request and the whole of its answer, over connections that are kept. The only file that knows the HTTP library, which is Node's own. */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { TlsOptions } from './tls.ts';

export interface Outgoing {
  readonly address: URL;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  /** From now to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed; undefined where there are more than allowed. */
  readonly bytes: Uint8Array | undefined;
}

export interface Exchange {
  /**
   * @throws {OutOfTimeError}
   * @throws the signal's reason
   * @throws what Node says where the connection does not come about, or breaks
   */
  readonly answer: Promise<Incoming>;
  /** Whether a connection stood, TLS included. Before that no byte of a request can have left. */
  wasConnected(): boolean;
}

export interface Wire {
  send(outgoing: Outgoing): Exchange;
  /** Closes the connections kept alive. */
  close(): void;
}

export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
  readonly code = 'ETIMEDOUT';
}

/** @param maxBytes - a larger answer is not read to its end, after decompression */
export function openWire(tls: TlsOptions, maxBytes: number): Wire {
  const agents = {
    plain: new HttpAgent({ keepAlive: true }),
    tls: new HttpsAgent({ keepAlive: true, ...tls }),
  };

  return {
    send({ address, method, headers, body, timeoutMs, signal }) {
      const isTls = address.protocol === 'https:';
      const options = { method, headers: { 'accept-encoding': 'gzip, deflate, br', ...headers } };
      const request = isTls
        ? httpsRequest(address, { ...options, agent: agents.tls })
        : httpRequest(address, { ...options, agent: agents.plain });
      let wasConnected = false;
      request.once('socket', (socket) => {
        // One that was kept from the request before stands already.
        if (!socket.connecting) wasConnected = true;
        else socket.once(isTls ? 'secureConnect' : 'connect', () => (wasConnected = true));
      });

      const { promise, resolve, reject } = Promise.withResolvers<Incoming>();
      const breakOff = (): void => void request.destroy(asError(signal.reason));
      const timer = setTimeout(
        () => request.destroy(new OutOfTimeError(`No whole answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      signal.addEventListener('abort', breakOff, { once: true });
      request.once('error', reject);
      request.once('response', (response) => {
        const { statusCode: status = 0 } = response;
        readWhole(response, maxBytes).then((bytes) => {
          if (bytes === undefined) request.destroy();
          resolve({ status, headers: response.headers, bytes });
        }, reject);
      });
      // As one piece, so that its length is told.
      request.end(body);
      if (signal.aborted) breakOff();

      const answer = promise.finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', breakOff);
      });
      return { answer, wasConnected: () => wasConnected };
    },
    close() {
      agents.plain.destroy();
      agents.tls.destroy();
    },
  };
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

function readWhole(response: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const content = decompressed(response, reject);
    content.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) resolve(undefined);
      else chunks.push(chunk);
    });
    content.once('error', reject);
    content.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
  });
}

function decompressed(response: IncomingMessage, onError: (error: Error) => void): Readable {
  const decoder = decoderOf(response.headers['content-encoding']);
  if (decoder === undefined) return response;
  return pipeline(response, decoder, (error) => {
    if (error) onError(error);
  });
}

function decoderOf(encoding: string | undefined) {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}
