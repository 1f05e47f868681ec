/** One HTTP request and the whole of its answer, over connections that are kept. The only file that knows the HTTP library. */
import { type ClientRequest, Agent as HttpAgent, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import got, { type Request, TimeoutError } from 'got';
import type { TlsOptions } from './tls.ts';

export interface Outgoing {
  readonly address: URL;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
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
  const agent = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const client = got.extend({
    agent,
    https: tls,
    // Retries belong to the queue, which knows what may be repeated.
    retry: { limit: 0 },
    // A redirect could take the key to another host, and turns a POST into a GET.
    followRedirect: false,
    throwHttpErrors: false,
  });

  return {
    send({ address, method, headers, body, timeoutMs, signal }) {
      const timeout = { request: timeoutMs };
      const request = client.stream(address, { method, headers, signal, timeout, ...(body && { body }) });
      // A stream of a method that may have a body waits for one.
      if (method !== 'GET' && body === undefined) request.end();
      const wasConnected = watchConnection(request, address.protocol === 'https:');
      return { answer: readWhole(request, maxBytes), wasConnected };
    },
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

/** Tells whether a connection stood, TLS included. */
function watchConnection(request: Request, isTls: boolean): () => boolean {
  let wasConnected = false;
  const watch = (socket: Socket): void => {
    // One that was kept from the request before stands already.
    if (!socket.connecting) wasConnected = true;
    else socket.once(isTls ? 'secureConnect' : 'connect', () => (wasConnected = true));
  };
  request.once('request', (sent: ClientRequest) => {
    if (sent.socket) watch(sent.socket);
    else sent.once('socket', watch);
  });
  return () => wasConnected;
}

async function readWhole(request: Request, maxBytes: number): Promise<Incoming> {
  try {
    const bytes = await limitedBytes(request, maxBytes);
    const { response } = request;
    if (response === undefined) throw new Error('The request ended without an answer.');
    return { status: response.statusCode, headers: response.headers, bytes };
  } catch (error) {
    if (error instanceof TimeoutError) throw new OutOfTimeError(error.message);
    throw error;
  }
}

function limitedBytes(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>();
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= maxBytes) {
      chunks.push(chunk);
      return;
    }
    resolve(undefined);
    request.destroy();
  });
  // More than one may come, and none must be nobody's.
  request.on('error', reject);
  request.once('end', () => resolve(Buffer.concat(chunks)));
  request.once('close', () => reject(new Error('The connection was closed before the answer was whole.')));
  return promise;
}
