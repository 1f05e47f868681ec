/** An identity provider that can be made to lie: it signs whatever it is told to. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface StrangeProvider {
  readonly issuer: string;
  /** Of the next token; the nonce is that of the sign-in unless it is given here. */
  say(
    claims: Readonly<Record<string, unknown>>,
    options?: { readonly key?: 'own' | 'foreign'; readonly alg?: 'RS256' | 'none' },
  ): void;
  /** What its discovery says in place of the truth. */
  describe(metadata: Record<string, unknown>): void;
  /** Notes the nonce of this sign-in, as the real one does when somebody comes by. */
  visit(url: string): void;
  readonly asked: readonly {
    readonly path: string;
    readonly authorization: string | undefined;
    readonly body: string;
  }[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startStrangeProvider(): Promise<StrangeProvider> {
  const own = await generateKeyPair('RS256');
  const foreign = await generateKeyPair('RS256');
  const asked: { path: string; authorization: string | undefined; body: string }[] = [];
  let nonce = '';
  let token = async (): Promise<string> => '';
  let metadata: Record<string, unknown> = {};

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
    const answers: Record<string, () => Promise<unknown>> = {
      '/.well-known/openid-configuration': async () => ({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
        ...metadata,
      }),
      '/jwks': async () => ({
        keys: [{ ...(await exportJWK(own.publicKey)), kid: '1', alg: 'RS256', use: 'sig' }],
      }),
      '/token': async () => ({ access_token: 'access', token_type: 'bearer', id_token: await token() }),
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify((await answer?.()) ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

  return {
    issuer,
    asked,
    say(claims, { key = 'own', alg = 'RS256' } = {}) {
      const now = Math.floor(Date.now() / 1_000);
      token = async () => {
        const all = { iss: issuer, aud: 'rollcall', sub: 'ann', iat: now, exp: now + 300, nonce, ...claims };
        const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
        if (alg === 'none') return `${base64({ alg })}.${base64(all)}.`;
        const { privateKey } = key === 'own' ? own : foreign;
        return await new SignJWT(all).setProtectedHeader({ alg, kid: '1' }).sign(privateKey);
      };
    },
    describe(given) {
      metadata = given;
    },
    visit(url) {
      nonce = new URL(url).searchParams.get('nonce') ?? '';
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
