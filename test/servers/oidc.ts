/** A real OpenID Connect provider in the test's own process, whose people sign in by name with any password. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';
import { freePort } from './free-port.ts';

export interface OidcPerson {
  readonly email: string;
  readonly email_verified?: boolean;
  readonly groups?: readonly string[];
}

export interface OidcServer {
  /** At `localhost`, which to a browser is another site than 127.0.0.1. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface OidcServerOptions {
  readonly people: Readonly<Record<string, OidcPerson>>;
  /** Where Rollcall is, for a browser. */
  readonly rollcall: string;
  /** Whether claims are in the ID token, as Entra ID and Keycloak do it, or at the provider's other address. */
  readonly inToken?: boolean;
}

export async function startOidcServer({
  people,
  rollcall,
  inToken = false,
}: OidcServerOptions): Promise<OidcServer> {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const [clientId, clientSecret] = ['rollcall', 'a-secret-that-nobody-may-read-in-a-log'];
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${rollcall}/sign-in/oidc/callback`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
    conformIdTokenClaims: !inToken,
    cookies: { keys: ['for tests'] },
    findAccount: (_context, id) =>
      people[id] === undefined ? undefined : { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  });
  const answer = provider.callback();
  let server: Server | undefined;
  const running: OidcServer = {
    issuer,
    clientId,
    clientSecret,
    async start() {
      server = createServer(answer).listen(port, 'localhost');
      await once(server, 'listening');
    },
    async stop() {
      server?.closeAllConnections();
      server?.close();
      if (server?.listening === true) await once(server, 'close');
      server = undefined;
    },
    [Symbol.asyncDispose]: () => running.stop(),
  };
  await running.start();
  return running;
}
