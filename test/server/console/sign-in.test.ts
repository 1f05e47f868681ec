/** Coming in by a token, staying in, and going out. */
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestEntries } from '../../../src/audit/index.ts';
import { startServer } from '../../../src/server/server.ts';
import { browse, expectSound, widths } from './browser.ts';
import { clientOf } from './client.ts';
import { openSite, type Site, serverConfig, tokens } from './site.ts';

const lines: string[] = [];
const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
const seenSessions = new Set<string>();

let site: Site;

beforeAll(async () => {
  site = await openSite({ log });
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

/** Somebody who has signed in. */
async function signedIn(token: string = tokens.viewer, url = site.url) {
  const client = clientOf(url);
  const response = await client.signIn(token);
  expect(response.status).toBe(303);
  seenSessions.add(client.cookies.get('rollcall_session') ?? '');
  return client;
}

describe('coming in', () => {
  test('a token lets in, to the page that was wanted, and the audit log knows who', async () => {
    const client = clientOf(site.url);
    const away = await client.get('/?page=2');
    expect(away.headers.get('location')).toBe('/sign-in?next=%2F%3Fpage%3D2');

    const form = { token: ` ${tokens.operator}\n`, next: '/?page=2' };
    const response = await client.post('/sign-in', form, '/sign-in?next=%2F%3Fpage%3D2');

    expect([response.status, response.headers.get('location')]).toEqual([303, '/?page=2']);
    expect(await (await client.get('/')).text()).toContain('operator <small>operator</small>');
    const entries = await latestEntries(site.engine.store.db, {}, 10);
    expect(entries.at(-1)).toMatchObject({ actor: 'token:operator', action: 'console.signed-in' });
  });

  test.each([
    '',
    'wrong',
    `${tokens.viewer}x`,
    tokens.viewer.slice(1),
    tokens.viewer.toUpperCase(),
  ])('a wrong one does not: %j', async (token) => {
    const client = clientOf(site.url);

    const response = await client.signIn(token);

    expect(response.status).toBe(401);
    expect(await response.text()).toContain('This is no token that is configured.');
    expect(client.cookies.has('rollcall_session')).toBe(false);
  });

  test('whoever guesses waits, from that address alone, also with a right one', async () => {
    const guessing = clientOf(site.url, { 'x-forwarded-for': '192.0.2.1' });
    for (let tries = 0; tries < 10; tries += 1)
      expect((await guessing.signIn(`guess ${tries}`)).status).toBe(401);

    const eleventh = await guessing.signIn(tokens.viewer);

    expect(eleventh.status).toBe(429);
    expect(await eleventh.text()).toContain('Too many tries');
    await signedIn();
  });

  test('a next page elsewhere leads to the overview', async () => {
    const client = clientOf(site.url);
    const form = { token: tokens.viewer, next: '//evil.example' };

    expect((await client.post('/sign-in', form, '/sign-in')).headers.get('location')).toBe('/');
  });

  test('a session that somebody else has put in place is worth nothing after', async () => {
    const planted = await signedIn(tokens.viewer);
    const before = planted.cookies.get('rollcall_session');
    const victim = clientOf(site.url, {}, new Map(planted.cookies));

    await victim.post('/sign-in', { token: tokens.approver }, '/');

    const fresh = clientOf(site.url);
    await fresh.signIn(tokens.approver);
    expect(fresh.cookies.get('rollcall_session')).not.toBe(before);
    expect(await (await planted.get('/')).text()).not.toContain('approver <small>');
  });
});

describe('a form', () => {
  test.each([
    ['without its token', ''],
    ['with a made-up one', 'abc-def'],
  ])('%s does nothing', async (_, token) => {
    const client = await signedIn();

    const response = await client.post('/sign-out', { _csrf: token });

    expect(response.status).toBe(403);
    expect(await response.text()).toContain('This form is out of date');
    expect((await client.get('/')).status).toBe(200);
  });

  test('with the token of somebody else, or of before they signed in, does nothing', async () => {
    const [client, other] = [await signedIn(), await signedIn(tokens.approver)];
    const tokenOn = async (page: string, who: typeof client) =>
      /name="_csrf" value="([^"]+)"/.exec(await (await who.get(page)).text())?.[1] ?? '';

    const foreign = await tokenOn('/', other);
    const early = await tokenOn('/sign-in', clientOf(site.url));

    expect(foreign).not.toBe('');
    expect(early).not.toBe('');
    for (const token of [foreign, early]) {
      client.cookies.set('rollcall_csrf', other.cookies.get('rollcall_csrf') ?? '');
      expect((await client.post('/sign-out', { _csrf: token })).status).toBe(403);
    }
  });
});

