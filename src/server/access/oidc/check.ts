/** Tries out the sign-in by OpenID Connect, for `rollcall check`, without anybody signing in. */
import type { Config } from '../../../../config/schema.ts';
import type { ProbeFinding } from '../../../../connectors/connector.ts';
import { identityProvider } from './provider.ts';
import { OidcError } from './trouble.ts';

/** @returns nothing where it is not configured */
export async function checkSignIn({
  oidc,
  publicUrl,
}: Pick<Config['server'], 'oidc' | 'publicUrl'>): Promise<readonly ProbeFinding[]> {
  if (oidc === undefined || publicUrl === undefined) return [];
  const { issuer, clientId } = oidc;
  const good = (text: string): ProbeFinding => ({ ok: true, text, mend: undefined });
  try {
    const isKnown = await identityProvider(oidc, publicUrl).probe();
    return [
      good(`${issuer} answers, and is the issuer that it says.`),
      good(
        isKnown
          ? `It knows Rollcall as ${clientId}, and takes its secret.`
          : `Whether it knows Rollcall as ${clientId} shows when somebody signs in: it does not tell before.`,
      ),
    ];
  } catch (error) {
    if (!(error instanceof OidcError)) throw error;
    return [
      {
        ok: false,
        text: error.message,
        mend: 'Compare server.oidc with what the provider has: its address, client id and secret. People with a token sign in all the same.',
      },
    ];
  }
}
