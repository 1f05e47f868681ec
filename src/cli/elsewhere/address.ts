/** Where the service is that a command asks, and who asks. */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { UsageError } from '../exit.ts';

export interface ServiceAddress {
  /** Ends with a slash. */
  readonly url: URL;
  readonly token: string;
}

export interface Named {
  /** `--server` */
  readonly server?: string | undefined;
  /** `--config` */
  readonly config?: string | undefined;
}

/**
 * The service that is named; undefined where none is. What is typed goes before the environment: with `--config` it is the
 * store of that configuration.
 *
 * @throws {UsageError}
 */
export function serviceNamed({ server, config }: Named, env: NodeJS.ProcessEnv): string | undefined {
  if (server !== undefined && config !== undefined)
    throw new UsageError(
      '--server asks a service, which has its own configuration: leave --config out, or --server.',
    );
  return server ?? (config === undefined ? env.ROLLCALL_URL || undefined : undefined);
}

/** @throws {UsageError} where the address is none, or there is no token for it */
export async function serviceAddress(
  named: string,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<ServiceAddress> {
  const url = urlOf(named);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && env.ROLLCALL_ALLOW_PLAINTEXT !== 'true')
    throw new UsageError(
      `${url.origin} is plain HTTP: the token would travel in the open. Use https://, or set ROLLCALL_ALLOW_PLAINTEXT=true where the network between is your own.`,
    );
  return { url, token: await tokenFrom(env, cwd) };
}

function urlOf(named: string): URL {
  const url = URL.parse(named);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new UsageError(
      'The address of the service (--server, ROLLCALL_URL) is none. Give one such as https://rollcall.example.com.',
    );
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      'The address of the service (--server, ROLLCALL_URL) has a name or a password in it. Leave them out: the token comes from ROLLCALL_TOKEN.',
    );
  if (url.search !== '' || url.hash !== '')
    throw new UsageError(
      `The address of the service (--server, ROLLCALL_URL) has more in it than an address: leave ${url.search}${url.hash} out.`,
    );
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Nobody is on the way to these. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

async function tokenFrom(env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const { ROLLCALL_TOKEN: given, ROLLCALL_TOKEN_FILE: file } = env;
  const [token, place] = given ? [given.trim(), 'ROLLCALL_TOKEN'] : [await tokenIn(file, cwd), file];
  if (token === undefined)
    throw new UsageError(
      'The service wants a token. Put it into ROLLCALL_TOKEN, or the name of a file with it into ROLLCALL_TOKEN_FILE: one of server.tokens in the configuration of the service. On the command line, others could read it.',
    );
  // What can't stand in a header would be told in the error of whoever tries.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(
      `What is in ${place} is no token: it is empty, or has blanks or other letters than ASCII in it.`,
    );
  return token;
}

async function tokenIn(file: string | undefined, cwd: string): Promise<string | undefined> {
  if (file === undefined || file === '') return undefined;
  try {
    return (await readFile(resolve(cwd, file), 'utf8')).trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`The token can't be read from ROLLCALL_TOKEN_FILE: ${reason}`, { cause });
  }
}
