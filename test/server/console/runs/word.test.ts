/** A person's word on a plan, said in the console. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { latestEntries } from '../../../../src/audit/index.ts';
import type { RunId } from '../../../../src/store/operations/operation.ts';
import { type Browsing, browse, expectSound, send, shoot, signIn } from '../browser.ts';
import { openSite, type Site, tokens } from '../site.ts';

let site: Site;

async function open(config: Readonly<Record<string, string>> = {}): Promise<RunId> {
  site = await openSite({ config });
  return await site.plan();
}

async function look(plan: RunId, token: string): Promise<Browsing> {
  const browsing = await browse();
  await signIn(browsing, site.url, token);
  await browsing.page.goto(`${site.url}/runs/${plan}`);
  return browsing;
}

const audited = async (run: RunId): Promise<readonly string[]> =>
  (await latestEntries(site.engine.store.db, { run }, 100)).map(
    ({ actor, action, reason }) => `${actor} ${action}${reason === null ? '' : `: ${reason}`}`,
  );

afterEach(async () => {
  await site[Symbol.asyncDispose]();
});

describe('where one person is enough', () => {
  let plan: RunId;
  beforeEach(async () => {
    plan = await open();
  });

  test('a plan is approved by keyboard alone', async () => {
    await using browsing = await look(plan, tokens.approver);
    const { page } = browsing;

    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    const reason = page.getByLabel('Your reason');
    for (let tabs = 0; tabs < 6 && !(await reason.evaluate((field) => field.matches(':focus'))); tabs++)
      await page.keyboard.press('Tab');
    await page.keyboard.type('I looked at it.');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Approve');
    await page.keyboard.press('Enter');

    await page.getByText('Approved: 8 operations are released. No worker is running').waitFor();
    await expectSound(browsing);
    expect(await audited(plan)).toContain('token:approver plan.approved: I looked at it.');
  });

  test('of two at the same moment, one approves and the other is told', async () => {
    await using one = await look(plan, tokens.approver);
    await using other = await look(plan, tokens.second);
    for (const { page } of [one, other]) await page.getByLabel('Your reason').fill('It is right.');

    await Promise.all([one, other].map(({ page }) => page.getByRole('button', { name: 'Approve' }).click()));

    const said = await Promise.all(
      [one, other].map(({ page }) => page.getByRole('status').first().textContent()),
    );
    expect(said.filter((text) => text?.startsWith('Approved: 8 operations'))).toHaveLength(1);
    expect(
      said.filter((text) => /Nothing in plan .* waits for approval: .* approved it/.test(text ?? '')),
    ).toHaveLength(1);
    expect((await audited(plan)).filter((entry) => entry.includes('plan.approved'))).toHaveLength(1);
  });

  test('rejecting drops it, with the reason', async () => {
    await using browsing = await look(plan, tokens.approver);
    const { page } = browsing;
    await page.getByLabel('Your reason').fill('Wrong mapping.');
    await page.getByRole('button', { name: 'Reject' }).click();

    await page.getByText('Rejected: 8 operations are dropped').waitFor();
    expect(await page.getByText('It was rejected.').isVisible()).toBe(true);
    expect(await page.getByLabel('Your reason').count()).toBe(0);
    await expectSound(browsing);
    expect(await audited(plan)).toContain('token:approver plan.rejected: Wrong mapping.');
  });

  test('without a reason nothing is done', async () => {
    await using browsing = await look(plan, tokens.approver);
    const answer = await send(browsing, `${site.url}/runs/${plan}/approve`, { reason: '  ' });

    expect(await answer.text()).toContain('Nothing was done: a reason is needed.');
    expect(await audited(plan)).not.toContainEqual(expect.stringContaining('plan.approved'));
  });

  test.each([
    'viewer',
    'operator',
  ] as const)('for a %s there are no buttons, and the act is refused', async (role) => {
    await using browsing = await look(plan, tokens[role]);
    const { page } = browsing;
    expect(await page.getByText('It waits for somebody with the role approver').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: /Approve|Reject/ }).count()).toBe(0);
    await expectSound(browsing);

    for (const act of ['approve', 'reject']) {
      const answer = await send(browsing, `${site.url}/runs/${plan}/${act}`, { reason: 'I want to.' });
      expect(answer.status()).toBe(403);
    }
    expect(await site.engine.store.db.selectFrom('operations').select('state').distinct().execute()).toEqual([
      { state: 'planned' },
    ]);
  });

  test('without JavaScript it is readable, filtered and approved', async () => {
    await using browsing = await browse(390, { scripts: false });
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.approver);
    await page.goto(`${site.url}/runs/${plan}`);
    const somebody = site.person(3).mail;
    await page.getByLabel('Whom, or why').fill(somebody.toUpperCase());
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.locator('.people > li').count()).toBe(1);
    expect(await page.getByRole('link', { name: somebody }).isVisible()).toBe(true);

    await page.getByLabel('Your reason').fill('I looked at it.');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved: 8 operations are released.').waitFor();
  });
});

test('where two have to approve, one word counts once, and the second releases it', async () => {
  const plan = await open({ guards: '{ approval: { people: 2 } }' });
  await using one = await look(plan, tokens.approver);
  await one.page.getByLabel('Your reason').fill('It is right.');
  await one.page.getByRole('button', { name: 'Approve' }).click();
  await one.page.getByText('Approved by 1 of 2. Nothing is released').waitFor();
  expect(await one.page.getByText('You have approved it.').isVisible()).toBe(true);
  await expectSound(one);
  await shoot(one, 'run-approved-by-one');

  const again = await send(one, `${site.url}/runs/${plan}/approve`, { reason: 'Once more.' });
  expect(await again.text()).toContain('has approved plan');

  await using other = await look(plan, tokens.second);
  expect(await other.page.getByText('Approved by 1 of 2, by token:approver: It is right.').isVisible()).toBe(
    true,
  );
  await other.page.getByLabel('Your reason').fill('I think so too.');
  await other.page.getByRole('button', { name: 'Approve' }).click();
  await other.page.getByText('Approved: 8 operations are released.').waitFor();
  const words = (await audited(plan)).filter((entry) => /approval|approved/.test(entry));
  expect(words).toEqual([
    'token:approver approval.given: It is right.',
    'token:second plan.approved: I think so too.',
  ]);
});
