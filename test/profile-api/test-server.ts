/** A small HTTP server that answers exactly what a test needs, and keeps what it was asked. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ProfileApiConfig } from '../../config/schema.ts';
import { ProfileApiError } from '../../src/profile-api/answer.ts';
import { createProfileApi } from '../../src/profile-api/client.ts';
import type { Wanted } from '../../src/profile-api/find-newest.ts';
import type { Profile } from '../../src/profile-api/profile.ts';
import type { ProfileApi } from '../../src/profile-api/profile-api.ts';
import type { TransportOptions } from '../../src/profile-api/transport.ts';

export const apiKey = 'k3y-0f-the-0rg';

export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TestServer {
  readonly url: string;
  readonly received: readonly Received[];
}

/** What to answer: a status and a body, or a function that does as it likes with the response. */
export type Answer =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | ((response: ServerResponse) => void);

/** Starts a server for the running test, and ends it with it. */
export async function serve(
  answer: (request: Received) => Answer,
  tls?: Pick<ServerOptions, 'key' | 'cert'>,
): Promise<TestServer> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked: Received = {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', 'http://test'),
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      received.push(asked);
      const given = answer(asked);
      if (typeof given === 'function') return given(response);
      const isText = typeof given.body === 'string' || given.body === undefined;
      response.writeHead(given.status ?? 200, given.headers);
      return response.end(isText ? given.body : JSON.stringify(given.body));
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, received };
}

/** A client for the running test. */
export function client(
  url: string,
  config: Partial<ProfileApiConfig> = {},
  options: TransportOptions = {},
): ProfileApi {
  const api = createProfileApi(
    {
      url,
      apiKey,
      authScheme: '',
      pageSize: 10,
      concurrency: 1,
      rateLimit: { max: 100, per: 1_000 },
      timeout: 10_000,
      insecureSkipTlsVerify: false,
      logout: false,
      ...config,
    },
    options,
  );
  onTestFinished(() => api.close());
  return api;
}

/** Looks for one person among the newest. @throws what keeps it from being told which profile is theirs */
export async function findOne(api: ProfileApi, wanted: Wanted): Promise<Profile | undefined> {
  const [sighting] = await api.findNewest([wanted]);
  if (sighting instanceof ProfileApiError) throw sighting;
  return sighting;
}

/** A profile as it is on the wire. */
export function wireProfile(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    profile_id: `p${number}`,
    user: number,
    email: `user${number}@example.com`,
    is_active: true,
    last_loggged_in: 'never',
    ...more,
  };
}
