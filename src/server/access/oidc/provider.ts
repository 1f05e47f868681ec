/** The identity provider: authorization code flow with PKCE, state and nonce. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  genericGrantRequest,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Config } from '../../../../config/schema.ts';
import { type Claims, saysEnough } from './claims.ts';
import { isOfClient, OidcError, oidcErrorOf } from './trouble.ts';

/** What has to be known again when somebody comes back. */
export interface Trail {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface IdentityProvider {
  /** Where to send somebody. @throws {OidcError} */
  begin(): Promise<{ readonly url: string; readonly trail: Trail }>;
  /**
   * What the provider says of whoever came back.
   *
   * @param query - of the address under which they came back, with its question mark
   * @throws {OidcError}
   */
  finish(query: string, trail: Trail): Promise<Claims>;
  /**
   * Asks for its metadata, and for the end of a sign-in that never began: who does not know Rollcall says so first.
   *
   * @returns whether it knows Rollcall and takes its secret; false where it doesn't tell
   * @throws {OidcError} where it can't be reached, is another issuer, or does not take them
   */
  probe(): Promise<boolean>;
}

export type OidcConfig = NonNullable<Config['server']['oidc']>;

const answerWithinS = 10;
const clocksMayDifferS = 30;
/** Keys are asked for as they change; addresses are looked up again after this time. */
const trustMetadataMs = 3_600_000;

export const callbackPath = '/sign-in/oidc/callback';

/** Asks the provider for nothing before somebody wants to sign in: it may be down, and Rollcall starts. */
export function identityProvider(oidc: OidcConfig, publicUrl: string): IdentityProvider {
  const redirectUri = new URL(callbackPath, publicUrl).href;
  let known: { readonly configuration: Configuration; readonly at: number } | undefined;

  async function configuration(): Promise<Configuration> {
    if (known !== undefined && Date.now() - known.at < trustMetadataMs) return known.configuration;
    const metadata = { [clockTolerance]: clocksMayDifferS };
    // What comes straight from the provider needs no signature by the book; a proxy in between could still say anything.
    const also = oidc.issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    const found = await discovery(
      new URL(oidc.issuer),
      oidc.clientId,
      metadata,
      clientSecret(oidc.clientSecret),
      { timeout: answerWithinS, execute: [enableNonRepudiationChecks, ...also] },
    );
    known = { configuration: found, at: Date.now() };
    return found;
  }

  async function moreOf(claims: Claims & { readonly sub: string }, accessToken: string): Promise<Claims> {
    const found = await configuration();
    if (saysEnough(claims, oidc) || found.serverMetadata().userinfo_endpoint === undefined) return claims;
    return { ...(await fetchUserInfo(found, accessToken, claims.sub)), ...claims };
  }

  return {
    async begin() {
      try {
        const found = await configuration();
        const trail = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
        const url = buildAuthorizationUrl(found, {
          redirect_uri: redirectUri,
          scope: oidc.scopes,
          state: trail.state,
          nonce: trail.nonce,
          code_challenge: await calculatePKCECodeChallenge(trail.verifier),
          code_challenge_method: 'S256',
        });
        return { url: url.href, trail };
      } catch (error) {
        throw oidcErrorOf(error, oidc.issuer);
      }
    },
    async probe() {
      try {
        const parameters = {
          code: 'of-no-sign-in',
          redirect_uri: redirectUri,
          code_verifier: randomPKCECodeVerifier(),
        };
        await genericGrantRequest(await configuration(), 'authorization_code', parameters);
        return false;
      } catch (error) {
        if (error instanceof ResponseBodyError && !isOfClient(error)) return error.error === 'invalid_grant';
        throw oidcErrorOf(error, oidc.issuer);
      }
    },
    async finish(query, { state, nonce, verifier }) {
      try {
        const tokens = await authorizationCodeGrant(
          await configuration(),
          new URL(`${redirectUri}${query}`),
          {
            pkceCodeVerifier: verifier,
            expectedState: state,
            expectedNonce: nonce,
            idTokenExpected: true,
          },
        );
        const claims = tokens.claims();
        if (claims === undefined)
          throw new OidcError(502, `${oidc.issuer} did not say who it is.`, { isForOperator: true });
        return await moreOf(claims, tokens.access_token);
      } catch (error) {
        throw oidcErrorOf(error, oidc.issuer);
      }
    },
  };
}

/** In the body where the provider takes it so; else as RFC 6749 wants it of every provider, in the header. */
function clientSecret(secret: string): ClientAuth {
  const [inBody, inHeader] = [ClientSecretPost(secret), ClientSecretBasic(secret)];
  return (server, ...rest) =>
    (server.token_endpoint_auth_methods_supported?.includes('client_secret_post') === true
      ? inBody
      : inHeader)(server, ...rest);
}