describe('a session', () => {
  test('that ends by signing out has ended in every other process too', async () => {
    await using other = await secondServer();
    const client = await signedIn();
    const there = client.at(other.url);
    expect((await there.get('/')).status).toBe(200);
    const cookie = client.cookies.get('rollcall_session') ?? '';

    await client.post('/sign-out', {}, '/');

    there.cookies.set('rollcall_session', cookie);
    expect((await there.get('/')).status).toBe(303);
    expect((await there.get('/live')).status).toBe(401);
  });

  test('ends with the token by which it was begun', async () => {
    const client = await signedIn(tokens.operator);
    await using without = await secondServer(({ name }) => name !== 'operator');

    expect((await client.get('/')).status).toBe(200);
    expect((await client.at(without.url).get('/')).status).toBe(303);
  });

  test('has the role that its token has now', async () => {
    const client = await signedIn(tokens.operator);
    await using demoted = await secondServer(() => true, 'viewer');

    expect(await (await client.at(demoted.url).get('/')).text()).toContain('operator <small>viewer</small>');
  });

  test.each([
    'rollcall_session',
    'rollcall_csrf',
  ])('of a cookie that somebody wrote is none: %s', async (name) => {
    const client = clientOf(site.url);
    client.cookies.set(name, `${'a'.repeat(32)}.${'b'.repeat(43)}`);

    expect((await client.get('/')).status).toBe(303);
    expect((await client.get('/sign-in')).status).toBe(200);
  });

  test('ends when nobody uses it, and after its longest time in any case', async () => {
    await using brief = await openSite({
      config: { server: serverConfig({ session: '{ idle: 2s, longest: 5s }' }) },
    });
    const [idle, busy] = [await signedIn(tokens.viewer, brief.url), await signedIn(tokens.viewer, brief.url)];
    const begun = Date.now();

    await idle.get('/');
    for (; Date.now() - begun < 3_500; await sleep(250)) expect((await busy.get('/')).status).toBe(200);
    expect((await idle.get('/')).status).toBe(303);

    for (; Date.now() - begun < 5_500; await sleep(250)) await busy.get('/');
    expect((await busy.get('/')).status).toBe(303);
  });
});

describe('what browsers are told', () => {
  test('cookies are for this site and its servers alone', async () => {
    const client = clientOf(site.url);
    const page = await client.get('/sign-in');
    const entered = await client.signIn(tokens.viewer);

    for (const cookie of [...page.headers.getSetCookie(), ...entered.headers.getSetCookie()]) {
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Strict/);
      expect(cookie).toMatch(/; Path=\//);
      expect(cookie).not.toMatch(/Domain=/);
    }
    expect(entered.headers.getSetCookie().join()).toContain('rollcall_session=');
  });

  test('behind a proxy with TLS they go by TLS alone, and the browser is told to stay with it', async () => {
    await using secure = await openSite({
      config: { server: serverConfig({ publicUrl: 'https://rollcall.example.com' }) },
    });
    const client = clientOf(secure.url, { 'x-forwarded-proto': 'https' });
    const page = await client.get('/sign-in');

    const entered = await client.signIn(tokens.viewer);

    expect([entered.status, (await client.get('/')).status]).toEqual([303, 200]);
    const cookies = [...page.headers.getSetCookie(), ...entered.headers.getSetCookie()];
    expect(cookies.length).toBeGreaterThan(1);
    for (const cookie of cookies) expect(cookie).toMatch(/; Secure/);
    expect(page.headers.get('strict-transport-security')).toContain('max-age=31536000');
  });

  test('no page runs what others wrote, stands in a frame, or is kept', async () => {
    const client = await signedIn();
    for (const path of ['/', '/sign-in', '/nothing-of-this-name']) {
      const { headers } = await client.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      if (path !== '/sign-in') expect(headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe.each(Object.entries(widths))('the page, %s', (name, width) => {
  test.each(['light', 'dark'] as const)('says what is wrong, in %s', async (scheme) => {
    await using browsing = await browse(width, { scheme });
    const { page } = browsing;
    await page.goto(`${site.url}/sign-in`);
    await expectSound(browsing);

    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');

    await page.getByRole('alert').waitFor();
    expect(browsing.complaints().join()).toContain('401');
    await expectSound(browsing);
    if (process.env.SCREENSHOTS !== undefined)
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/sign-in-${name}-${scheme}.png` });
  });
});

test('no token and no session is in the log', () => {
  const written = lines.join('');

  expect(written).toContain('console.sign-in-refused');
  for (const secret of [...Object.values(tokens), ...seenSessions, site.sandbox.apiKey, 'guess 1'])
    expect(written).not.toContain(secret);
});

/** Another process on the same store, with those of the tokens that are left. */
async function secondServer(
  isLeft: (token: { readonly name: string }) => boolean = () => true,
  role?: 'viewer',
): Promise<{ readonly url: string } & AsyncDisposable> {
  const engine = await site.another();
  const { server } = engine.config;
  const left = server.tokens.filter(isLeft).map((token) => ({ ...token, role: role ?? token.role }));
  const config = { ...engine.config, server: { ...server, tokens: left } };
  const { url, close } = await startServer({ ...engine, config }, { roles: ['console'] });
  return { url, [Symbol.asyncDispose]: close };
}
