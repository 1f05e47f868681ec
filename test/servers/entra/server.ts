/** Microsoft Entra ID and Graph, emulated: sign-in and directory over HTTPS, as their documentation describes them. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Certificates, makeCertificates } from '../certificates.ts';
import { answerBatch } from './batch.ts';
import { createDeltas, type Deltas } from './delta.ts';
import { Directory } from './directory.ts';
import { createFaults, type Faults } from './faults.ts';
import { errorBody, GraphRefusal } from './graph-error.ts';
import { membershipRoute } from './membership.ts';
import { misbehave } from './misbehave.ts';
import { parametersOf, type Reply, type Request } from './query.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';
import { createTokens, type Registration, type Tokens } from './tokens.ts';
import { type Tenant, type TenantOptions, usersRoute } from './users.ts';

export interface EntraServer {
  /** `https://localhost:PORT`, for signing in as for Graph. */
  readonly url: string;
  readonly caFile: string;
  /** Where a managed identity gets its tokens: IDENTITY_ENDPOINT and IDENTITY_HEADER. */
  readonly managedIdentity: { readonly endpoint: string; readonly header: string };
  readonly registration: Registration;
  readonly directory: Directory;
  readonly options: TenantOptions;
  readonly faults: Faults;
  readonly tokens: Tokens;
  readonly deltas: Deltas;
  readonly subscriptions: Subscriptions;
  /** Every request since the start, as `GET /users/delta?...`; those inside of a batch too, with `in batch` before. */
  readonly requests: string[];
  stop(): Promise<void>;
}

export interface EntraServerOptions {
  readonly tenant?: Partial<TenantOptions>;
  /** Answers are made once and given again: for measurements, where nothing changes. */
  readonly repeatsAnswers?: boolean;
}

export const allPermissions = [
  'User.Read.All',
  'GroupMember.Read.All',
  'AdministrativeUnit.Read.All',
  'Application.Read.All',
  'User-LifeCycleInfo.Read.All',
];

export async function startEntra(settings: EntraServerOptions = {}): Promise<EntraServer> {
  const { caFile, certificateFile, keyFile } = certificates();
  const registration: Registration = {
    tenantId: randomUUID(),
    clientId: randomUUID(),
    secret: `secret~${randomUUID()}`,
    certificate: undefined,
    federatedToken: undefined,
    roles: [...allPermissions],
    tokenLifetime: 3_600,
    refusal: undefined,
  };
  const options: TenantOptions = {
    leaveDateWithoutPermission: 'refused',
    deltaPageSize: 200,
    tellsRestores: false,
    tellsOldDeletions: false,
    hasEmptyPages: false,
    deltaShows: 'whole',
    countTold: undefined,
    ...settings.tenant,
  };
  const directory = new Directory();
  const faults = createFaults();
  const tokens = createTokens(registration);
  const deltas = createDeltas();
  const subscriptions = createSubscriptions(registration.tenantId);
  const requests: string[] = [];
  const kept = new Map<string, Buffer>();
  const identityHeader = randomUUID();

  const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  const tenant: Tenant = { directory, options, base: `${url}/v1.0` };

  const answer = async (request: Request): Promise<Reply> => {
    try {
      const reply =
        deltas.route(tenant, request) ??
        usersRoute(tenant, request) ??
        membershipRoute(tenant, request) ??
        (await subscriptions.route(request));
      if (reply !== undefined) return reply;
      throw new GraphRefusal(400, 'BadRequest', `Resource not found for the segment '${request.path}'.`);
    } catch (error) {
      if (!(error instanceof GraphRefusal)) throw error;
      return { status: error.status, headers: error.headers, body: errorBody(error.code, error.message) };
    }
  };
  const answerInBatch = async (request: Request): Promise<Reply> => {
    const line = lineOf(request);
    requests.push(`in batch ${line}`);
    const misfortune = faults.next(`in batch ${line}`);
    return misfortune?.kind === 'answer' ? { body: undefined, ...misfortune } : await answer(request);
  };

  const serveGraph = async (
    incoming: IncomingMessage,
    response: ServerResponse,
    body: string,
  ): Promise<void> => {
    const line = `${incoming.method} ${incoming.url?.replace('/v1.0', '')}`;
    requests.push(line);
    const misfortune = faults.next(line);
    if (misfortune !== undefined && misbehave(misfortune, response)) return;
    const repeated = settings.repeatsAnswers === true ? kept.get(line) : undefined;
    const roles = tokens.verify(incoming.headers.authorization);
    const reply =
      typeof roles === 'string'
        ? { status: 401, body: errorBody('InvalidAuthenticationToken', tokenSentences[roles]) }
        : repeated === undefined
          ? await answerOf(incoming, body, roles)
          : { status: 200 };
    const text = repeated ?? gzipOf(bodyText(reply, misfortune, line, url));
    if (settings.repeatsAnswers === true && reply.status === 200) kept.set(line, text);
    response.writeHead(reply.status, {
      'content-type': 'application/json;odata.metadata=minimal',
      'content-encoding': 'gzip',
      'request-id': randomUUID(),
      'x-ms-resource-unit': '1',
      ...reply.headers,
      ...(misfortune?.kind === 'headers' ? misfortune.headers : {}),
    });
    if (misfortune?.kind === 'cut') {
      response.write(text.subarray(0, text.length / 2), () => response.destroy());
      return;
    }
    response.end(reply.status === 204 ? undefined : text);
  };
  const answerOf = async (
    incoming: IncomingMessage,
    body: string,
    roles: ReadonlySet<string>,
  ): Promise<Reply> => {
    const request = requestOf(incoming, body, roles);
    return request.path === '/$batch' ? await answerBatch(request, answerInBatch) : await answer(request);
  };

  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    void bodyOf(incoming).then(async (body) => {
      const [, place, rest] = /^\/([^/?]+)([^?]*)/.exec(incoming.url ?? '') ?? [];
      if (place === 'v1.0') return await serveGraph(incoming, response, body);
      requests.push(`${incoming.method} ${incoming.url}`);
      const misfortune = faults.next(`${incoming.method} ${incoming.url}`);
      if (misfortune !== undefined && misbehave(misfortune, response)) return;
      const reply =
        rest === '/oauth2/v2.0/token'
          ? tokens.grant(place ?? '', new URLSearchParams(body))
          : (tokens.wrongTenant(place ?? '') ?? { status: 200, body: discovery(`${url}/${place}`) });
      response
        .writeHead(reply.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(reply.body));
    });
  });

  const machine = createPlainServer((request, response) => {
    const isOurs = request.headers['x-identity-header'] === identityHeader;
    response.writeHead(isOurs ? 200 : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isOurs ? tokens.grantManaged() : { error: 'unauthorized' }));
  });
  await new Promise<void>((done) => machine.listen(0, '127.0.0.1', done));
  const endpoint = `http://127.0.0.1:${(machine.address() as AddressInfo).port}/msi/token`;

  return {
    ...{ url, caFile, registration, directory, options, faults, tokens, deltas, subscriptions, requests },
    managedIdentity: { endpoint, header: identityHeader },
    async stop() {
      for (const one of [server, machine]) {
        one.closeAllConnections();
        await new Promise((done) => one.close(done));
      }
    },
  };
}

