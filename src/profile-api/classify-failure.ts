/** The table from a request that got no whole answer to what that means. Pure. */
import type { Asked, Verdict } from './answer.ts';
import { tidy } from './server-sentence.ts';

/** How a request ended without a whole answer. */
export interface RequestFailure {
  /** Node's code, such as `ECONNRESET` or `CERT_HAS_EXPIRED`. */
  readonly code: string;
  /** The system call that failed, where one did: `connect`, `getaddrinfo`, `read`. */
  readonly syscall: string | undefined;
  readonly message: string;
  /** Whether a connection stood, TLS included, so that bytes of the request may have left. */
  readonly wasConnected: boolean;
  readonly timedOutAfterMs: number | undefined;
}

const certificateMends: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', "The server's certificate has expired. Have it renewed."],
  ['CERT_NOT_YET_VALID', "The server's certificate is not valid yet. Check this machine's clock."],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "The server's certificate is for another name. Use the name in the certificate in profileApi.url.",
  ],
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    "The server's certificate is signed by itself. Give its certificate as profileApi.ca.",
  ],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'The certificate comes from a private CA. Give that CA as profileApi.ca.'],
  [
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'The certificate comes from a CA that is not known here. Give that CA as profileApi.ca.',
  ],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'The certificate comes from a CA that is not known here, or the server does not send its chain. Give the CA as profileApi.ca.',
  ],
]);

const unreachableMends: ReadonlyMap<string, string> = new Map([
  [
    'ECONNREFUSED',
    'Nothing listens there. Check host and port in profileApi.url, and that the server is up.',
  ],
  ['ENOTFOUND', 'The host name is not known. Check profileApi.url and the DNS.'],
  ['EAI_AGAIN', 'The name server does not answer. Check the DNS of this machine.'],
  ['EHOSTUNREACH', 'No way leads there. Check the network and its firewalls.'],
  ['ENETUNREACH', 'No way leads there. Check the network and its firewalls.'],
]);

/**
 * What a request without a whole answer means. Only what certainly went out by nobody's hand is safe to repeat: the
 * name was not found, the connection or TLS did not come about. Anything else on a write is an unknown outcome.
 */
export function classifyFailure(asked: Asked, failure: RequestFailure, secrets: readonly string[]): Verdict {
  const blank = { status: undefined, sentence: undefined, retryAfterMs: undefined };
  // OpenSSL's reason, without Node's advice on its own command line, which is none of the operator's.
  const told = failure.message.replace(/; if the root CA is installed locally.*$/s, '');
  const why = `${failure.code}: ${tidy(told, secrets)}`;
  const message = (meaning: string) => `Could not ${asked.what} at ${asked.url} (${why}). ${meaning}`;

  if (isCertificateProblem(failure)) {
    return {
      answer: { ...blank, kind: 'retry-later', reason: 'certificate' },
      message: message(
        certificateMends.get(failure.code) ??
          'TLS with this server did not come about. Check that profileApi.url has the right port, and https only where the server speaks it.',
      ),
    };
  }
  if (wasCertainlyNotSent(failure)) {
    return {
      answer: { ...blank, kind: 'retry-later', reason: 'unreachable' },
      message: message(
        unreachableMends.get(failure.code) ??
          'The connection did not come about. Check host and port in profileApi.url, and firewalls between.',
      ),
    };
  }
  const reason = failure.timedOutAfterMs === undefined ? 'connection' : 'timeout';
  const lost =
    failure.timedOutAfterMs === undefined
      ? 'The connection was lost before the answer was whole.'
      : `No whole answer came within ${failure.timedOutAfterMs} ms (profileApi.timeout).`;
  return asked.effect === 'write'
    ? {
        answer: { ...blank, kind: 'unknown-outcome', reason },
        message: message(
          `${lost} It may or may not have been carried out. Look at the profile before it is tried again.`,
        ),
      }
    : {
        answer: { ...blank, kind: 'retry-later', reason },
        message: message(`${lost} This is tried again later.`),
      };
}

/** TLS fails before the first byte of a request leaves: Node sends nothing on a connection it has not accepted. */
function isCertificateProblem({ code, wasConnected }: RequestFailure): boolean {
  if (certificateMends.has(code)) return true;
  if (/^(CERT_|UNABLE_TO_|ERR_TLS_CERT)/.test(code)) return true;
  return !wasConnected && /^(EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code);
}

function wasCertainlyNotSent({ code, syscall, wasConnected }: RequestFailure): boolean {
  if (!wasConnected) return true;
  return code === 'ECONNREFUSED' || syscall === 'connect' || syscall === 'getaddrinfo';
}
