/** Serves PGlite on a Unix socket, so that everything uses `pg`, in this process and in others. */
import { createServer, type Server, type Socket } from 'node:net';
import {
  defaultSearchPath,
  type ProtocolSession,
  type SessionClient,
  SharedSession,
} from './shared-session.ts';
import { ClientReader, startupMessage } from './wire.ts';

const usualIdleLimitMs = 60_000;

export type SocketServer = {
  /**
   * Begins to answer: clients that connected before have waited. `idleLimitMs`: how long a client may keep a transaction open
   * without using it while others wait; a minute, if not given.
   */
  serve(session: ProtocolSession, idleLimitMs?: number): Promise<void>;
  /** Refuses new clients, ends the connected ones, and resolves when nothing is under way in the session. */
  close(): Promise<void>;
};

type Serving = { readonly session: SharedSession; readonly welcome: Buffer };

/** The setting that a client gave as `options: '-c search_path=...'`. */
const searchPathOf = (parameters: ReadonlyMap<string, string>): string =>
  /-c\s*search_path=(\S+)/.exec(parameters.get('options') ?? '')?.[1] ?? defaultSearchPath;

function serveClient(id: number, socket: Socket, { session, welcome }: Serving): void {
  const reader = new ClientReader();
  const client: SessionClient = {
    id,
    searchPath: defaultSearchPath,
    write: (bytes) => void socket.write(bytes),
    end: (bytes) => void socket.end(bytes),
  };
  session.attach(client);
  socket.on('close', () => session.detach(client));
  socket.on('data', (chunk) => {
    for (const request of reader.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) {
      switch (request.kind) {
        case 'encryption':
          socket.write('N');
          break;
        case 'startup':
          client.searchPath = searchPathOf(request.parameters);
          socket.write(welcome);
          break;
        case 'unit':
          session.submit(client, request.messages, request.complete);
          break;
        case 'cancel':
        case 'terminate':
          socket.end();
          break;
        default:
          request satisfies never;
      }
    }
  });
}

/** The answer to a client's first message, asked of PGlite once: it is the same for all. */
async function welcomeOf(session: ProtocolSession): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const hello = startupMessage({ user: 'postgres', database: 'postgres', client_encoding: 'UTF8' });
  await session.execProtocolRawStream(hello, { onRawData: (data) => void pieces.push(Buffer.from(data)) });
  return Buffer.concat(pieces);
}

/** Listens on the socket at once; clients wait until `serve` is called. */
export async function listenOn(socketPath: string): Promise<SocketServer> {
  let serving: Serving | undefined;
  let nextId = 1;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    // A client that vanished: 'close' follows and undoes what it left.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    if (serving !== undefined) serveClient(nextId++, socket, serving);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    serve: async (session, idleLimitMs = usualIdleLimitMs) => {
      const ready = { session: new SharedSession(session, idleLimitMs), welcome: await welcomeOf(session) };
      serving = ready;
      for (const socket of sockets) serveClient(nextId++, socket, ready);
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      await serving?.session.whenIdle();
    },
  };
}
