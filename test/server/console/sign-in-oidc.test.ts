/** Signing in by a real identity provider, in a real browser, which is on another site than Rollcall. */
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { latestEntries } from '../../../src/audit/index.ts';
import { freePort } from '../../servers/free-port.ts';
import { type OidcServer, startOidcServer } from '../../servers/oidc.ts';
import { type Browsing, browse, expectSound, widths } from './browser.ts';
import { openSite, type Site, serverConfig, tokens } from './site.ts';

const people = {
  vera: { email: 'vera@example.com', email_verified: true, groups: ['staff', 'rollcall-viewers'] },
  otto: { email: 'otto@example.com', groups: ['rollcall-viewers', 'rollcall-operators'] },
  nora: { email: 'nora@example.com', groups: ['staff'] },
  eve: { email: 'vera@example.com', email_verified: false, groups: ['rollcall-viewers'] },
};

const lines: string[] = [];
const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });

interface World {
  readonly provider: OidcServer;
  readonly site: Site;
  [Symbol.asyncDispose](): Promise<void>;
}

async function openWorld({
  inToken = false,
  secret,
}: {
  readonly inToken?: boolean;
  readonly secret?: string;
} = {}): Promise<World> {
  const port = await freePort();
  const rollcall = `http://127.0.0.1:${port}`;
  const provider = await startOidcServer({ people, rollcall, inToken });
  const oidc = `{ issuer: "${provider.issuer}", clientId: ${provider.clientId}, clientSecret: ${secret ?? provider.clientSecret}, scopes: openid email groups, label: Example SSO, roles: { viewer: [rollcall-viewers], operator: [rollcall-operators] } }`;
  const site = await openSite({
    log,
    config: { server: serverConfig({ port: String(port), publicUrl: rollcall, oidc }) },
  });
  return {
    provider,
    site,
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
}

/** From the button to whatever the provider leads to. */
async function comeBackAs({ page }: Browsing, { site }: World, login: string, from = '/'): Promise<void> {
  await page.goto(`${site.url}${from}`);
  await page.getByRole('link', { name: 'Sign in with Example SSO' }).click();
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('anything');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  const consent = page.getByRole('button', { name: 'Continue' });
  await Promise.race([consent.waitFor(), page.waitForURL(`${site.url}/**`)]);
  if (await consent.isVisible()) await consent.click();
  await page.waitForURL(`${site.url}/**`);
}

const signedIn = async ({ site }: World) =>
  (await latestEntries(site.engine.store.db, {}, 100)).filter(({ action }) => action === 'console.signed-in');

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  lines.length = 0;
});

describe('whoever has a role', () => {
  test('is let in, to the page that they wanted, by the highest of their roles', async () => {
    await using browsing = await browse();
    const { page } = browsing;

    await comeBackAs(browsing, world, 'otto', '/?from=a-link');

    await page.getByText('otto@example.com operator').waitFor();
    expect(page.url()).toBe(`${world.site.url}/?from=a-link`);
    browsing.complaints();
    await page.reload();
    await expectSound(browsing);
    expect((await signedIn(world)).at(-1)).toMatchObject({
      actor: 'oidc:otto@example.com',
      details: { by: 'oidc', role: 'operator', issuer: world.provider.issuer, subject: 'otto' },
    });
  });

  test('goes on by a page that has to run no script', async () => {
    await using browsing = await browse(widths.narrow, { scripts: false });

    await comeBackAs(browsing, world, 'vera');

    await browsing.page.getByText('vera@example.com viewer').waitFor();
  });

  test('is known where the provider says all in its token', async () => {
    await using own = await openWorld({ inToken: true });
    await using browsing = await browse();

    await comeBackAs(browsing, own, 'vera');

    await browsing.page.getByText('vera@example.com viewer').waitFor();
  });

  test('keeps none of the cookies that the way in needed, and none that a script or another site could use', async () => {
    await using browsing = await browse();

    await comeBackAs(browsing, world, 'vera');
    await browsing.page.getByText('vera@example.com viewer').waitFor();

    const cookies = await browsing.context.cookies(`${world.site.url}/sign-in/oidc`);
    expect(cookies.map(({ name }) => name).sort()).toEqual(['rollcall_csrf', 'rollcall_session']);
    for (const { httpOnly, sameSite } of cookies)
      expect({ httpOnly, sameSite }).toEqual({ httpOnly: true, sameSite: 'Strict' });
  });
});

