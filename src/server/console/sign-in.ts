/** Who comes in, and goes out. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { audit } from '../../audit/index.ts';
import { type Html, html } from '../../html/html.ts';
import type { Visitor } from '../access/roles.ts';
import { boundTo, visitorOf } from '../access/sessions.ts';
import { hiddenToken } from './layout.ts';
import { type Console, send } from './routes.ts';

/** From one address; more are somebody who guesses. */
const triesPerMinute = 10;

const form = z.object({ token: z.string().default(''), next: z.string().default('/') });
const wanted = z.object({ next: z.string().default('/') }).catch({ next: '/' });

/** A path of the console and nothing else: nobody is sent elsewhere by a link that looks like ours. */
const safePath = (path: string): string => (/^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/');

export async function mountSignIn({ app, engine, tokens, assets }: Console): Promise<void> {
  const { oidc, session } = engine.config.server;

  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    next: string,
    refusal?: string,
  ): FastifyReply => {
    const csrf = reply.generateCsrf({ userInfo: boundTo(request) });
    const frame = { visitor: undefined, csrf, path: '/sign-in', assets };
    const content = html`${refusal === undefined ? '' : html`<p class="notice refused" role="alert">${refusal}</p>`}
${tokens.isEmpty && oidc === undefined ? noWayIn : ''}
${oidc === undefined ? '' : withProvider(oidc.label, next)}
${tokens.isEmpty ? '' : withToken(csrf, next)}`;
    return send(reply, { title: 'Sign in', content, status: refusal === undefined ? 200 : 401 }, frame);
  };

  app.get('/sign-in', async (request, reply) => {
    const next = safePath(wanted.parse(request.query).next);
    if (visitorOf(request, tokens, session.longest, new Date()) !== undefined)
      return reply.redirect(next, 303);
    return show(request, reply, next);
  });

  await app.register(async (limited) => {
    await limited.register(rateLimit, { max: triesPerMinute, timeWindow: '1 minute' });
    limited.post('/sign-in', { preHandler: app.csrfProtection }, async (request, reply) => {
      const { token, next } = form.parse(request.body ?? {});
      const visitor = tokens.visitorWith(token.trim());
      if (visitor === undefined) {
        engine.log.warn(
          { event: 'console.sign-in-refused', address: request.ip },
          'A token that is none was presented.',
        );
        return show(
          request,
          reply,
          safePath(next),
          'This is no token that is configured. Check that it was copied whole.',
        );
      }
      await begin(request, visitor, { by: 'token', name: visitor.name, at: new Date().toISOString() });
      return reply.redirect(safePath(next), 303);
    });
  });

  app.post('/sign-out', { preHandler: app.csrfProtection }, async (request, reply) => {
    await request.session.destroy();
    return reply.clearCookie('rollcall_session', { path: '/' }).redirect('/sign-in', 303);
  });

  async function begin(
    request: FastifyRequest,
    visitor: Visitor,
    how: FastifyRequest['session']['signedIn'] & {},
  ): Promise<void> {
    // Another id than before: one that somebody else had put in place is worth nothing.
    await request.session.regenerate();
    request.session.signedIn = how;
    const details = { role: visitor.role, by: how.by };
    await audit(
      engine.store.db,
      [{ actor: visitor.actor, action: 'console.signed-in', details }],
      new Date(),
    );
  }
}

const noWayIn = html`<p>Nobody can sign in yet: the configuration has neither <code>server.tokens</code> nor <code>server.oidc</code>. Add, for example:</p>
<pre>server:
  tokens:
    - { name: anna, role: approver, token: "\${env:ROLLCALL_TOKEN}" }</pre>
<p>Make the token with <code>openssl rand -base64 32</code>, and start Rollcall again.</p>`;

const withProvider = (label: string, next: string): Html =>
  html`<p><a class="button" href="/sign-in/oidc?next=${encodeURIComponent(next)}">Sign in with ${label}</a></p>`;

const withToken = (
  csrf: string,
  next: string,
): Html => html`<form method="post" action="/sign-in" class="stacked">
${hiddenToken(csrf)}<input type="hidden" name="next" value="${next}">
<label for="token">Token</label>
<input type="password" id="token" name="token" required autocomplete="current-password" autofocus>
<button type="submit">Sign in</button>
</form>`;
