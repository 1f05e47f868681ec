/** Sources, as people see them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestEntries } from '../../../src/audit/index.ts';
import { browse, expectSound, send, shoot, signIn, widths } from './browser.ts';
import { openSite, type Site, tokens } from './site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite({ config: { guards: '{ quarantine: { after: 1 } }' } });
  await site.sync();
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

const breakIt = async (): Promise<void> => {
  await site.publishText('this is no LDIF');
  await site.conduct(await site.request('apply'));
};

describe.each(Object.entries(widths))('%s', (name, width) => {
  test.each(['light', 'dark'] as const)('one that is well, in %s', async (scheme) => {
    await using browsing = await browse(width, { scheme });
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/sources`);
    expect(await page.getByText('well', { exact: true }).isVisible()).toBe(true);
    await expectSound(browsing);
    await shoot(browsing, `sources-${name}-${scheme}`);

    await page.getByRole('link', { name: 'people', exact: true }).click();
    expect(await page.getByText('All of it was read').isVisible()).toBe(true);
    await page.getByText('Start a run').click();
    await page
      .getByText(/^\d attributes$/)
      .first()
      .click();
    await expectSound(browsing);
    await shoot(browsing, `source-${name}-${scheme}`);
  });
});

test('a few people are read when an operator asks for it', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.operator);
  await page.goto(`${site.url}/sources/people`);
  await page.getByRole('link', { name: 'Read a few people now' }).click();

  expect(await page.getByText('belongs in the org, with').first().isVisible()).toBe(true);
  await expectSound(browsing);
  await shoot(browsing, 'source-now');
});

describe('the brake', () => {
  test('a source is paused and goes on, by a word with a reason', async () => {
    await using browsing = await browse(widths.narrow);
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/sources/people`);
    await page.getByText('Pause this source').first().click();
    await page.getByLabel('Your reason').fill('The directory moves.');
    await page.getByLabel('Until').fill('2099-03-31');
    await page.getByLabel('Leavers wait as well').check();
    await expectSound(browsing);
    await page.getByRole('button', { name: 'Pause this source' }).click();

    await page.getByText('The source people is paused until 2099-04-01T00:00:00.000Z').waitFor();
    expect(await page.getByText('Paused.', { exact: true }).isVisible()).toBe(true);
    await expectSound(browsing);
    await shoot(browsing, 'source-paused');
    const start = await send(browsing, `${site.url}/runs`, {
      ...{ source: 'people', mode: 'apply', reading: 'full' },
    });
    expect(await start.text()).toContain('The source people is paused');

    await page.goto(`${site.url}/sources/people`);
    await page.getByLabel('Your reason').fill('It has moved.');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('The source people goes on.').waitFor();
  });

  test('everything is paused, and goes on; a viewer does neither', async () => {
    await using viewing = await browse();
    await signIn(viewing, site.url, tokens.viewer);
    await viewing.page.goto(`${site.url}/sources`);
    expect(await viewing.page.getByText('Pause everything').count()).toBe(0);
    for (const act of ['pause', 'resume'])
      expect((await send(viewing, `${site.url}/${act}`, { reason: 'So.' })).status()).toBe(403);

    await using browsing = await browse();
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/sources`);
    await page.getByText('Pause everything').first().click();
    await page.getByLabel('Your reason').fill('Something is wrong.');
    await page.getByRole('button', { name: 'Pause everything' }).click();
    await page.getByText('Everything is paused until it is resumed').waitFor();
    await expectSound(browsing);
    await shoot(browsing, 'sources-paused');
    await page.goto(site.url);
    await page.getByRole('link', { name: 'Look, and resume' }).click();
    await page.getByLabel('Your reason').fill('All is well.');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Execution goes on.').waitFor();
  });
});

describe('in quarantine', () => {
  beforeAll(breakIt);

  test.each(Object.entries(widths))('it says why, %s', async (name, width) => {
    await using browsing = await browse(width);
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.viewer);
    await page.goto(`${site.url}/sources/people`);

    expect(await page.getByText('In quarantine.').isVisible()).toBe(true);
    expect(await page.locator('main').getByRole('button').count()).toBe(0);
    await expectSound(browsing);
    await shoot(browsing, `source-quarantined-${name}`);
    expect((await send(browsing, `${site.url}/sources/people/clear`, { reason: 'So.' })).status()).toBe(403);
    expect((await browsing.context.request.get(`${site.url}/sources/people/now`)).status()).toBe(403);
  });

  test('an operator lets it out, with a reason', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/sources/people`);
    await page.locator('#quarantine-reason').fill('The export is mended.');
    await page.getByRole('button', { name: 'Let it out' }).click();

    await page.getByText('people is out of quarantine').waitFor();
    expect(await latestEntries(site.engine.store.db, {}, 500)).toContainEqual(
      expect.objectContaining({
        ...{ actor: 'token:operator', action: 'source.released', reason: 'The export is mended.' },
      }),
    );
    const again = await send(browsing, `${site.url}/sources/people/clear`, { reason: 'Once more.' });
    expect(await again.text()).toContain('The source people is not in quarantine.');
  });
});

test('one that nobody has configured is not found', async () => {
  await using browsing = await browse();
  await signIn(browsing, site.url, tokens.viewer);
  const answer = await browsing.context.request.get(`${site.url}/sources/%3Cscript%3E`);
  expect(answer.status()).toBe(404);
  expect(await answer.text()).toContain('no source &lt;script&gt;.');
});
