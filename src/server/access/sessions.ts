/** Sessions of the console, in signed cookies that no other site can send along. Their content is in the store. */
import { createHmac } from 'node:crypto';
import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import session from '@fastify/session';
import type { FastifyInstance, FastifyRequest, Session } from 'fastify';
import { z } from 'zod';
import type { Config } from '../../../config/schema.ts';
import type { Engine } from '../../engine/index.ts';
import { dropSession, keepSession, type SessionContent, sessionOf } from '../../store/service/sessions.ts';
import { roleBy } from './oidc/claims.ts';
import type { Visitor } from './roles.ts';
import type { TokenBook } from './tokens.ts';

/** How somebody came in, in their session. */
const signedIn = z.discriminatedUnion('by', [
  z.object({ by: z.literal('token'), name: z.string(), at: z.iso.datetime() }),
  z.object({
    by: z.literal('oidc'),
    issuer: z.string(),
    name: z.string(),
    /** Values of the roles' claim that gave a role. */
    values: z.array(z.string()),
    at: z.iso.datetime(),
  }),
]);

export type SignedIn = z.output<typeof signedIn>;

declare module 'fastify' {
  interface Session {
    signedIn?: SignedIn;
  }
}

/** Every container comes to the same one, and it is stored nowhere: with another API key, everybody signs in anew. */
const signingKey = (apiKey: string): string =>
  createHmac('sha256', apiKey).update('rollcall console sessions').digest('hex');

export async function registerSessions(app: FastifyInstance, { config, store }: Engine): Promise<void> {
  const secret = signingKey(config.profileApi.apiKey);
  const { idle } = config.server.session;
  const strict = { path: '/', httpOnly: true, sameSite: 'strict', secure: isServedSecurely(config) } as const;
  const asPromised = <Value>(work: Promise<Value>, callback: (error: unknown, value?: Value) => void): void =>
    void work.then((value) => callback(null, value), callback);

  await app.register(cookie, { secret });
  await app.register(session, {
    secret,
    cookieName: 'rollcall_session',
    cookie: { ...strict, maxAge: idle },
    rolling: true,
    saveUninitialized: false,
    store: {
      get: (id, callback) =>
        asPromised(
          sessionOf(store.db, id).then((content) => (content === undefined ? null : revived(content))),
          callback,
        ),
      set: (id, content, callback) =>
        asPromised(keepSession(store.db, id, { ...content }, new Date(Date.now() + idle)), (error) =>
          callback(error),
        ),
      destroy: (id, callback) => asPromised(dropSession(store.db, id), (error) => callback(error)),
    },
  });
  await app.register(csrf, {
    sessionPlugin: '@fastify/cookie',
    cookieKey: 'rollcall_csrf',
    cookieOpts: { ...strict, signed: true },
    csrfOpts: { hmacKey: secret, userInfo: true },
    getUserInfo: boundTo,
    getToken: (request) => formToken.parse(request.body ?? {})._csrf,
  });
}

/** To whose session a form belongs. Before somebody has signed in there is none. */
export const boundTo = ({ session: own }: Pick<FastifyRequest, 'session'>): string =>
  own.signedIn === undefined ? 'nobody' : own.sessionId;

/** Whether browsers reach the console by HTTPS: by a proxy in front, since Rollcall itself serves none. */
export const isServedSecurely = ({ server }: Pick<Config, 'server'>): boolean =>
  server.publicUrl?.startsWith('https:') ?? false;

const revived = (content: SessionContent): Session => {
  const { cookie: kept, ...rest } = content;
  const { originalMaxAge, expires = null } = keptCookie.parse(kept);
  return { cookie: { originalMaxAge, expires }, ...rest };
};

const keptCookie = z.object({
  originalMaxAge: z.number().nullable(),
  expires: z.coerce.date().nullish(),
});

const formToken = z.object({ _csrf: z.string().optional() }).catch({});

/** Who is signed in, by what is configured now. A token or a group that was taken away lets nobody in any longer. */
export function visitorOf(
  { session: content }: Pick<FastifyRequest, 'session'>,
  tokens: TokenBook,
  { oidc, session: { longest } }: Pick<Config['server'], 'oidc' | 'session'>,
  now: Date,
): Visitor | undefined {
  const parsed = signedIn.safeParse(content.signedIn);
  if (!parsed.success) return undefined;
  const how = parsed.data;
  if (now.getTime() - Date.parse(how.at) > longest) return undefined;
  if (how.by === 'token') return tokens.visitorNamed(how.name);
  if (oidc?.issuer !== how.issuer) return undefined;
  const role = roleBy(how.values, oidc.roles);
  return role === undefined ? undefined : { name: how.name, role, actor: `oidc:${how.name}` };
}
