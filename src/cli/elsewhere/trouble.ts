/** What went wrong between the command line and a service, in a sentence, with what to do about it. */

import { version, versionHeader } from '../../../config/version.ts';
import { problem } from '../../json/schemas/problem.ts';
import { printable } from '../../words/printable.ts';
import { UsageError } from '../exit.ts';
import { Failure } from '../failure.ts';

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a service answered, whatever it was. */
export interface Answered {
  /** The service's address, for people. */
  readonly origin: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** An answer that is not what was asked for, as the error that tells of it. */
export function refusalIn(answered: Answered): UsageError | Failure {
  const { origin, status, headers } = answered;
  if (status >= 300 && status < 400)
    return new Failure(
      `${origin} sends on to another address${hostIn(headers.location)}. Rollcall never does, and the token was sent nowhere else: give the address of the service itself as --server.`,
    );
  const told = problemIn(answered);
  if (told === undefined) return unreadable(answered);
  const { detail, hint } = told;
  const sentence = [detail, hint ?? ''].map(printable).join(' ').trim();
  const kind = told.type.replace('urn:rollcall:problem:', '');
  if (status === 401)
    return new UsageError(`${origin} does not take the token of ROLLCALL_TOKEN. ${sentence}`);
  const isOurs = status < 500 && status !== 429 && kind !== 'no-plan' && !kind.startsWith('key-');
  return isOurs ? new UsageError(sentence + otherVersion(answered)) : new Failure(sentence);
}

/** An answer that was to be read, and can't be. */
export function unreadable(answered: Answered, why?: string): Failure {
  const { origin, status, headers } = answered;
  if (headers[versionHeader] !== undefined)
    return new Failure(
      `What ${origin} answered is not understood${why === undefined ? '' : ` (${printable(why)})`}.${otherVersion(answered)}`,
    );
  return status === 502 || status === 503 || status === 504
    ? new Failure(`No Rollcall answers at ${origin}: what is in front of it says ${status}. Is it running?`)
    : new Failure(
        `What answers at ${origin} is no Rollcall (status ${status}), or too old a one. Check --server or ROLLCALL_URL: it is the address of the console, such as https://rollcall.example.com.`,
      );
}

/** No answer at all. */
export function unanswered(origin: string, error: unknown): Failure {
  const code = codeOf(error);
  const options = { cause: error };
  if (isOfTls(code))
    return new Failure(
      `${origin} can't prove who it is (${code}), so nothing was sent. Where its certificate is of a CA of your own, name the CA's file in NODE_EXTRA_CA_CERTS.`,
      options,
    );
  const why = whyUnreached[code] ?? (code === '' ? 'the connection failed' : code);
  return new Failure(
    `The service at ${origin} can't be reached: ${why}. Is it running, and is the address right (--server, ROLLCALL_URL)?`,
    options,
  );
}

/** Certificates and the like: nothing becomes better by another try. */
export const isOfTls = (code: string): boolean =>
  /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH|EPROTO)/.test(
    code,
  );

export function codeOf(error: unknown): string {
  const { code, cause }: { readonly code?: unknown; readonly cause?: unknown } = Object(error);
  if (typeof code === 'string') return code;
  return cause === undefined ? '' : codeOf(cause);
}

const whyUnreached: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of its host can not be looked up',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'it does not answer in time',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
};

/** What can not be read as a request has no instance. */
const told = problem.partial({ instance: true });

/** The problem (RFC 9457) that an answer tells; undefined where it tells none of Rollcall's. */
export function problemIn({ text }: Pick<Answered, 'text'>) {
  const parsed = told.safeParse(jsonIn(text));
  return parsed.success && parsed.data.type.startsWith('urn:rollcall:problem:') ? parsed.data : undefined;
}

/** @returns undefined where it is no JSON */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function otherVersion({ origin, headers }: Answered): string {
  const theirs = headers[versionHeader];
  if (theirs === undefined || theirs === version) return '';
  return ` ${origin} is Rollcall ${printable(String(theirs))}, and this command line ${version}: use one of the same version.`;
}

function hostIn(location: Headers[string]): string {
  const host = URL.parse(String(location))?.host;
  return host === undefined || host === '' ? '' : `, at ${printable(host)}`;
}
