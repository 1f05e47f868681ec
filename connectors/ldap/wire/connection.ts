/** One connection to a directory: one operation at a time, never reused after a failure, never reopened. */
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { SearchEntry } from './entry.ts';
import { FrameSplitter } from './frames.ts';
import {
  decodeMessage,
  type IntermediateMessage,
  type LdapMessage,
  type LdapResult,
  responseTag,
} from './messages.ts';
import {
  encodeBind,
  encodeBindExternal,
  encodeSearch,
  encodeStartTls,
  encodeUnbind,
  type PageRequest,
  type Search,
} from './requests.ts';

export type ConnectionFailure = 'network' | 'tls' | 'timeout' | 'closed' | 'protocol';

/** The connection broke or was given up. What was going on has no outcome. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly failure: ConnectionFailure;

  constructor(failure: ConnectionFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

export interface TlsSettings {
  /** The name that the certificate must be for. */
  readonly serverName: string;
  /** PEM of the CAs to trust in place of the public ones. */
  readonly ca: string | undefined;
  readonly verify: boolean;
  /** What the server is shown where it asks for a certificate. */
  readonly client:
    | { readonly cert: string; readonly key: string; readonly passphrase: string | undefined }
    | undefined;
}

export interface Patience {
  /** For connecting, and for the TLS handshake. */
  readonly connectMs: number;
  /** For each answer, such as a page. */
  readonly answerMs: number;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a search, or one page of it, ended. */
export interface SearchEnd {
  readonly result: LdapResult;
  /** Continuation references: parts of the tree that another server holds, each with addresses of equal worth. */
  readonly references: readonly (readonly string[])[];
  readonly intermediates: readonly IntermediateMessage[];
}

/** What arrived of a search since the part before, and with the last part how it ended. */
export interface SearchPart {
  readonly entries: readonly SearchEntry[];
  readonly end: SearchEnd | undefined;
}

interface Operation {
  readonly id: number;
  readonly entries: SearchEntry[];
  readonly references: (readonly string[])[];
  readonly intermediates: IntermediateMessage[];
  result: LdapResult | undefined;
  /** Called whenever something has changed. */
  wake: () => void;
}

export class LdapConnection {
  readonly #patience: Patience;
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;
  #socket: Socket;
  #frames = new FrameSplitter();
  #operation: Operation | undefined;
  #failure: Error | undefined;
  #lastId = 0;

  /**
   * Connects, without TLS as yet.
   *
   * @throws {ConnectionError}; or the signal's reason.
   */
  static async open(address: Address, patience: Patience, signal: AbortSignal): Promise<LdapConnection> {
    signal.throwIfAborted();
    // Firewalls forget connections on which nothing is said; then an answer would be waited for in vain.
    const socket = connect({ ...address, keepAlive: true, keepAliveInitialDelay: 30_000, noDelay: true });
    const connection = new LdapConnection(socket, patience, signal);
    await connection.#during('connecting', patience.connectMs, async () => {
      await once(connection.#socket, 'connect');
    });
    return connection;
  }

  private constructor(socket: Socket, patience: Patience, signal: AbortSignal) {
    this.#socket = socket;
    this.#patience = patience;
    this.#signal = signal;
    this.#onAbort = () => this.#fail(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#listen(socket);
  }

  /** Such as `TLSv1.3`; undefined without TLS. */
  get tlsVersion(): string | undefined {
    return this.#socket instanceof TLSSocket ? (this.#socket.getProtocol() ?? undefined) : undefined;
  }

