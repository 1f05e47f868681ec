/**
 * Signing in by an identity provider. Our session's cookie is strict: a browser that comes back from elsewhere does not
 * send it. So what has to be known by then is in a cookie of its own, and whoever came back goes on by a page of ours.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { html } from '../../html/html.ts';
import { judgeClaims } from '../access/oidc/claims.ts';
import {
  callbackPath,
  type IdentityProvider,
  identityProvider,
  type OidcConfig,
} from '../access/oidc/provider.ts';
import { OidcError } from '../access/oidc/trouble.ts';
import { isServedSecurely, type SignedIn } from '../access/sessions.ts';
import { letIn } from './let-in.ts';
import { type Console, send } from './routes.ts';
import { safePath } from './safe-path.ts';

/** Why somebody was not let in. */
export interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

/** The page to sign in on, again where somebody was refused. */
export type ShowSignIn = (
  request: FastifyRequest,
  reply: FastifyReply,
  next: string,
  refusal?: Refusal,
) => FastifyReply;

/** From one address, which may be that of a whole office: each makes a request to the provider. */
const triesPerMinute = 30;
const cookieName = 'rollcall_oidc';
const startPath = '/sign-in/oidc';
/** Time to find one's password and second factor. */
const longestMs = 600_000;

const wanted = z.object({ next: z.string().default('/') }).catch({ next: '/' });

const kept = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  begunAt: z.number(),
});

type Kept = z.output<typeof kept>;

export async function mountOidc(site: Console, show: ShowSignIn): Promise<void> {
  const { app, engine } = site;
  const { oidc, publicUrl } = engine.config.server;
  if (oidc === undefined || publicUrl === undefined) return;
  const provider = identityProvider(oidc, publicUrl);
  const cookieOptions = {
    path: startPath,
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    secure: isServedSecurely(engine.config),
  } as const;

  function take(request: FastifyRequest, reply: FastifyReply): Kept | undefined {
    void reply.clearCookie(cookieName, cookieOptions);
    const { valid, value } = request.unsignCookie(request.cookies[cookieName] ?? '');
    if (!valid || value === null) return undefined;
    const { data } = kept.safeParse(parsedJson(value));
    // How long a browser keeps it is the browser's word.
    return data !== undefined && Date.now() - data.begunAt <= longestMs ? data : undefined;
  }

  const refuse = (request: FastifyRequest, reply: FastifyReply, next: string, error: unknown) => {
    if (!(error instanceof OidcError)) throw error;
    engine.log[error.isForOperator ? 'error' : 'warn'](
      { event: 'console.sign-in-failed', address: request.ip, issuer: oidc.issuer, err: error.cause },
      error.message,
    );
    return show(request, reply, next, { status: error.status, sentence: error.message });
  };

  await app.register(async (limited) => {
    await limited.register(rateLimit, { max: triesPerMinute, timeWindow: '1 minute' });

    limited.get(startPath, async (request, reply) => {
      const next = safePath(wanted.parse(request.query).next);
      try {
        const { url, trail } = await provider.begin();
        const value: Kept = { ...trail, next, begunAt: Date.now() };
        return reply
          .setCookie(cookieName, JSON.stringify(value), { ...cookieOptions, maxAge: longestMs / 1_000 })
          .header('cache-control', 'no-store')
          .redirect(url, 303);
      } catch (error) {
        return refuse(request, reply, next, error);
      }
    });

    limited.get(callbackPath, async (request, reply) => {
      const begun = take(request, reply);
      if (begun === undefined) return refuse(request, reply, '/', notBegunHere());
      try {
        return await comeBack(site, { provider, oidc, show }, request, reply, begun);
      } catch (error) {
        return refuse(request, reply, safePath(begun.next), error);
      }
    });
  });
}

const notBegunHere = (): OidcError =>
  new OidcError(
    400,
    'This sign-in was not begun in this browser, was used already, or took longer than ten minutes. Nobody was signed in by it: begin again.',
  );

interface Means {
  readonly provider: IdentityProvider;
  readonly oidc: OidcConfig;
  readonly show: ShowSignIn;
}

async function comeBack(
  { engine, assets }: Console,
  { provider, oidc, show }: Means,
  request: FastifyRequest,
  reply: FastifyReply,
  { next: wish, ...trail }: Kept,
): Promise<FastifyReply> {
  const next = safePath(wish);
  const claims = await provider.finish(queryOf(request.url), trail);
  const judged = judgeClaims(claims, oidc);
  if (judged.kind === 'refused') {
    const { name, sentence } = judged;
    engine.log.warn({ event: 'console.sign-in-refused', address: request.ip, name }, sentence);
    return show(request, reply, next, { status: 403, sentence });
  }
  const { name, role, values } = judged;
  const visitor = { name, role, actor: `oidc:${name}` };
  const how: SignedIn = {
    by: 'oidc',
    issuer: oidc.issuer,
    name,
    values: [...values],
    at: new Date().toISOString(),
  };
  await letIn(engine, request, visitor, how, { issuer: oidc.issuer, subject: claims.sub });
  const content = html`<p><a class="button" href="${next}">Go on</a></p>`;
  const frame = { visitor: undefined, csrf: '', path: callbackPath, assets };
  return send(reply, { title: `Signed in as ${name}`, content, goOn: next }, frame);
}

const queryOf = (url: string): string => (url.includes('?') ? url.slice(url.indexOf('?')) : '');

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
