/** Failures and conflicts, as people see and mend them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestEntries } from '../../../src/audit/index.ts';
import type { SamplePerson } from '../../../src/cli/demo/sample-directory.ts';
import { rulings } from '../../../src/store/people/rulings.ts';
import { browse, expectSound, send, shoot, signIn, widths } from './browser.ts';
import { hostile } from './hostile.ts';
import { openSite, type Site, tokens } from './site.ts';

let site: Site;
let names: readonly string[];

const person = (index: number): SamplePerson => site.person(index);

beforeAll(async () => {
  site = await openSite({
    people: 30,
    config: {
      scope: 'has(user.mail)',
      // So that not too many failures hold the rest.
      guards: '{ maxFailures: { count: 100 } }',
    },
  });
  const [script, image, turned, long] = hostile;
  names = [script, image, turned, long];
  // Two share an address; four have names that nobody should have.
  await site.publish(
    site.people.map((one, index) => {
      if (index === 1) return { ...one, mail: person(0).mail };
      if (index > 1 && index < 6) return { ...one, title: names[index - 2] ?? '' };
      return one;
    }),
  );
  const taken = { kind: 'status', status: 409, body: { error: `${hostile[0]} is taken.` } } as const;
  const refused = { kind: 'status', status: 400, body: { email: ['Enter a valid address.'] } } as const;
  for (let index = 2; index < 10; index++)
    site.sandbox.fault({ operation: 'create', match: person(index).mail, effect: taken });
  for (let index = 10; index < 13; index++)
    site.sandbox.fault({ operation: 'create', match: person(index).mail, effect: refused });
  await site.sync();
}, 60_000);
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

const failed = async (): Promise<number> =>
  (await site.engine.store.db.selectFrom('operations').select('id').where('state', '=', 'failed').execute())
    .length;
const audited = async (action: string): Promise<readonly string[]> =>
  (await latestEntries(site.engine.store.db, {}, 500)).flatMap((entry) =>
    entry.action === action ? [`${entry.actor} ${entry.email}: ${entry.reason}`] : [],
  );

describe.each(Object.entries(widths))('%s', (name, width) => {
  test.each(['light', 'dark'] as const)('failures by cause, and conflicts, in %s', async (scheme) => {
    await using browsing = await browse(width, { scheme });
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/failures`);

    expect(
      await page.getByText('11 operations have failed, of 2 causes; 2 people are in conflict.').isVisible(),
    ).toBe(true);
    await page.locator('summary', { hasText: 'Decide' }).first().click();
    await expectSound(browsing);
    await shoot(browsing, `failures-${name}-${scheme}`);

    await page.getByRole('link', { name: /^All 8,/ }).click();
    expect(await page.locator('.people > li').count()).toBe(8);
    await expectSound(browsing);
  });
});

test('a viewer reads it, without buttons, and the acts are refused', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.viewer);
  await page.goto(`${site.url}/failures`);

  expect(await page.getByRole('heading', { name: /is taken/ }).isVisible()).toBe(true);
  expect(await page.locator('main').getByRole('button').count()).toBe(0);
  await expectSound(browsing);
  for (const act of ['retry', 'discard', 'adopt', 'ignore', 'take-back'])
    expect((await send(browsing, `${site.url}/failures/${act}`, {})).status()).toBe(403);
  expect(await failed()).toBe(11);
});

test('a form that is none of ours is refused, and does nothing', async () => {
  await using browsing = await browse();
  await signIn(browsing, site.url, tokens.operator);
  await browsing.page.goto(`${site.url}/failures`);

  const nobody = await send(browsing, `${site.url}/failures/ignore`, { reason: 'So.', source: 'people' });
  expect(nobody.status()).toBe(400);
  const nothing = await send(browsing, `${site.url}/failures/retry`, { which: 'ticked' });
  expect(await nothing.text()).toContain('Nothing was done: tick those that are meant.');
  const elsewhere = await send(browsing, `${site.url}/failures/adopt`, {
    ...{ reason: 'So.', source: 'nowhere', anchor: 'x', profile: 'y' },
  });
  expect(await elsewhere.text()).toContain('There is no source nowhere.');
  expect(await failed()).toBe(11);
});

describe('one after the other', () => {
  test('one person is retried alone, without a reason', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/failures`);
    const group = page.locator('.failure', { hasText: 'Enter a valid address.' });
    const [box] = await group.getByRole('checkbox').all();
    const whom = (await box?.getAttribute('aria-label')) ?? '';
    await box?.check();
    await group.getByRole('button', { name: 'Retry those ticked' }).click();

    await page.getByText('1 operation is tried again. No worker is running').waitFor();
    expect(await failed()).toBe(10);
    expect(await audited('operation.retried')).toEqual([`token:operator ${whom}: null`]);
  });

  test('a group is discarded with a reason, without JavaScript', async () => {
    await using browsing = await browse(widths.narrow, { scripts: false });
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/failures`);
    const group = page.locator('.failure', { hasText: 'is taken' });
    await group.getByLabel('Your reason').fill('They are contractors.');
    await group.getByRole('button', { name: 'Discard all 8' }).click();

    await page.getByText('8 operations are discarded.').waitFor();
    expect(await failed()).toBe(2);
    const entries = await audited('operation.discarded');
    expect(entries).toHaveLength(8);
    expect(entries[0]).toMatch(/^token:operator .*: They are contractors\.$/);
  });

  test('somebody in conflict is left alone, which shows, and is taken back', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    const { db } = site.engine.store;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/failures`);
    await page.locator('summary', { hasText: 'Decide' }).first().click();
    await page.locator('details[open]').getByLabel('Your reason').fill('A shared mailbox.');
    await page.getByRole('button', { name: 'Leave them alone' }).first().click();

    await page.getByText('is left alone by all runs, also when they leave.').waitFor();
    expect(await page.getByText('token:operator has decided').isVisible()).toBe(true);
    expect(await rulings(db)).toMatchObject([
      { kind: 'ignore', actor: 'token:operator', reason: 'A shared mailbox.' },
    ]);

    await page.getByText('1 word of operators in force').click();
    await expectSound(browsing);
    await page.locator('details[open]').getByLabel('Your reason').fill('It has one owner now.');
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('Taken back: the rules say what happens').waitFor();
    expect(await rulings(db)).toEqual([]);
  });
});
