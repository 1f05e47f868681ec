/**
 * Shares PGlite's one session among many clients as if each had its own: transactions and pipelines are never mixed, a client
 * that goes away in the middle is rolled back, prepared statements don't clash, notifications reach those who listen, and
 * `search_path` is each client's own. Other session settings are shared: use SET LOCAL.
 */
import { AnswerReader, fatalMessage, qualifyStatement, queryMessage, sqlOf, syncMessage } from './wire.ts';

/** What is needed of PGlite: takes protocol messages, hands over the answer's bytes piece by piece. */
export type ProtocolSession = {
  execProtocolRawStream(
    message: Uint8Array,
    options: { readonly onRawData: (data: Uint8Array) => void },
  ): Promise<void>;
};

export type SessionClient = {
  readonly id: number;
  /** Where unqualified names are looked up. */
  searchPath: string;
  write(bytes: Buffer): void;
  /** Ends the client's connection, after these last bytes. */
  end(bytes: Buffer): void;
};

type Unit = {
  readonly client: SessionClient;
  readonly bytes: Buffer;
  readonly complete: boolean;
  readonly unlistened: boolean;
};
type Traces = { readonly channels: Set<string>; readonly statements: Set<string> };

/** PGlite sets it so when it starts. */
export const defaultSearchPath = 'public';
/** LISTEN and UNLISTEN where a statement begins, comments before it included. */
const listening =
  /(?:^|;)(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(UN)?LISTEN\s+(?:"((?:[^"]|"")+)"|(\*|\w+))/gi;
const idleSentence =
  'terminating connection due to idle-in-transaction timeout: others wait for the embedded store';

export class SharedSession {
  readonly #session: ProtocolSession;
  readonly #idleLimitMs: number;
  readonly #answers = new AnswerReader(defaultSearchPath);
  readonly #traces = new Map<SessionClient, Traces>();
  #queue: Unit[] = [];
  /** Who is in a transaction or in the middle of a pipeline: nobody else gets a turn. */
  #holder: SessionClient | undefined;
  #isInPipeline = false;
  #orphanedStatements: string[] = [];
  #work: Promise<void> = Promise.resolve();
  #isWorking = false;
  #idleTimer: NodeJS.Timeout | undefined;

  /** `idleLimitMs`: how long a client may keep a transaction open without using it while others wait. */
  constructor(session: ProtocolSession, idleLimitMs: number) {
    this.#session = session;
    this.#idleLimitMs = idleLimitMs;
  }

  attach(client: SessionClient): void {
    this.#traces.set(client, { channels: new Set(), statements: new Set() });
  }

  /** Forgets a client: what it has not finished is dropped or rolled back. */
  detach(client: SessionClient): void {
    const traces = this.#traces.get(client);
    if (traces === undefined) return;
    this.#traces.delete(client);
    this.#orphanedStatements.push(...traces.statements);
    this.#queue = this.#queue.filter((unit) => unit.client !== client);
    this.#wake();
  }

  /** Puts messages that belong together in the queue; their answers go to `client.write`. */
  submit(client: SessionClient, messages: readonly Buffer[], complete: boolean): void {
    const traces = this.#traces.get(client);
    if (traces === undefined) return;
    let unlistened = false;
    const qualified = messages.map((message) => {
      for (const [, un, quoted, plain = ''] of sqlOf(message).matchAll(listening)) {
        const channel = quoted?.replaceAll('""', '"') ?? plain.toLowerCase();
        if (un === undefined) {
          traces.channels.add(channel);
          continue;
        }
        unlistened = true;
        if (channel === '*') traces.channels.clear();
        else traces.channels.delete(channel);
      }
      const { bytes, made } = qualifyStatement(message, `c${client.id}:`);
      if (made !== undefined) traces.statements.add(made);
      return bytes;
    });
    this.#queue.push({ client, bytes: Buffer.concat(qualified), complete, unlistened });
    if (client === this.#holder) this.#stopWatching();
    this.#wake();
  }

  /** Resolves when nothing is under way. */
  async whenIdle(): Promise<void> {
    await this.#work;
  }

  #wake(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#work = this.#drain();
  }

  async #drain(): Promise<void> {
    try {
      for (;;) {
        await this.#tidy();
        const unit = this.#next();
        if (unit === undefined) break;
        await this.#run(unit);
      }
    } catch (error) {
      // PGlite itself broke (out of memory, disk full): nobody can be served any more.
      const sentence = `the embedded store failed: ${error instanceof Error ? error.message : String(error)}`;
      for (const client of this.#traces.keys()) client.end(fatalMessage('58000', sentence));
    } finally {
      this.#isWorking = false;
    }
    if (this.#holder !== undefined && this.#queue.length > 0) this.#watchHolder(this.#holder);
  }

  #next(): Unit | undefined {
    const at = this.#holder === undefined ? 0 : this.#queue.findIndex((unit) => unit.client === this.#holder);
    return at === -1 ? undefined : this.#queue.splice(at, 1)[0];
  }

  async #run({ client, bytes, complete, unlistened }: Unit): Promise<void> {
    if (this.#holder === undefined && this.#answers.searchPath !== client.searchPath) {
      await this.#ask(`SET search_path TO ${client.searchPath}`);
    }
    await this.#session.execProtocolRawStream(bytes, {
      onRawData: (data) => {
        const { forward, notifications } = this.#answers.push(data);
        for (const { channel, bytes: notification } of notifications) {
          for (const [listener, { channels }] of this.#traces) {
            if (channels.has(channel)) listener.write(notification);
          }
        }
        if (forward.length > 0) client.write(forward);
      },
    });
    this.#isInPipeline = !complete;
    const isFree = complete && !this.#answers.inTransaction;
    this.#holder = isFree ? undefined : client;
    if (isFree) client.searchPath = this.#answers.searchPath;
    if (isFree && unlistened) await this.#listenAgain();
  }

  /** Undoes what clients that are gone left behind. */
  async #tidy(): Promise<void> {
    if (this.#holder !== undefined && !this.#traces.has(this.#holder)) {
      if (this.#isInPipeline) await this.#execute(syncMessage());
      if (this.#answers.inTransaction) await this.#ask('ROLLBACK');
      this.#isInPipeline = false;
      this.#holder = undefined;
      this.#stopWatching();
    }
    if (this.#holder !== undefined || this.#orphanedStatements.length === 0) return;
    const names = this.#orphanedStatements;
    this.#orphanedStatements = [];
    // One by one: a statement whose making had failed does not exist, and that may not stop the rest.
    for (const name of names) await this.#ask(`DEALLOCATE "${name.replaceAll('"', '""')}"`);
  }

  /** One client's UNLISTEN ends the session's; the others' channels are taken up again at once. */
  async #listenAgain(): Promise<void> {
    const channels = new Set([...this.#traces.values()].flatMap((traces) => [...traces.channels]));
    for (const channel of channels) await this.#ask(`LISTEN "${channel.replaceAll('"', '""')}"`);
  }

  async #ask(sql: string): Promise<void> {
    await this.#execute(queryMessage(sql));
  }

  async #execute(bytes: Buffer): Promise<void> {
    await this.#session.execProtocolRawStream(bytes, { onRawData: (data) => void this.#answers.push(data) });
  }

  #stopWatching(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = undefined;
  }

  #watchHolder(holder: SessionClient): void {
    this.#idleTimer ??= setTimeout(() => {
      this.#idleTimer = undefined;
      if (this.#holder !== holder) return;
      holder.end(fatalMessage('25P03', idleSentence));
      this.detach(holder);
    }, this.#idleLimitMs);
    this.#idleTimer.unref();
  }
}