describe('whoever has none', () => {
  test.each([
    ['nora', 'nora@example.com has no role in Rollcall'],
    ['eve', 'could be anybody’s'.replace('’', "'")],
  ])('is told so, and is not let in: %s', async (login, sentence) => {
    await using browsing = await browse(widths.narrow, { scheme: 'dark' });
    const { page } = browsing;
    const before = (await signedIn(world)).length;
    let status = 0;
    page.on('response', (response) => {
      if (response.url().includes('/callback')) status = response.status();
    });

    await comeBackAs(browsing, world, login);

    expect(await page.getByRole('alert').textContent()).toContain(sentence);
    expect(status).toBe(403);
    expect(await signedIn(world)).toHaveLength(before);
    expect(lines.join('')).toContain('console.sign-in-refused');
    await page.goto(`${world.site.url}/`);
    expect(page.url()).toContain('/sign-in');
  });

  test('by what is configured now, has no session any longer', async () => {
    await using browsing = await browse();
    await comeBackAs(browsing, world, 'vera');
    await browsing.page.getByText('vera@example.com viewer').waitFor();
    const { server } = world.site.engine.config;
    const { oidc } = server;
    if (oidc === undefined) throw new Error('There is no oidc in this world.');
    const { viewer } = oidc.roles;

    oidc.roles.viewer = ['somebody-else'];
    await browsing.page.reload();
    oidc.roles.viewer = viewer;

    expect(browsing.page.url()).toContain('/sign-in');
  });
});

describe('where something goes wrong', () => {
  test('cancelling at the provider is told as that', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    await page.goto(`${world.site.url}/sign-in/oidc`);

    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.waitForURL(`${world.site.url}/**`);

    expect(await page.getByRole('alert').textContent()).toContain('Nobody was signed in: it was cancelled');
  });

  test('a provider that is down keeps neither the service from starting nor a token from letting in', async () => {
    await using own = await openWorld();
    await own.provider.stop();
    await using browsing = await browse();
    const { page } = browsing;

    await page.goto(`${own.site.url}/sign-in/oidc`);
    expect(await page.getByRole('alert').textContent()).toContain('does not answer');
    await page.getByLabel('Token').fill(tokens.viewer);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('viewer viewer').waitFor();
    expect(lines.join('')).toContain('console.sign-in-failed');

    await own.provider.start();
    await using other = await browse();
    await comeBackAs(other, own, 'vera');
    await other.page.getByText('vera@example.com viewer').waitFor();
  });

  test('a wrong client secret is told to whoever can mend it, and is in no line of the log', async () => {
    await using own = await openWorld({ secret: 'a-wrong-secret-of-ours' });
    await using browsing = await browse();

    await comeBackAs(browsing, own, 'vera');

    expect(await browsing.page.getByRole('alert').textContent()).toContain('server.oidc.clientSecret');
    expect(lines.join('')).toContain('console.sign-in-failed');
    expect(lines.join('')).not.toContain('a-wrong-secret-of-ours');
  });
});

