/** BullMQ's own board behind the console's sign-in, on each kind of queue. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browse, shoot, signIn, widths } from './browser.ts';
import { clientOf } from './client.ts';
import { openSite, type Site, tokens } from './site.ts';

/**
 * In the board's own markup, which none of its options mends: buttons with nothing but a picture, grey that is too pale, a
 * heading out of order, and a logo that is called as the title beside it is. What it shows is in *Failures and conflicts*
 * and *Overview*, too, where nothing of that is.
 */
const broughtByTheBoard = new Set(['button-name', 'color-contrast', 'heading-order', 'image-redundant-alt']);

describe.each(['PostgreSQL and Redis', 'PostgreSQL'] as const)('%s', (combination) => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({ combination, people: 5 });
    await site.release();
    await site.engine.dispatcher.dispatchDue();
  });
  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  test.each(
    Object.entries(widths),
  )('an operator looks at jobs, which hold ids alone, %s', async (name, width) => {
    await using browsing = await browse(width);
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url)) elsewhere.push(request.url());
    });

    await page.goto(`${site.url}/queues`);
    await page.getByText('operations').first().waitFor();
    await page.goto(`${site.url}/queues/queue/operations?status=prioritized`);
    await page.getByText('create').first().waitFor();
    if (process.env.SCREENSHOTS !== undefined)
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/queues-${combination.length}-${name}.png` });

    expect(browsing.complaints()).toEqual([]);
    expect(elsewhere).toEqual([]);
    const client = clientOf(site.url);
    await client.signIn(tokens.operator);
    const jobs = await (
      await client.get('/queues/api/queues?activeQueue=operations&status=prioritized')
    ).text();
    expect(jobs).toContain('"operation"');
    expect(jobs).not.toContain('@');
  });

  test.each([
    'light',
    'dark',
  ] as const)('it looks as the system is set, and axe finds no more than the board brings, %s', async (scheme) => {
    await using browsing = await browse(widths.wide, { scheme });
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/queues/queue/operations?status=prioritized`);
    await page.getByText('create').first().waitFor();
    await shoot(browsing, `queues-board-${combination.length}-${scheme}`);

    const colours = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
    const brightness = Math.max(...(colours.match(/\d+/g) ?? []).slice(0, 3).map(Number));
    expect(brightness > 128 ? 'light' : 'dark').toBe(scheme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id).filter((id) => !broughtByTheBoard.has(id))).toEqual([]);
  });

  test('nobody changes anything there, and whoever may not look does not', async () => {
    const [operator, viewer, nobody] = [clientOf(site.url), clientOf(site.url), clientOf(site.url)];
    await operator.signIn(tokens.approver);
    await viewer.signIn(tokens.viewer);

    for (const path of ['/queues', '/queues/', '/queues/api/queues', '/queues/queue/operations']) {
      expect((await viewer.get(path)).status, path).toBe(403);
      expect((await nobody.get(path)).status, path).toBe(303);
    }
    const cookie = [...operator.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    for (const [method, path] of [
      ['PUT', 'pause'],
      ['PUT', 'empty'],
      ['PUT', 'obliterate'],
      ['POST', 'add'],
      ['PUT', 'clean/prioritized'],
    ] as const)
      expect(
        (await fetch(`${site.url}/queues/api/queues/operations/${path}`, { method, headers: { cookie } }))
          .status,
        path,
      ).toBeGreaterThanOrEqual(404);
    const depths = await site.engine.dispatcher.depths();
    expect(depths.find(({ queue, state }) => queue === 'operations' && state === 'prioritized')?.count).toBe(
      5,
    );
  });

  test('only the board’s own pages may have styles of their own', async () => {
    const client = clientOf(site.url);
    await client.signIn(tokens.operator);

    const [board, other] = [await client.get('/queues'), await client.get('/people')];

    expect(board.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(await board.text()).not.toContain('googleapis');
    expect(other.headers.get('content-security-policy')).not.toContain('unsafe-inline');
  });
});
