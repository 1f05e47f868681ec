/** The first page, as people see it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browse, expectSound, shoot, signIn, widths } from './browser.ts';
import { openSite, type Site, tokens } from './site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite({ works: true });
  await site.sync();
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

describe.each(Object.entries(widths))('%s', (name, width) => {
  test.each(['light', 'dark'] as const)('all is well, in %s', async (scheme) => {
    await using browsing = await browse(width, { scheme });
    await signIn(browsing, site.url, tokens.viewer);

    expect(await browsing.page.getByText('All is well.').isVisible()).toBe(true);
    await expectSound(browsing);
    await shoot(browsing, `overview-${name}-${scheme}`);
  });
});
