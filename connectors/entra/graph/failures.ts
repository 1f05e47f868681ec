/** Turns Graph's errors into the sentence that tells an operator what to do. */
import type { SourceErrorKind } from '../../source-error.ts';
import { EntraError } from '../entra-error.ts';
import type { GraphError } from './answer.ts';

/** What was asked, for messages. */
export interface Asked {
  /** As a gerund: `Reading the users`. */
  readonly what: string;
  /** The application permission that it needs. */
  readonly permission: string;
}

/** Graph refused, in its own words; the status and code say why. */
export class GraphFailure extends EntraError {
  readonly error: GraphError;

  constructor(asked: Asked, error: GraphError, options?: ErrorOptions) {
    const { kind, mend } = mendOf(asked, error);
    super(kind, `${asked.what} failed: ${describeError(error)}`, mend, options);
    this.error = error;
  }
}

/** Graph's status, code and sentence, and the id that Microsoft's support asks for. */
export function describeError({ status, code, message, requestId }: GraphError): string {
  const name = code === '' ? `status ${status}` : `${status} ${code}`;
  const sentence = message === '' ? '' : `, "${shortened(message)}"`;
  return `Graph answered ${name}${sentence}${requestId === undefined ? '' : ` (request-id ${requestId})`}`;
}

interface Mend {
  readonly kind: SourceErrorKind;
  readonly mend: string;
}

function mendOf({ permission }: Asked, { status, code }: GraphError): Mend {
  if (status === 429)
    return {
      kind: 'unreachable',
      mend: 'The tenant is throttled: other applications may use it up. It is tried again at the next run; read it less often if it stays so.',
    };
  if (status === 401)
    return {
      kind: 'credentials',
      mend: 'Graph does not take the token. Check cloud, and whether access was revoked; a wrong clock does it too.',
    };
  if (status === 403)
    return {
      kind: 'permission',
      mend: `Give the application the permission ${permission} (an application permission of Microsoft Graph), and let an administrator consent to it.`,
    };
  if (status === 404)
    return {
      kind: 'base',
      mend: 'Check the ids of groups, units and applications in the scope of the source: one is not in this tenant.',
    };
  if (status === 410 || code === 'syncStateNotFound' || code === 'Directory_ExpiredPageToken')
    return { kind: 'protocol', mend: 'The place in the reading has expired. The next run begins anew.' };
  if (status >= 500)
    return { kind: 'unreachable', mend: 'Graph is in trouble; it is tried again at the next run.' };
  if (status === 400)
    return {
      kind: 'filter',
      mend: 'The query is one that Graph does not take: check the properties that the mapping and the scope ask for.',
    };
  return {
    kind: 'protocol',
    mend: "Look the code up in Graph's documentation, or give the request-id to Microsoft's support.",
  };
}

/** No connection, or one that broke. */
export function connectionError(error: unknown, graph: string, timeoutMs: number): EntraError {
  const { code, message } = deepest(error);
  const text = `${code} ${message}`;
  if (/CERT|certificate|SELF_SIGNED|UNABLE_TO_/i.test(text))
    return new EntraError(
      'certificate',
      `No connection to ${graph}: ${message}`,
      'Something on the way shows a certificate of its own: give its CA to Node by NODE_EXTRA_CA_CERTS.',
      { cause: error },
    );
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  return new EntraError(
    'unreachable',
    isLate
      ? `${graph} did not answer within ${timeoutMs / 1_000} s`
      : `No connection to ${graph}: ${message}${code === '' ? '' : ` (${code})`}`,
    'Check the network, and the proxy (HTTPS_PROXY with NODE_USE_ENV_PROXY=1) where there is one.',
    { cause: error },
  );
}

export function unreadableError({ what }: Asked, status: number, found: string): EntraError {
  return new EntraError(
    'protocol',
    `${what} failed: the answer (${status}) has ${found}, where Graph gives JSON`,
    'Something on the way answers in place of Graph, or cuts answers off: look at the proxy.',
  );
}

/** Fetch says "fetch failed"; why, its innermost cause says. */
function deepest(error: unknown): { readonly code: string; readonly message: string } {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  const code = at instanceof Error && 'code' in at && typeof at.code === 'string' ? at.code : '';
  return { code, message: at instanceof Error ? at.message : String(at) };
}

const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
};