let made: Certificates | undefined;

/** Made once for all emulators of this process, which may be many. */
function certificates(): Certificates {
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-entra-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  made = makeCertificates(folder, { subjectAltName: 'DNS:localhost' });
  return made;
}

const tokenSentences = {
  missing: 'Access token is empty.',
  unknown: 'CompactToken validation failed with reason code: 80049228.',
  expired: 'Lifetime validation failed, the token is expired.',
};

const discovery = (authority: string): object => ({
  token_endpoint: `${authority}/oauth2/v2.0/token`,
  issuer: `${authority}/v2.0`,
  authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
  jwks_uri: `${authority}/discovery/v2.0/keys`,
});

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function requestOf(incoming: IncomingMessage, body: string, roles: ReadonlySet<string>): Request {
  const [path = '', search = ''] = (incoming.url ?? '').replace('/v1.0', '').split('?');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(path),
    parameters: parametersOf(search),
    headers,
    body: body === '' ? undefined : JSON.parse(body),
    roles,
  };
}

const lineOf = ({ method, path, parameters }: Request): string =>
  `${method} ${path}${parameters.size === 0 ? '' : '?'}${[...parameters].map((pair) => pair.join('=')).join('&')}`;

const gzipOf = (text: string): Buffer => gzipSync(text, { level: 1 });

function bodyText(reply: Reply, misfortune: ReturnType<Faults['next']>, line: string, url: string): string {
  const whole = reply.body;
  if (typeof whole === 'string') return whole;
  const object: Record<string, unknown> = Object(whole);
  switch (misfortune?.kind) {
    case 'half':
      return JSON.stringify(whole).slice(0, -20);
    case 'loop': {
      const { '@odata.deltaLink': _, ...rest } = object;
      return JSON.stringify({ ...rest, '@odata.nextLink': `${url}/v1.0${line.replace(/^\w+ /, '')}` });
    }
    case 'link': {
      const name = '@odata.nextLink' in object ? '@odata.nextLink' : '@odata.deltaLink';
      return JSON.stringify({ ...object, [name]: misfortune.to });
    }
    case 'change':
      return JSON.stringify(misfortune.with(object));
    default:
      return JSON.stringify(whole ?? {});
  }
}
