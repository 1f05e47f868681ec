/** Connects to a PostgreSQL server, and says in a sentence what is wrong where that fails. */
import pg from 'pg';
import { StoreError, type StoreErrorKind } from './store-error.ts';

const connectTimeoutMs = 10_000;
const statementTimeoutMs = 120_000;
const idleInTransactionMs = 60_000;

/** The connection's settings, time limits included. A statement of ours that takes two minutes is stuck. */
export const serverConnection = (url: string): pg.PoolConfig => ({
  connectionString: url,
  connectionTimeoutMillis: connectTimeoutMs,
  statement_timeout: statementTimeoutMs,
  idle_in_transaction_session_timeout: idleInTransactionMs,
  keepAlive: true,
});

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Codes of PostgreSQL (Appendix A, class 57) and of the system for a connection that was there and is not any more. */
const lossCodes: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', 'ECONNRESET', 'ECONNREFUSED']);

/** Whether a query failed because its connection to the store was lost: the server was restarted, or can't be reached. */
export const isLostConnection = (error: unknown): boolean =>
  lossCodes.has(codeOf(error)) ||
  (error instanceof Error && error.message.startsWith('Connection terminated'));

type Problem = { readonly kind: StoreErrorKind; readonly what: string; readonly mend: string };

function problemOf(error: unknown, url: URL): Problem {
  const user = decodeURIComponent(url.username);
  switch (codeOf(error)) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        kind: 'unreachable',
        what: `its host name is not known`,
        mend: 'Correct the host in database.url.',
      };
    case 'ECONNREFUSED':
      return {
        kind: 'unreachable',
        what: 'nobody listens there',
        mend: 'Start PostgreSQL, or correct host and port in database.url.',
      };
    case '28P01':
    case '28000':
      return {
        kind: 'credentials',
        what: `it refused the user ${user} or the password`,
        mend: 'Correct them in database.url, or allow the user in pg_hba.conf.',
      };
    case '3D000':
      return {
        kind: 'database',
        what: 'the database does not exist',
        mend: `Create it (CREATE DATABASE), or correct its name in database.url.`,
      };
    case '42501':
      return {
        kind: 'permission',
        what: `the user ${user} may not use the database`,
        mend: 'Make that user its owner.',
      };
    case '53300':
      return {
        kind: 'unreachable',
        what: 'it has no connection left',
        mend: 'Raise max_connections, or run fewer workers.',
      };
    case '57P03':
      return {
        kind: 'unreachable',
        what: 'it is starting up or shutting down',
        mend: 'Try again in a moment.',
      };
    default: {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'unreachable', what: message, mend: 'Look at the server and at database.url.' };
    }
  }
}

/** Why PostgreSQL at this address can't be used, without the address's password. */
export function explainConnectionError(error: unknown, databaseUrl: string): StoreError {
  const url = new URL(databaseUrl);
  const { kind, what, mend } = problemOf(error, url);
  const place = `${url.host}${url.pathname}`;
  const secrets = [url.password, decodeURIComponent(url.password)].filter((secret) => secret !== '');
  const sentence = secrets.reduce(
    (text, secret) => text.replaceAll(secret, '***'),
    `PostgreSQL at ${place} can't be used: ${what}. ${mend}`,
  );
  // The cause is left out where it might repeat the address.
  return new StoreError(
    kind,
    sentence,
    secrets.some((secret) => String(error).includes(secret)) ? {} : { cause: error },
  );
}

/**
 * A pool whose idle clients' errors go to `onError` and not into the void: they would end the process. Those of a client
 * that is in use, such as one in the middle of a transaction, are told by its next query.
 */
export function openPool(
  connection: pg.PoolConfig,
  settings: { readonly max: number; readonly applicationName: string; readonly searchPath?: string },
  onError: (error: Error) => void,
): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: settings.max,
    application_name: settings.applicationName,
    ...(settings.searchPath === undefined ? {} : { options: `-c search_path=${settings.searchPath}` }),
  });
  pool.on('error', onError);
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}
