/** Throw-away PostgreSQL servers: one shared by the whole test run, or one of its own for a test that breaks it. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { type Child, startChild, unprivilegedAccount, untilReady } from './child.ts';
import { freePort } from './free-port.ts';
import { requireProgram } from './programs.ts';
import { sharedServer } from './shared.ts';

export type PostgresServer = {
  /** Of the database `postgres`, as the superuser. */
  readonly url: string;
  readonly port: number;
  /** A new, empty database; its URL. */
  createDatabase(): Promise<string>;
  /** Ends it as a crash would: at once, all connections broken, recovery at the next start. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data, after `kill`. */
  start(): Promise<void>;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
};

// fsync is off for speed, but commits are written to the kernel, so `kill` loses none.
const settings = (port: number): readonly string[] =>
  [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'fsync=off',
    'full_page_writes=off',
    'max_connections=200',
  ].flatMap((setting) => ['-c', setting]);

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const answers = (url: string): Promise<boolean> =>
  query(url, 'SELECT 1').then(
    () => true,
    () => false,
  );

/** Creates a database on a server and returns its URL. */
export async function createDatabaseOn(serverUrl: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Starts a PostgreSQL of your own (about 2 s). Prefer {@link createDatabase}, unless you mean to break the server. */
export async function startPostgres(): Promise<PostgresServer> {
  const program = requireProgram('postgres');
  const initdb = join(dirname(program), 'initdb');
  const account = unprivilegedAccount();
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-postgres-'));
  const passwordFile = join(folder, 'password');
  const password = randomBytes(8).toString('hex');
  const data = join(folder, 'data');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) {
    for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  execFileSync(
    initdb,
    [
      '-D',
      data,
      '-U',
      'rollcall',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    { stdio: 'pipe', cwd: '/', ...account },
  );
  const port = await freePort();
  const url = `postgres://rollcall:${password}@127.0.0.1:${port}/postgres`;
  let child: Child | undefined;

  const start = async (): Promise<void> => {
    child = startChild(program, ['-D', data, ...settings(port)], account);
    await untilReady('postgres', child, () => answers(url));
  };
  // SIGQUIT is PostgreSQL's "immediate shutdown": SIGKILL would leave its own children behind.
  const kill = async (): Promise<void> => child?.end('SIGQUIT');

  await start();
  return {
    url,
    port,
    createDatabase: () => createDatabaseOn(url),
    kill,
    start,
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A new, empty database on the PostgreSQL that the whole test run shares; its URL. */
export async function createDatabase(): Promise<string> {
  return createDatabaseOn(await sharedServer('postgres'));
}