describe('whoever tries to come in by somebody else’s way', () => {
  /** The address under which a browser comes back, taken before Rollcall hears of it. */
  async function waylaid({ page, context }: Browsing): Promise<string> {
    await page.goto(`${world.site.url}/sign-in/oidc`);
    await page.getByPlaceholder('Enter any login').fill('vera');
    await page.getByPlaceholder('and password').fill('anything');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).waitFor();
    const form = { prompt: 'consent' };
    const agreed = await context.request.post(page.url(), { form, maxRedirects: 0 });
    const back = await context.request.get(agreed.headers().location ?? '', { maxRedirects: 0 });
    return back.headers().location ?? '';
  }

  test('has nothing of an address that another browser began', async () => {
    await using victim = await browse();
    const address = await waylaid(victim);
    await using thief = await browse();

    await thief.page.goto(address);
    expect(await thief.page.getByRole('alert').textContent()).toContain('not begun in this browser');

    await thief.page.goto(`${world.site.url}/sign-in/oidc`);
    await thief.page.goto(address);
    expect(await thief.page.getByRole('alert').textContent()).toContain('does not belong to the sign-in');
  });

  test('has nothing of an address that was used before, nor with its cookie', async () => {
    await using browsing = await browse();
    const address = await waylaid(browsing);
    const cookies = await browsing.context.cookies(address);
    await browsing.page.goto(address);
    await browsing.page.getByText('vera@example.com viewer').waitFor();

    await using thief = await browse();
    await thief.context.addCookies(cookies);
    await thief.page.goto(address);

    expect(await thief.page.getByRole('alert').textContent()).toContain('was used already, or took too long');
    await thief.page.goto(`${world.site.url}/`);
    expect(thief.page.url()).toContain('/sign-in');
  });

  test('has nothing of a cookie that they wrote, or of a state, code or issuer that they changed', async () => {
    await using browsing = await browse();
    const address = await waylaid(browsing);
    const cookie =
      (await browsing.context.cookies(address)).find(({ name }) => name === 'rollcall_oidc')?.value ?? '';
    const tried = (url: string, value: string) =>
      fetch(url, { headers: { cookie: `rollcall_oidc=${value}` }, redirect: 'manual' });
    const changed = (name: string, value: string): string => {
      const url = new URL(address);
      url.searchParams.set(name, value);
      return url.href;
    };

    const forged = `${encodeURIComponent(JSON.stringify({ state: 'a', nonce: 'b', verifier: 'c', next: '/', begunAt: Date.now() }))}.c2lnbmF0dXJl`;
    const answers = [
      await tried(address, forged),
      await tried(address, `${cookie.slice(0, 20)}x${cookie.slice(21)}`),
      await tried(changed('state', 'another'), cookie),
      await tried(changed('iss', 'https://evil.example'), cookie),
      await tried(changed('code', 'another'), cookie),
      await tried(`${world.site.url}/sign-in/oidc/callback`, cookie),
      await tried(`${world.site.url}/sign-in/oidc/callback?error=access_denied`, cookie),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 400]);
    for (const answer of answers)
      expect(answer.headers.get('set-cookie') ?? '').not.toContain('rollcall_session');
  });

  test('has no session put in place before that counts after', async () => {
    await using browsing = await browse();
    const { page, context } = browsing;
    await page.goto(`${world.site.url}/sign-in`);
    await page.getByLabel('Token').fill(tokens.viewer);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('viewer viewer').waitFor();
    const planted = (await context.cookies()).find(({ name }) => name === 'rollcall_session')?.value;

    await page.goto(`${world.site.url}/sign-in/oidc`);
    await page.getByPlaceholder('Enter any login').fill('otto');
    await page.getByPlaceholder('and password').fill('anything');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('otto@example.com operator').waitFor();

    expect((await context.cookies()).find(({ name }) => name === 'rollcall_session')?.value).not.toBe(
      planted,
    );
  });

  test.each([
    'https://evil.example',
    '/\t/evil.example',
  ])('can send nobody elsewhere by a link: %s', async (elsewhere) => {
    await using browsing = await browse();
    const { page } = browsing;
    await page.goto(`${world.site.url}/sign-in/oidc?next=${encodeURIComponent(elsewhere)}`);
    await page.getByPlaceholder('Enter any login').fill('vera');
    await page.getByPlaceholder('and password').fill('anything');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.getByText('vera@example.com viewer').waitFor();

    expect(page.url()).toBe(`${world.site.url}/`);
  });
});

test('whoever begins again and again waits, and the provider is not bothered', async () => {
  const headers = { 'x-forwarded-for': '192.0.2.7' };
  const begin = () => fetch(`${world.site.url}/sign-in/oidc`, { headers, redirect: 'manual' });
  for (let tries = 0; tries < 30; tries += 1) expect((await begin()).status).toBe(303);

  expect((await begin()).status).toBe(429);
});

test('no secret, code, token or cookie of the way in is in the log', async () => {
  await using browsing = await browse();
  const seen: string[] = [];
  browsing.page.on('request', (request) => {
    const { searchParams } = new URL(request.url());
    for (const name of ['code', 'state', 'nonce', 'code_challenge']) seen.push(searchParams.get(name) ?? '');
  });

  await comeBackAs(browsing, world, 'nora');

  const written = lines.join('');
  expect(written).toContain('nora@example.com');
  for (const secret of [world.provider.clientSecret, ...seen.filter((one) => one !== '')])
    expect(written).not.toContain(secret);
});
