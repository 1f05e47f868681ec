/** A plan for 10,000 people is read in pages. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunId } from '../../../../src/store/operations/operation.ts';
import { browse, expectSound, shoot, signIn } from '../browser.ts';
import { openSite, type Site, tokens } from '../site.ts';

let site: Site;
let plan: RunId;

beforeAll(async () => {
  site = await openSite({ people: 10_000 });
  plan = await site.plan();
}, 300_000);
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

test('page by page, each person once, and found by a part of their name', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  const names = async (): Promise<readonly string[]> =>
    await page.locator('.people > li .who a').allTextContents();
  await signIn(browsing, site.url, tokens.viewer);

  await page.goto(`${site.url}/runs/${plan}`);
  expect(await page.getByText('1 to 50 of 10,000').isVisible()).toBe(true);
  const first = await names();
  await shoot(browsing, 'run-10000');
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('51 to 100 of 10,000').waitFor();
  const second = await names();
  await page.getByRole('link', { name: 'Last' }).click();
  await page.getByText('9,951 to 10,000 of 10,000').waitFor();
  const last = await names();
  await expectSound(browsing);
  expect(new Set([...first, ...second, ...last]).size).toBe(150);

  const [somebody = ''] = second;
  await page.getByLabel('Whom, or why').fill(somebody);
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/text=/);
  expect(await names()).toEqual([somebody]);

  await page.goto(`${site.url}/runs/${plan}?page=999999`);
  expect(await page.getByText('Nobody is on this page.').isVisible()).toBe(true);
});
