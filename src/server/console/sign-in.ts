/** Who comes in, and goes out. */
import rateLimit from '@fastify/rate-limit';
import { z } from 'zod';
import { type Html, html } from '../../html/html.ts';
import { boundTo, visitorOf } from '../access/sessions.ts';
import { hiddenToken } from './layout.ts';
import { letIn } from './let-in.ts';
import { type Console, send } from './routes.ts';
import { safePath } from './safe-path.ts';
import { mountOidc, type ShowSignIn } from './sign-in-oidc.ts';

/** From one address; more are somebody who guesses. */
const triesPerMinute = 10;

const form = z.object({ token: z.string().default(''), next: z.string().default('/') });
const wanted = z.object({ next: z.string().default('/') }).catch({ next: '/' });

export async function mountSignIn(site: Console): Promise<void> {
  const { app, engine, tokens, assets } = site;
  const { oidc } = engine.config.server;

  const show: ShowSignIn = (request, reply, next, refusal) => {
    const csrf = reply.generateCsrf({ userInfo: boundTo(request) });
    const frame = { visitor: undefined, csrf, path: '/sign-in', assets };
    const content = html`<div class="card door">${refusal === undefined ? '' : html`<p class="notice refused" role="alert">${refusal.sentence}</p>`}
${tokens.isEmpty && oidc === undefined ? noWayIn : ''}
${oidc === undefined ? '' : withProvider(oidc.label, next)}
${tokens.isEmpty ? '' : withToken(csrf, next, oidc === undefined)}</div>`;
    return send(reply, { title: 'Sign in', content, status: refusal?.status ?? 200 }, frame);
  };

  app.get('/sign-in', async (request, reply) => {
    const next = safePath(wanted.parse(request.query).next);
    if (visitorOf(request, tokens, engine.config.server, new Date()) !== undefined)
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
        const sentence = 'This is no token that is configured. Check that it was copied whole.';
        return show(request, reply, safePath(next), { status: 401, sentence });
      }
      const at = new Date().toISOString();
      await letIn(engine, request, visitor, { by: 'token', name: visitor.name, at });
      return reply.redirect(safePath(next), 303);
    });
  });

  await mountOidc(site, show);

  app.post('/sign-out', { preHandler: app.csrfProtection }, async (request, reply) => {
    await request.session.destroy();
    return reply.clearCookie('rollcall_session', { path: '/' }).redirect('/sign-in', 303);
  });
}

const noWayIn = html`<p>Nobody can sign in yet: the configuration has neither <code>server.tokens</code> nor <code>server.oidc</code>. Add, for example:</p>
<pre>server:
  tokens:
    - { name: anna, role: approver, token: "\${env:ROLLCALL_TOKEN}" }</pre>
<p>Make the token with <code>openssl rand -base64 32</code>, and start Rollcall again.</p>`;

const withProvider = (label: string, next: string): Html =>
  html`<p><a class="button main" href="/sign-in/oidc?next=${encodeURIComponent(next)}">Sign in with ${label}</a></p>`;

/** @param isFirst - whether there is no other way in */
const withToken = (
  csrf: string,
  next: string,
  isFirst: boolean,
): Html => html`<form method="post" action="/sign-in" class="stacked">
${hiddenToken(csrf)}<input type="hidden" name="next" value="${next}">
<label for="token">Token</label>
<input type="password" id="token" name="token" required autocomplete="current-password"${isFirst ? html` autofocus` : ''}>
<button type="submit"${isFirst ? html` class="main"` : ''}>Sign in</button>
</form>`;
