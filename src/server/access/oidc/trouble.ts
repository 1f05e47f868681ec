/** What went wrong between here and the identity provider, as a sentence for whoever wants to sign in. */
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';

export class OidcError extends Error {
  readonly status: number;
  /** Whoever runs Rollcall has to do something. */
  readonly isForOperator: boolean;

  constructor(status: number, sentence: string, { isForOperator, cause }: OidcErrorOptions = {}) {
    super(sentence, { cause });
    this.status = status;
    this.isForOperator = isForOperator ?? false;
  }
}

interface OidcErrorOptions {
  readonly isForOperator?: boolean;
  readonly cause?: unknown;
}

/** Whether the provider does not take Rollcall itself. */
export const isOfClient = ({ error }: ResponseBodyError): boolean =>
  error === 'invalid_client' || error === 'unauthorized_client';

export function oidcErrorOf(error: unknown, issuer: string): OidcError {
  const forOperator = (status: number, sentence: string): OidcError =>
    new OidcError(status, sentence, { isForOperator: true, cause: error });
  const forPerson = (status: number, sentence: string): OidcError =>
    new OidcError(status, sentence, { cause: error });

  if (error instanceof OidcError) return error;
  if (error instanceof AuthorizationResponseError)
    return error.error === 'access_denied'
      ? forPerson(403, `Nobody was signed in: it was cancelled, or ${issuer} does not let this account in.`)
      : forOperator(
          502,
          `${issuer} refused the sign-in (${quoted(error.error)}). Compare server.oidc with what is registered there: client id, scopes, and the address to come back to.`,
        );
  if (error instanceof ResponseBodyError) {
    if (error.error === 'invalid_grant')
      return forPerson(
        400,
        'This sign-in was used already, or took too long. Nobody was signed in by it: begin again.',
      );
    return forOperator(
      502,
      isOfClient(error)
        ? `${issuer} does not accept Rollcall's own client id and secret (${quoted(error.error)}). Correct server.oidc.clientId and server.oidc.clientSecret, and start Rollcall again; the secret may have expired.`
        : `${issuer} refused to say who it is (${quoted(error.error)}).`,
    );
  }
  if (error instanceof ClientError) return clientError(error, issuer, { forOperator, forPerson });
  return forOperator(502, unreachable(issuer));
}

interface Tell {
  forOperator(status: number, sentence: string): OidcError;
  forPerson(status: number, sentence: string): OidcError;
}

function clientError(error: ClientError, issuer: string, { forOperator, forPerson }: Tell): OidcError {
  switch (error.code) {
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return forOperator(
        502,
        `What ${issuer} says was made at another time than it is here: the clocks of the two differ. Set them right, by NTP.`,
      );
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return forPerson(
        400,
        `What came back from ${issuer} was not made for this sign-in. Nobody was signed in by it: begin again.`,
      );
    case 'OAUTH_INVALID_RESPONSE':
      return forPerson(
        400,
        'What came back does not belong to the sign-in that was begun here. Nobody was signed in by it: begin again.',
      );
    case 'OAUTH_TIMEOUT':
      return forOperator(502, unreachable(issuer));
    default:
      return forOperator(
        502,
        `${issuer} answered otherwise than an identity provider does (${error.code ?? error.message}). Look whether server.oidc.issuer is the address under which it is known, and whether it works.`,
      );
  }
}

const unreachable = (issuer: string): string =>
  `${issuer} does not answer, so nobody can sign in by it now. Those who are signed in stay so, and Rollcall goes on with its work; try again in a moment, or sign in with a token.`;

/** Written elsewhere: as much of it as a code may have. */
const quoted = (code: string): string => code.replaceAll(/[^\w.-]/g, '').slice(0, 60);
