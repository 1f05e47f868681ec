/** The token endpoint: client secrets, certificates, federated tokens, and Microsoft's errors when something is wrong. */
import { createVerify, randomUUID, X509Certificate } from 'node:crypto';

export interface Registration {
  readonly tenantId: string;
  readonly clientId: string;
  secret: string;
  /** A certificate (PEM) that the application may sign in with. */
  certificate: string | undefined;
  /** What a trusted issuer's token says; only this very text is taken. */
  federatedToken: string | undefined;
  /** The permissions that were consented to. */
  roles: string[];
  /** Seconds that a token lives. */
  tokenLifetime: number;
  /** Answered instead of a token: an AADSTS code with its sentence. */
  refusal: { readonly code: number; readonly sentence: string; readonly error?: string } | undefined;
}

export interface TokenReply {
  readonly status: number;
  readonly body: object;
}

export interface Tokens {
  /** How many tokens were given. */
  readonly given: number;
  /** Answers a form sent to `/{tenant}/oauth2/v2.0/token`. */
  grant(tenant: string, form: URLSearchParams): TokenReply;
  /** What every endpoint says of a tenant that does not exist, the sign-in document too. */
  wrongTenant(tenant: string): TokenReply | undefined;
  /** A token for a managed identity, by the endpoint inside of its machine. */
  grantManaged(): object;
  /** The permissions of a token, or why it is refused. */
  verify(authorization: string | undefined): ReadonlySet<string> | 'missing' | 'unknown' | 'expired';
  /** Makes every token given so far worthless, as a revocation does. */
  revokeAll(): void;
}

export function createTokens(registration: Registration): Tokens {
  const valid = new Map<string, { readonly until: number; readonly roles: ReadonlySet<string> }>();
  let given = 0;

  const issue = (): string => {
    const { tenantId, clientId, roles, tokenLifetime } = registration;
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      aud: 'https://graph.microsoft.com',
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + tokenLifetime,
      appid: clientId,
      app_displayname: 'Rollcall',
      roles,
      tid: tenantId,
      uti: randomUUID(),
    };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ typ: 'JWT', alg: 'RS256', kid: 'emulator' })}.${part(claims)}.${randomUUID().replaceAll('-', '')}`;
    valid.set(token, { until: Date.now() + tokenLifetime * 1_000, roles: new Set(roles) });
    given += 1;
    return token;
  };

  return {
    get given() {
      return given;
    },
    grant(tenant, form) {
      const { clientId, refusal, tokenLifetime } = registration;
      if (refusal !== undefined) return aadsts(refusal.code, refusal.sentence, refusal.error);
      if (form.get('client_id') !== clientId)
        return aadsts(
          700016,
          `Application with identifier '${form.get('client_id')}' was not found in the directory 'Contoso'.`,
          'unauthorized_client',
        );
      const problem = this.wrongTenant(tenant) ?? proofProblem(registration, form);
      if (problem !== undefined) return problem;
      return {
        status: 200,
        body: {
          token_type: 'Bearer',
          expires_in: tokenLifetime,
          ext_expires_in: tokenLifetime,
          access_token: issue(),
        },
      };
    },
    wrongTenant(tenant) {
      if (tenant === registration.tenantId) return undefined;
      const sentence = `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`;
      return aadsts(90002, sentence, 'invalid_tenant');
    },
    grantManaged: () => ({
      access_token: issue(),
      expires_on: String(Math.floor(Date.now() / 1_000) + registration.tokenLifetime),
      resource: 'https://graph.microsoft.com',
      token_type: 'Bearer',
    }),
    verify(authorization) {
      const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
      if (token === undefined) return 'missing';
      const known = valid.get(token);
      if (known === undefined) return 'unknown';
      return known.until < Date.now() ? 'expired' : known.roles;
    },
    revokeAll: () => valid.clear(),
  };
}

/** What is wrong with the proof that the application is itself; undefined where nothing is. */
function proofProblem(registration: Registration, form: URLSearchParams): TokenReply | undefined {
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  if (secret !== null)
    return secret === registration.secret
      ? undefined
      : aadsts(
          7000215,
          'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
        );
  if (assertion === null)
    return aadsts(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  if (registration.federatedToken !== undefined)
    return assertion === registration.federatedToken
      ? undefined
      : aadsts(
          700213,
          'No matching federated identity record found for presented assertion subject.',
          'invalid_client',
        );
  return certificateProblem(registration, assertion);
}

function certificateProblem({ certificate }: Registration, assertion: string): TokenReply | undefined {
  const [header = '', claims = '', signature = ''] = assertion.split('.');
  const { exp, nbf } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  if (certificate === undefined || !isSigned(header, `${header}.${claims}`, signature, certificate))
    return aadsts(
      700027,
      'The certificate with identifier used to sign the client assertion is not registered on application.',
    );
  const now = Date.now() / 1_000;
  return exp < now || (nbf !== undefined && nbf > now + 300)
    ? aadsts(
        700024,
        'Client assertion is not within its valid time range. Current time: 2026-01-01T00:00:00.0000000Z, assertion valid from 2026-01-02T00:00:00.0000000Z.',
      )
    : undefined;
}

function isSigned(header: string, signed: string, signature: string, certificate: string): boolean {
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const key = new X509Certificate(certificate).publicKey;
  const pss = { key, padding: 6, saltLength: 32 };
  return createVerify('sha256')
    .update(signed)
    .verify(alg === 'PS256' ? pss : key, signature, 'base64url');
}

/** Microsoft's error of the token endpoint. */
function aadsts(code: number, sentence: string, error = 'invalid_client'): TokenReply {
  const trace = randomUUID();
  const correlation = randomUUID();
  const timestamp = new Date().toISOString().replace('T', ' ').slice(0, 20);
  return {
    status: error === 'invalid_client' ? 401 : 400,
    body: {
      error,
      error_description: `AADSTS${code}: ${sentence} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  };
}
