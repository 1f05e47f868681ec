/**
 * The few parts of PostgreSQL's wire protocol (version 3.0) that sharing one session among clients needs.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

const startupCode = 196_608;
const cancelCode = 80_877_102;
const encryptionCodes = [80_877_103, 80_877_104];

const code = (letter: string): number => letter.charCodeAt(0);
const text = (bytes: Buffer): string => bytes.toString('utf8');
const endOfString = (bytes: Buffer, from: number): number => bytes.indexOf(0, from);

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** A simple query. */
export const queryMessage = (sql: string): Buffer => message('Q', Buffer.from(`${sql}\0`));

/** Ends a pipeline of extended queries. */
export const syncMessage = (): Buffer => message('S', Buffer.alloc(0));

/** What a client sends first. */
export function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`);
  const body = Buffer.from(`${pairs.join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(startupCode, 4);
  return Buffer.concat([head, body]);
}

/** Tells a client why its connection ends. */
export const fatalMessage = (sqlState: string, sentence: string): Buffer =>
  message('E', Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${sentence}\0\0`));

/**
 * What a client asks for.
 * - `unit`: messages that belong together. They end with Sync or a simple query (`complete`), or with Flush, after which the
 *   client sends the rest of its pipeline.
 */
export type ClientRequest =
  | { readonly kind: 'encryption' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'startup'; readonly parameters: ReadonlyMap<string, string> }
  | { readonly kind: 'unit'; readonly messages: readonly Buffer[]; readonly complete: boolean }
  | { readonly kind: 'terminate' };

/** Cuts a client's bytes into requests. */
export class ClientReader {
  #rest: Buffer = Buffer.alloc(0);
  #pending: Buffer[] = [];
  #started = false;

  *push(chunk: Buffer): Generator<ClientRequest> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.#started ? 1 : 0;
      if (this.#rest.length < head + 4) return;
      const length = head + this.#rest.readInt32BE(head);
      if (this.#rest.length < length) return;
      const bytes = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      const request = this.#started ? this.#read(bytes) : this.#readFirst(bytes);
      if (request !== undefined) yield request;
    }
  }

  #readFirst(bytes: Buffer): ClientRequest {
    const version = bytes.readInt32BE(4);
    if (encryptionCodes.includes(version)) return { kind: 'encryption' };
    if (version === cancelCode) return { kind: 'cancel' };
    this.#started = true;
    const words = text(bytes.subarray(8)).split('\0');
    const parameters = new Map<string, string>();
    for (let at = 0; at + 1 < words.length; at += 2) parameters.set(words[at] ?? '', words[at + 1] ?? '');
    return { kind: 'startup', parameters };
  }

  #read(bytes: Buffer): ClientRequest | undefined {
    const type = String.fromCharCode(bytes[0] ?? 0);
    if (type === 'X') return { kind: 'terminate' };
    this.#pending.push(bytes);
    const complete = type === 'Q' || type === 'S';
    if (!complete && type !== 'H') return undefined;
    const messages = this.#pending;
    this.#pending = [];
    return { kind: 'unit', messages, complete };
  }
}

/** Where a message names a prepared statement: after this many bytes and, for Bind, after the portal's name. */
function statementNameAt(bytes: Buffer): number | undefined {
  switch (bytes[0]) {
    case code('P'):
      return 5;
    case code('B'):
      return endOfString(bytes, 5) + 1;
    case code('D'):
    case code('C'):
      return bytes[5] === code('S') ? 6 : undefined;
    default:
      return undefined;
  }
}

/** The message with its prepared statement's name, if it has one, put under a prefix; and that name, if it is being made. */
export function qualifyStatement(
  bytes: Buffer,
  prefix: string,
): { readonly bytes: Buffer; readonly made?: string } {
  const at = statementNameAt(bytes);
  if (at === undefined || bytes[at] === 0) return { bytes };
  const body = Buffer.concat([bytes.subarray(5, at), Buffer.from(prefix), bytes.subarray(at)]);
  const qualified = message(String.fromCharCode(bytes[0] ?? 0), body);
  if (bytes[0] !== code('P')) return { bytes: qualified };
  return { bytes: qualified, made: prefix + text(bytes.subarray(at, endOfString(bytes, at))) };
}

/** The SQL of a Query or Parse message, else empty. */
export function sqlOf(bytes: Buffer): string {
  const start =
    bytes[0] === code('Q') ? 5 : bytes[0] === code('P') ? endOfString(bytes, 5) + 1 : bytes.length;
  return text(bytes.subarray(start, start === bytes.length ? start : endOfString(bytes, start)));
}

export type Notification = { readonly channel: string; readonly bytes: Buffer };

/** What the session answered, as far as it is complete. */
export type Answer = {
  /** Everything but notifications. */
  readonly forward: Buffer;
  readonly notifications: readonly Notification[];
};

/** Cuts the session's answers into messages, and keeps an eye on its state. */
export class AnswerReader {
  #rest: Buffer = Buffer.alloc(0);
  /** Whether a transaction was open at the last ReadyForQuery. */
  inTransaction = false;
  searchPath: string;

  constructor(searchPath: string) {
    this.searchPath = searchPath;
  }

  push(chunk: Uint8Array): Answer {
    // A copy: the chunk is a view of memory that the session uses again.
    const bytes = Buffer.concat([this.#rest, chunk]);
    const forward: Buffer[] = [];
    const notifications: Notification[] = [];
    let at = 0;
    let kept = 0;
    while (at + 5 <= bytes.length) {
      const end = at + 1 + bytes.readInt32BE(at + 1);
      if (end > bytes.length) break;
      if (bytes[at] === code('A')) {
        forward.push(bytes.subarray(kept, at));
        kept = end;
        const channel = text(bytes.subarray(at + 9, endOfString(bytes, at + 9)));
        notifications.push({ channel, bytes: bytes.subarray(at, end) });
      } else {
        this.#observe(bytes.subarray(at, end));
      }
      at = end;
    }
    forward.push(bytes.subarray(kept, at));
    this.#rest = bytes.subarray(at);
    return { forward: forward.length === 1 ? (forward[0] ?? bytes) : Buffer.concat(forward), notifications };
  }

  #observe(bytes: Buffer): void {
    if (bytes[0] === code('Z')) this.inTransaction = bytes[5] !== code('I');
    if (bytes[0] !== code('S')) return;
    const [name, value] = text(bytes.subarray(5)).split('\0');
    if (name === 'search_path' && value !== undefined) this.searchPath = value;
  }
}
