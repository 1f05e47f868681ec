/** The configuration in the console: all of it, but its secrets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configInWords } from '../../../config/index.ts';
import { browse, expectSound, signIn, widths } from './browser.ts';
import { clientOf } from './client.ts';
import { openSite, type Site, serverConfig, tokens } from './site.ts';

const secrets = [
  'hook-secret-that-is-long-enough',
  'client-secret-of-rollcall',
  'mail-password-of-rollcall',
] as const;

let site: Site;

beforeAll(async () => {
  const oidc = `{ issuer: "https://sso.example.com", clientId: rollcall, clientSecret: ${secrets[1]}, roles: { viewer: ["<script>alert(1)</script>"] } }`;
  site = await openSite({
    config: {
      server: serverConfig({ publicUrl: 'http://127.0.0.1', oidc }),
      webhooks: `{ offboarding: { secrets: ["whsec_${Buffer.from(secrets[0]).toString('base64')}"] } }`,
      guards: '{ maxEdits: { count: 5, percent: 100 }, protected: ["<img src=x>@example.org"] }',
    },
  });
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

describe.each(Object.entries(widths))('%s', (name, width) => {
  test.each(['light', 'dark'] as const)('it is told in words and as it is written, in %s', async (scheme) => {
    await using browsing = await browse(width, { scheme });
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.viewer);
    await page.goto(`${site.url}/configuration`);

    expect(await page.getByText('guards.maxEdits.percent is 100').isVisible()).toBe(true);
    expect(await page.getByRole('heading', { name: 'Who belongs in the org' }).isVisible()).toBe(true);
    await expectSound(browsing);
    if (process.env.SCREENSHOTS !== undefined)
      await page.screenshot({
        path: `${process.env.SCREENSHOTS}/configuration-${name}-${scheme}.png`,
        fullPage: true,
      });

    for (const summary of await page.locator('summary').all()) await summary.press('Enter');
    expect(await page.getByText('clientId: rollcall').isVisible()).toBe(true);
    expect(await page.locator('main script, main img').count()).toBe(0);
    await expectSound(browsing);
  });
});

test('every sentence and every section is there, and no secret', async () => {
  const client = clientOf(site.url);
  await client.signIn(tokens.viewer);

  const page = await (await client.get('/configuration')).text();

  const { config } = site.engine;
  for (const { key } of configInWords(config).flatMap(({ sentences }) => sentences))
    expect(page).toContain(`>${key}</code>`);
  for (const section of Object.keys(config)) expect(page).toContain(`<summary>${section}</summary>`);
  const hidden = [
    ...Object.values(tokens),
    ...secrets,
    Buffer.from(secrets[0]).toString('base64'),
    site.sandbox.apiKey,
  ];
  for (const secret of hidden) expect(page).not.toContain(secret);
});
