/** How a page of the console is added: who may see it, how it is framed, and how what is sent to it is taken. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Engine } from '../../engine/index.ts';
import type { Html } from '../../html/html.ts';
import { html } from '../../html/html.ts';
import { allows, type Role, type Visitor } from '../access/roles.ts';
import { boundTo, visitorOf } from '../access/sessions.ts';
import type { TokenBook } from '../access/tokens.ts';
import type { Assets } from './assets.ts';
import { type Frame, type Notice, page } from './layout.ts';

export interface Shown {
  readonly title: string;
  readonly content: Html;
  /** Ids of parts that are brought up to date while the page is open. */
  readonly live?: readonly string[];
  /** What tells that they are out of date; that of the whole where it isn't given. */
  readonly liveFrom?: string;
  /** 200 where it isn't given. */
  readonly status?: number;
  /** Where the browser goes on to by itself. */
  readonly goOn?: string;
}

/** What a page is given. */
export interface Visit {
  readonly visitor: Visitor;
  readonly engine: Engine;
  readonly csrf: string;
  readonly request: FastifyRequest;
}

/** Where to go after something was done, and what to say there. */
export interface Done {
  readonly to: string;
  readonly notice: Notice;
}

export interface Console {
  readonly app: FastifyInstance;
  readonly engine: Engine;
  readonly tokens: TokenBook;
  readonly assets: Assets;
  /** Who it is, if they may; else the answer is given, and this is undefined. */
  admit(request: FastifyRequest, reply: FastifyReply, needed: Role): Promise<Visit | undefined>;
  /** Adds a page to be looked at. */
  show(path: string, needed: Role, make: (visit: Visit) => Promise<Shown>): void;
  /** Adds an address that answers otherwise than with a page. */
  serve(
    path: string,
    needed: Role,
    answer: (visit: Visit, reply: FastifyReply) => Promise<FastifyReply>,
  ): void;
  /** Adds something that a form does. What it does must tell the audit log of the visitor itself. */
  act(path: string, needed: Role, work: (visit: Visit) => Promise<Done>): void;
}

const noticeCookie = 'rollcall_notice';

const kept = z.object({ kind: z.enum(['done', 'refused']), text: z.string() });

export function consoleOn(
  app: FastifyInstance,
  { engine, tokens, assets }: Pick<Console, 'engine' | 'tokens' | 'assets'>,
): Console {
  const visitor = (request: FastifyRequest): Visitor | undefined =>
    visitorOf(request, tokens, engine.config.server, new Date());

  /** @returns undefined where the answer was given already */
  async function letIn(
    request: FastifyRequest,
    reply: FastifyReply,
    needed: Role,
  ): Promise<Visit | undefined> {
    const who = visitor(request);
    if (who === undefined) {
      const next = request.method === 'GET' ? `?next=${encodeURIComponent(request.url)}` : '';
      await reply.redirect(`/sign-in${next}`, 303);
      return undefined;
    }
    const csrf = reply.generateCsrf({ userInfo: boundTo(request) });
    if (allows(who.role, needed)) return { visitor: who, engine, csrf, request };
    const text = `This needs the role ${needed}, and ${who.name} is ${who.role}.`;
    await send(
      reply,
      { title: 'Not allowed', content: html`<p>${text}</p>`, status: 403 },
      frameOf(request, reply, who, csrf),
    );
    return undefined;
  }

  const frameOf = (
    request: FastifyRequest,
    reply: FastifyReply,
    who: Visitor | undefined,
    csrf: string,
  ): Frame => ({
    visitor: who,
    csrf,
    path: request.url.split('?')[0] ?? '/',
    assets,
    notice: takeNotice(request, reply),
  });

  return {
    app,
    engine,
    tokens,
    assets,
    admit: letIn,
    show(path, needed, make) {
      app.get(path, async (request, reply) => {
        const visit = await letIn(request, reply, needed);
        if (visit === undefined) return reply;
        return await send(reply, await make(visit), frameOf(request, reply, visit.visitor, visit.csrf));
      });
    },
    serve(path, needed, answer) {
      app.get(path, async (request, reply) => {
        const visit = await letIn(request, reply, needed);
        return visit === undefined ? reply : await answer(visit, reply);
      });
    },
    act(path, needed, work) {
      app.post(path, { preHandler: app.csrfProtection }, async (request, reply) => {
        const visit = await letIn(request, reply, needed);
        if (visit === undefined) return reply;
        const { to, notice } = await work(visit);
        return await leaveNotice(reply, notice).redirect(to, 303);
      });
    },
  };
}

export const send = (reply: FastifyReply, shown: Shown, frame: Frame): FastifyReply =>
  reply
    .code(shown.status ?? 200)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(page(shown.title, shown.content, frame, shown));

const cookieOptions = ({ protocol }: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', signed: true, secure: protocol === 'https' }) as const;

/** A sentence for the page to which a form leads. */
const leaveNotice = (reply: FastifyReply, notice: Notice): FastifyReply =>
  reply.setCookie(noticeCookie, JSON.stringify(notice), { ...cookieOptions(reply.request), maxAge: 60 });

function takeNotice(request: FastifyRequest, reply: FastifyReply): Notice | undefined {
  const raw = request.cookies[noticeCookie];
  // What brings a page up to date must not take what the person has not read.
  if (raw === undefined || request.headers['hx-request'] === 'true') return undefined;
  void reply.clearCookie(noticeCookie, cookieOptions(request));
  const { valid, value } = request.unsignCookie(raw);
  if (!valid || value === null) return undefined;
  const parsed = z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(kept)
    .safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
