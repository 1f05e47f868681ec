/** Open pages hear of what has changed, and of nothing else. */
import { expect, test } from 'vitest';
import { browse, signIn } from './browser.ts';
import { openSite, tokens } from './site.ts';

/** Heartbeats come every five seconds. */
const quietMs = 12_000;

const listen = `
  window.heard = 0;
  window.stream = new EventSource('/live');
  window.stream.addEventListener('changed', () => { window.heard += 1; });
  new Promise((resolve) => window.stream.addEventListener('open', resolve));
`;

test('a heartbeat changes nothing, and a plan that waits does; the overview shows it by itself', async () => {
  await using site = await openSite({ works: true });
  await site.sync();
  await using browsing = await browse();
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.viewer);
  await page.evaluate(listen);

  // With the first heartbeat the worker tells for the first time how it has met the profile API.
  await page.waitForTimeout(quietMs / 2);
  await page.evaluate('window.heard = 0');
  await page.waitForTimeout(quietMs);
  expect(await page.evaluate('window.heard')).toBe(0);

  await site.publish(site.people.map((person) => ({ ...person, surname: 'Changed', title: 'Captain' })));
  await site.plan();
  await page.getByText('needs you').waitFor();
  expect(await page.evaluate('window.heard')).toBeGreaterThan(0);
});

test('open pages do not keep the service from stopping', async () => {
  const site = await openSite();
  await using browsing = await browse();
  await signIn(browsing, site.url, tokens.viewer);
  await browsing.page.evaluate(listen);

  const began = Date.now();
  await site[Symbol.asyncDispose]();
  expect(Date.now() - began).toBeLessThan(15_000);
});