  /**
   * Encrypts from here on, and checks whom it talks to.
   *
   * @throws {ConnectionError} with the failure `tls`, its cause saying what is wrong with the certificate.
   */
  async secure(settings: TlsSettings): Promise<void> {
    await this.#during('the TLS handshake', this.#patience.connectMs, async () => {
      const plain = this.#socket;
      plain.removeAllListeners('data');
      const secured = connectTls({
        socket: plain,
        // Checked against the certificate even where the URL has an IP address, which may not be sent as SNI.
        host: settings.serverName,
        ...(isIP(settings.serverName) === 0 && { servername: settings.serverName }),
        ...(settings.ca !== undefined && { ca: settings.ca }),
        ...settings.client,
        rejectUnauthorized: settings.verify,
        minVersion: 'TLSv1.2',
      });
      this.#socket = secured;
      this.#listen(secured, 'tls');
      await once(secured, 'secureConnect');
    });
  }

  /** Asks for TLS (RFC 4511 section 4.14); after success, {@link LdapConnection.secure} must follow. */
  async requestStartTls(): Promise<LdapResult> {
    const result = await this.#exchange('StartTLS', (id) => encodeStartTls(id));
    if (result.code === 0 && this.#frames.pendingBytes > 0) {
      throw this.#fail(
        new ConnectionError('protocol', 'the server sent unencrypted data after its answer to StartTLS'),
      );
    }
    return result;
  }

  /** Signs in with a simple bind. */
  async bind(dn: string, password: string): Promise<LdapResult> {
    return this.#exchange('signing in', (id) => encodeBind(id, dn, password));
  }

  /** Signs in as the TLS layer says, by the client certificate (RFC 4422 appendix A). */
  async bindExternal(): Promise<LdapResult> {
    return this.#exchange('signing in', (id) => encodeBindExternal(id));
  }

  /**
   * Searches, handing on entries in parts of about `chunkSize` while they arrive; the server is slowed down to the
   * consumer's pace. The request is sent with the first `next()`. When the last part is there, another operation may
   * begin at once. A search that is not read to its end closes the connection.
   */
  async *search(
    search: Search,
    page: PageRequest | undefined,
    chunkSize: number,
  ): AsyncGenerator<SearchPart, void> {
    const operation = this.#begin((id) => encodeSearch(id, search, page));
    try {
      for (;;) {
        await this.#during('waiting for an answer to the search', this.#patience.answerMs, () =>
          this.#until(
            operation,
            () => operation.result !== undefined || operation.entries.length >= chunkSize,
          ),
        );
        const entries = operation.entries.splice(0);
        if (operation.result !== undefined) {
          this.#operation = undefined;
          const { result, references, intermediates } = operation;
          yield { entries, end: { result, references, intermediates } };
          return;
        }
        this.#socket.pause();
        yield { entries, end: undefined };
        this.#socket.resume();
      }
    } finally {
      if (operation.result === undefined) {
        this.#operation = undefined;
        this.destroy();
      }
    }
  }

  /** Takes leave of the server, politely where that is possible. */
  close(): void {
    if (this.#failure === undefined && this.#operation === undefined && this.#socket.writable) {
      this.#socket.end(encodeUnbind(this.#nextId()));
    }
    this.destroy();
  }

  destroy(): void {
    this.#fail(new ConnectionError('closed', 'the connection was closed'));
  }

  async #exchange(what: string, encode: (id: number) => Buffer): Promise<LdapResult> {
    const operation = this.#begin(encode);
    try {
      await this.#during(what, this.#patience.answerMs, () =>
        this.#until(operation, () => operation.result !== undefined),
      );
    } finally {
      this.#operation = undefined;
    }
    if (operation.result === undefined)
      throw new ConnectionError('protocol', `${what} ended without a result`);
    return operation.result;
  }

  #begin(encode: (id: number) => Buffer): Operation {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#operation !== undefined) throw new Error('An LDAP connection does one operation at a time.');
    const operation: Operation = {
      id: this.#nextId(),
      entries: [],
      references: [],
      intermediates: [],
      result: undefined,
      wake: () => undefined,
    };
    this.#operation = operation;
    this.#socket.write(encode(operation.id));
    return operation;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  async #until(operation: Operation, isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      await new Promise<void>((resolve) => {
        operation.wake = resolve;
      });
    }
  }

  /** Waits for `work`, for as long as the time-out allows and the connection stands. */
  async #during(what: string, timeoutMs: number, work: () => Promise<void>): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const seconds = Math.round(timeoutMs / 100) / 10;
    const timer = setTimeout(() => {
      this.#fail(new ConnectionError('timeout', `${what} took longer than ${seconds} s`));
    }, timeoutMs);
    const failed = new Promise<never>((_, reject) => {
      this.#reject = reject;
    });
    try {
      await Promise.race([work(), failed]);
    } catch (error) {
      throw this.#fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      clearTimeout(timer);
      this.#reject = () => undefined;
    }
  }

  #reject: (error: Error) => void = () => undefined;

  /** Ends the connection for good; the first reason counts. */
  #fail(error: Error): Error {
    if (this.#failure === undefined) {
      this.#failure = error;
      this.#signal.removeEventListener('abort', this.#onAbort);
      // A moment for what was written last to leave; nothing more is read.
      if (this.#socket.writableEnded) this.#socket.destroySoon();
      else this.#socket.destroy();
    }
    this.#reject(this.#failure);
    return this.#failure;
  }

  #listen(socket: Socket, layer: 'network' | 'tls' = 'network'): void {
    let isSecured = layer === 'network';
    socket.once('secureConnect', () => {
      isSecured = true;
    });
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => {
      this.#fail(new ConnectionError(isSecured ? 'network' : 'tls', error.message, { cause: error }));
    });
    socket.on('close', () => {
      const text = isSecured
        ? 'the server closed the connection'
        : 'the server closed the connection during the TLS handshake';
      this.#fail(new ConnectionError('closed', text));
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      this.#frames.push(chunk, (bytes, start, end) => this.#take(decodeMessage(bytes, start, end)));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#fail(new ConnectionError('protocol', text, { cause: error }));
    }
    this.#operation?.wake();
  }

  #take(message: LdapMessage): void {
    const operation = this.#operation;
    if (message.id === 0 && message.kind === 'result' && message.tag === responseTag.extended) {
      // Notice of disconnection, RFC 4511 section 4.4.1.
      const why = message.result.diagnostic || `result ${message.result.code}`;
      this.#fail(new ConnectionError('closed', `the server ended the connection: ${why}`));
      return;
    }
    if (operation === undefined || message.id !== operation.id || operation.result !== undefined) {
      this.#fail(new ConnectionError('protocol', 'the server answered something that was not asked'));
      return;
    }
    switch (message.kind) {
      case 'entry':
        operation.entries.push(message.entry);
        return;
      case 'reference':
        operation.references.push(message.uris);
        return;
      case 'intermediate':
        operation.intermediates.push(message.message);
        return;
      case 'result':
        operation.result = message.result;
        return;
      default:
        message satisfies never;
    }
  }
}
