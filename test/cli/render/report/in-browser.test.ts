/** The report as people open it: from a file, on a desk and on a telephone, by day, by night and on paper. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../../../../src/cli/render/index.ts';
import { browse, expectSound, widths } from '../../../server/console/browser.ts';
import { now, operation } from '../rows.ts';
import { fullView } from './views.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-report-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function published(name: string, views: Parameters<typeof renderReport>[0]): Promise<string> {
  const file = join(folder, `${name}.html`);
  await writeFile(file, renderReport(views, now));
  return pathToFileURL(file).href;
}

describe.each(['light', 'dark'] as const)('in the %s', (scheme) => {
  test.each(Object.entries(widths))('on a %s screen it is sound', async (size, width) => {
    await using browsing = await browse(width, { scheme });
    for (const [name, views] of [
      ['one', [fullView]],
      [
        'several',
        [fullView, { ...fullView, run: { ...fullView.run, id: 'b7xk2m9q' as typeof fullView.run.id } }],
      ],
    ] as const) {
      await browsing.page.goto(await published(name, views));
      await expectSound(browsing);
      if (process.env.ROLLCALL_SCREENSHOTS !== undefined)
        await browsing.page.screenshot({
          path: join(process.env.ROLLCALL_SCREENSHOTS, `report-${name}-${size}-${scheme}.png`),
          fullPage: true,
        });
    }
  });
});

test('without scripts, its contents lead to the people', async () => {
  await using browsing = await browse(widths.wide, { scripts: false });
  await browsing.page.goto(await published('links', [fullView]));
  await browsing.page.getByRole('link', { name: '2 New accounts' }).click();

  expect(browsing.page.url()).toMatch(/#k3v9m2wt-create$/);
  expect(await browsing.page.getByRole('heading', { name: 'New accounts: 2' }).isVisible()).toBe(true);
});

test('names that are code are shown and not run, and nothing is fetched', async () => {
  const evil =
    '"><img src="https://example.org/x.png" onerror="document.title=\'hacked\'"><script>document.title="hacked"</script>';
  await using browsing = await browse();
  const { page } = browsing;
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  const view = {
    ...fullView,
    operations: [operation(1, { label: evil, email: evil, after: { [evil]: evil } })],
  };
  const url = await published('evil', [view]);
  await page.goto(url);

  expect(await page.title()).toBe('Plan k3v9m2wt for corp');
  expect(await page.locator('.who').last().textContent()).toBe(evil);
  expect(fetched).toEqual([url]);
  expect(browsing.complaints()).toEqual([]);
});

test('should anything get in after all, the policy of the page stops it', async () => {
  await using browsing = await browse();
  const file = join(folder, 'broken.html');
  const html = renderReport([fullView], now).replace(
    '</main>',
    '<script>document.title = "hacked"</script></main>',
  );
  await writeFile(file, html);
  await browsing.page.goto(pathToFileURL(file).href);

  expect(await browsing.page.title()).toBe('Plan k3v9m2wt for corp');
  expect(browsing.complaints().join()).toContain('Content Security Policy');
});

test('on paper there is dark on white, and everybody', async () => {
  await using browsing = await browse(widths.wide, { scheme: 'dark' });
  await browsing.page.goto(await published('paper', [fullView]));
  await browsing.page.emulateMedia({ media: 'print', colorScheme: 'dark' });

  const colours = await browsing.page.evaluate(
    '[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]',
  );
  expect(colours).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  expect((await browsing.page.pdf()).subarray(0, 4).toString()).toBe('%PDF');
});
