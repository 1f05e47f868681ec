/** The audit log in the console. */

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit, latestEntries } from '../../../src/audit/index.ts';
import { browse, expectSound, signIn, widths } from './browser.ts';
import { clientOf } from './client.ts';
import { openSite, type Site, tokens } from './site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite({ people: 70 });
  await site.sync();
  const { db } = site.engine.store;
  await audit(
    db,
    [
      {
        actor: 'cli:<b>eve</b>',
        action: 'ruling.made',
        email: '=cmd|calc',
        reason: '=HYPERLINK("http://evil.example")<script>',
        details: { password: 'not-to-be-seen', note: '</pre><script>alert(1)</script>' },
      },
    ],
    new Date(),
  );
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

async function signedIn(token: string = tokens.viewer) {
  const client = clientOf(site.url);
  await client.signIn(token);
  return client;
}
const rows = (page: string): number => page.match(/<th scope="row">/g)?.length ?? 0;

describe.each(Object.entries(widths))('%s', (name, width) => {
  test.each([
    'light',
    'dark',
  ] as const)('the log is read, searched and proved whole by keyboard, in %s', async (scheme) => {
    await using browsing = await browse(width, { scheme });
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/audit`);
    await expectSound(browsing);
    if (process.env.SCREENSHOTS !== undefined)
      await page.screenshot({
        path: `${process.env.SCREENSHOTS}/audit-${name}-${scheme}.png`,
        fullPage: true,
      });

    await page.getByLabel('Person').focus();
    await page.keyboard.type(site.person(3).mail);
    await page.keyboard.press('Enter');
    await page.waitForURL(/who=/);
    expect(await page.getByRole('row').count()).toBe(2);
    await page.locator('summary').first().press('Enter');
    expect(await page.getByText('"hash"').isVisible()).toBe(true);
    await expectSound(browsing);

    await page.getByRole('button', { name: 'Verify' }).press('Enter');
    await page.getByText('The audit log is whole').waitFor();
    await expectSound(browsing);
  });
});

test('what others wrote is text, and what sounds like a secret is hidden', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.viewer);

  await page.goto(`${site.url}/audit?action=ruling.made`);
  await page.locator('summary').click();

  expect(await page.getByText('<b>eve</b>').isVisible()).toBe(true);
  expect(await page.locator('main script, main b').count()).toBe(0);
  expect(await page.content()).not.toContain('not-to-be-seen');
  await expectSound(browsing);
});

test('the log is paged by entries, each shown once, whatever is appended meanwhile', async () => {
  const client = await signedIn();
  const seen: number[] = [];

  for (let path: string | undefined = '/audit'; path !== undefined; ) {
    const page: string = await (await client.get(path)).text();
    seen.push(...[...page.matchAll(/<th scope="row">(\d+)</g)].map(([, seq]) => Number(seq)));
    await audit(site.engine.store.db, [{ actor: 'test', action: 'backup.made' }], new Date());
    path = /href="([^"]+)">Older ones/.exec(page)?.[1]?.replaceAll('&amp;', '&');
  }

  const [latest = 0] = seen;
  expect(seen).toEqual(Array.from({ length: latest }, (_, index) => latest - index));
});

describe('a search', () => {
  test.each([
    ['?action=console.signed-in&since=2020-01-01', 'token:viewer'],
    ['?since=2099-01-01', 'There are no such entries.'],
    ['?until=2020-01-01', 'There are no such entries.'],
    ['?run=nothere', 'There are no such entries.'],
    ['?since=yesterday', 'is no day'],
    ['?action=nothing.of-the-kind', 'There is no action'],
    ['?before=abc', 'Entries, the latest first'],
    ['?before=99999999999999999999', 'Entries, the latest first'],
    ['?who=a&who=b', 'Entries, the latest first'],
    ['?since=2026-02-31', 'is no day'],
    ['?who=%00', ''],
  ])('%s is understood, or told what not', async (query, words) => {
    const client = await signedIn();

    const answer = await client.get(`/audit${query}`);

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(words);
  });

  test('by day has that whole day', async () => {
    const client = await signedIn();
    const today = new Date().toISOString().slice(0, 10);

    expect(rows(await (await client.get(`/audit?since=${today}&until=${today}`)).text())).toBe(50);
  });
});

describe('an export', () => {
  test('has all that was searched for, in the order of the chain, as a file', async () => {
    const client = await signedIn();

    const answer = await client.get('/audit/export?format=jsonl&before=3');

    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="rollcall-audit-.*[.]jsonl"$/,
    );
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const all = await latestEntries(site.engine.store.db, {}, 10_000);
    expect(lines.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => Number(seq)));
  });

  test('as CSV has nothing that a spreadsheet would run', async () => {
    const client = await signedIn();

    const text = await (await client.get('/audit/export?format=csv&action=ruling.made')).text();

    expect(text.split('\n')[0]).toContain('seq,at,actor,action');
    expect(text).toContain("'=cmd|calc");
    expect(text).toContain("'=HYPERLINK");
    expect(text).not.toMatch(/,"?=/);
  });

  test('is for those who are signed in', async () => {
    const answer = await clientOf(site.url).get('/audit/export?format=csv');

    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(/^[/]sign-in/);
  });

  test('that somebody leaves off harms nobody', async () => {
    const client = await signedIn();
    const leaving = new AbortController();
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${site.url}/audit/export?format=csv`, {
      headers: { cookie },
      signal: leaving.signal,
    });
    leaving.abort();

    await expect(answer.text()).rejects.toThrow();
    expect((await client.get('/audit')).status).toBe(200);
  });
});

describe('the proof', () => {
  test('names a head that is not in the chain', async () => {
    const client = await signedIn(tokens.operator);

    await client.post('/audit/verify', { head: 'f'.repeat(64) }, '/audit');

    expect(await (await client.get('/audit')).text()).toContain(
      'The head that was noted elsewhere is not in the chain',
    );
  });

  test('is an operator’s', async () => {
    const client = await signedIn();

    expect(await (await client.get('/audit')).text()).not.toContain('Prove it whole');
    expect((await client.post('/audit/verify', {}, '/audit')).status).toBe(403);
  });

  test('names the entry that somebody changed', async () => {
    const client = await signedIn(tokens.operator);
    await sql`UPDATE audit SET reason = 'another' WHERE seq = 5`.execute(site.engine.store.db);

    await client.post('/audit/verify', {}, '/audit');

    const page = await (await client.get('/audit')).text();
    expect(page).toContain('notice refused');
    expect(page).toContain('The log is broken at entry 5.');
  });
});
