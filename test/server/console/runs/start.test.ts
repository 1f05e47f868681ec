/** Runs that people start in the console, while a service works. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestEntries } from '../../../../src/audit/index.ts';
import { pauseByWord, resumeByWord } from '../../../../src/plan/index.ts';
import { latestRuns } from '../../../../src/store/runs/runs.ts';
import { until } from '../../../e2e/stage.ts';
import { people } from '../../../engine/installation.ts';
import { browse, expectSound, send, shoot, signIn, widths } from '../browser.ts';
import { openSite, type Site, tokens } from '../site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite({ works: true, people: 12 });
  await site.sync();
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

test('a dry run, approved, is carried out while somebody looks; and undone', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  await site.publish(site.people.map((one, index) => (index < 3 ? { ...one, employeeType: 'left' } : one)));
  await signIn(browsing, site.url, tokens.approver);

  await page.goto(`${site.url}/runs`);
  await page.getByText('Start a run').click();
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('It is asked for, and begins in a moment.').waitFor();
  // By itself: nobody loads the page again.
  await page.getByText('3 operations wait for approval.').waitFor();
  expect(site.sandbox.effects.filter(({ kind }) => kind === 'deactivated')).toEqual([]);

  await page.getByLabel('Your reason').fill('They have left.');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Approved: 3 operations are released.').waitFor();
  await page.getByText('It is done.').waitFor();
  expect(site.sandbox.effects.filter(({ kind }) => kind === 'deactivated')).toHaveLength(3);
  await expectSound(browsing);

  await page.getByRole('button', { name: 'Plan the way back' }).click();
  await page.getByText('This plan undoes the deactivations of run').waitFor();
  expect(await page.locator('.people > li', { hasText: 'reactivate' }).count()).toBe(3);
  await expectSound(browsing);
  await shoot(browsing, 'run-undo');
});

test('a run that applies is audited with the name of whoever started it', async () => {
  await using browsing = await browse(widths.narrow);
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.operator);
  await page.goto(`${site.url}/sources/people`);
  await page.getByText('Start a run').click();
  await page.getByLabel('What is read').selectOption('What has changed');
  await page.getByRole('button', { name: 'Run, and apply' }).click();
  await page.getByText(/Nothing (is|was) to be done\.|It is done\./).waitFor();

  const entries = await latestEntries(site.engine.store.db, {}, 500);
  expect(entries).toContainEqual(
    expect.objectContaining({ actor: 'token:operator', action: 'run.requested', source_id: 'people' }),
  );
});

test('a viewer starts nothing', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.viewer);
  await page.goto(`${site.url}/runs`);
  expect(await page.getByText('Start a run').count()).toBe(0);

  const fields = { source: 'people', mode: 'apply', reading: 'full' };
  expect((await send(browsing, `${site.url}/runs`, fields)).status()).toBe(403);
});

test('what somebody has typed is left as it is when the page is brought up to date', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  await site.publish(site.people.map((one, index) => (index === 9 ? { ...one, title: 'Queen' } : one)));
  const plan = await site.plan();
  await signIn(browsing, site.url, tokens.approver);
  await page.goto(`${site.url}/runs/${plan}`);
  const state = page.locator('#state');
  const reason = page.getByLabel('Your reason');
  await reason.fill('I am still looking.');
  await page.getByRole('heading', { level: 1 }).click();
  const before = await state.innerHTML();

  await expect
    .poll(
      async () => {
        await site.plan();
        return await state.innerHTML();
      },
      { interval: 1_500, timeout: 15_000 },
    )
    .not.toBe(before);
  expect(await reason.inputValue()).toBe('I am still looking.');
});

describe('a guard gives way in one run', () => {
  const lastRun = async () => (await latestRuns(site.engine.store.db, 1))[0];

  test('by an approver’s word, with a number and a reason', async () => {
    for (const [name, width] of Object.entries(widths))
      for (const scheme of ['light', 'dark'] as const) {
        await using browsing = await browse(width, { scheme });
        const { page } = browsing;
        await signIn(browsing, site.url, tokens.approver);
        await page.goto(`${site.url}/runs`);
        await page.getByText('Start a run').click();
        await page.getByText('Let a guard give way').click();
        await page.getByLabel('People who are deactivated').fill('200');
        await page.getByLabel('Why it gives way').fill('The Vienna office closes.');
        await expectSound(browsing);
        await shoot(browsing, `run-raise-${name}-${scheme}`);
      }
    await using browsing = await browse();
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.approver);
    await page.goto(`${site.url}/sources/people`);
    await page.getByText('Start a run').click();
    await page.getByText('Let a guard give way').click();
    await page.getByLabel('People who are deactivated').fill('200');
    await page.getByRole('button', { name: 'Run, and apply' }).click();
    await page.getByText('No run was made: say why the guard gives way.').waitFor();

    await page.goto(`${site.url}/sources/people`);
    await page.getByText('Start a run').click();
    await page.getByText('Let a guard give way').click();
    await page.getByLabel('People who are deactivated').fill('200');
    await page.getByLabel('Why it gives way').fill('The Vienna office closes.');
    await page.getByRole('button', { name: 'Run, and apply' }).click();
    await page
      .getByText(/Raised for this run alone by token:approver: maxDeactivations to 200 people/)
      .waitFor();

    const run = await lastRun();
    expect(run).toMatchObject({ mode: 'apply', raised: { maxDeactivations: 200 } });
    const entries = await latestEntries(site.engine.store.db, { run: run?.id }, 10);
    expect(entries).toContainEqual(
      expect.objectContaining({
        actor: 'token:approver',
        action: 'guard.raised',
        reason: 'The Vienna office closes.',
      }),
    );
  });

  test('and not by an operator’s, who is not asked for it either', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}/runs`);
    await page.getByText('Start a run').click();
    expect(await page.getByText('Let a guard give way').count()).toBe(0);
    const before = (await lastRun())?.id;

    const fields = { source: 'people', mode: 'apply', reading: 'full', reason: 'So.' };
    const raised = await send(browsing, `${site.url}/runs`, { ...fields, maxEdits: '50' });
    expect(await raised.text()).toContain('Guards give way by the word of an approver alone');
    const none = await send(browsing, `${site.url}/runs`, { ...fields, maxEdits: '-1' });
    expect(none.status()).toBe(400);
    expect((await lastRun())?.id).toBe(before);
  });
});

test('a run tells that it waits for a pause, and where that is ended', async () => {
  const { db } = site.engine.store;
  const word = { actor: 'cli:anna', reason: 'The import is wrong.' };
  await site.publish(site.people.map((one, index) => (index === 8 ? { ...one, title: 'Cook' } : one)));
  const plan = await site.plan();
  await using browsing = await browse();
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.approver);
  await page.goto(`${site.url}/runs/${plan}`);
  expect(await page.getByText('is paused').count()).toBe(0);

  await pauseByWord(db, { source: people, until: undefined, leavers: 'go' }, word, new Date());
  // By itself: nobody loads the page again.
  await page.getByText(/^people is paused since .*: The import is wrong[.]$/).waitFor();
  await expectSound(browsing);
  await pauseByWord(db, { source: undefined, until: undefined, leavers: 'go' }, word, new Date());
  await page.getByText(/^Nothing is carried out since .*: The import is wrong[.]$/).waitFor();
  await shoot(browsing, 'run-paused');
  await page.getByRole('link', { name: 'Look, and resume' }).click();
  await page.waitForURL(`${site.url}/sources`);
  for (const source of [people, undefined]) await resumeByWord(db, source, word, new Date());

  const done = (await latestRuns(db, 50, { states: ['done'] }))[0]?.id;
  await pauseByWord(db, { source: people, until: undefined, leavers: 'go' }, word, new Date());
  await page.goto(`${site.url}/runs/${done}`);
  expect(await page.getByText('is paused').count()).toBe(0);
  await resumeByWord(db, people, word, new Date());
});

test('while a run is carried out, its page shows how far it is, how fast, and how long that will take', async () => {
  const size = 120;
  await using slow = await openSite({ works: true, people: size, api: { concurrency: '2' } });
  slow.sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 300 } });
  const run = await slow.release();
  for (const [name, width] of Object.entries(widths)) {
    const scheme = name === 'wide' ? 'light' : 'dark';
    await using browsing = await browse(width, { scheme });
    const { page } = browsing;
    await signIn(browsing, slow.url, tokens.viewer);
    await page.goto(`${slow.url}/runs/${run}`);

    const told = page.getByText(/^\d+ of 120 carried out, [\d.]+ a second, .+ left$/);
    await told.waitFor();
    const before = await told.textContent();
    await shoot(browsing, `run-progress-${name}-${scheme}`);
    // By itself: nobody loads the page again.
    await expect.poll(() => told.textContent(), { timeout: 15_000 }).not.toBe(before);
    expect(await page.getByRole('progressbar').getAttribute('max')).toBe(String(size));
    await expectSound(browsing);
  }
});

test('while both sides are read, the page of a run shows how many of each', async () => {
  await using slow = await openSite({ works: true, people: 12, api: { pageSize: '3' } });
  // Of the first one, nobody was in the org.
  for (let count = 0; count < 2; count += 1) await slow.sync();
  slow.sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: 1_500 } });
  for (const [name, width] of Object.entries(widths)) {
    const scheme = name === 'wide' ? 'light' : 'dark';
    await using browsing = await browse(width, { scheme });
    const { page } = browsing;
    await signIn(browsing, slow.url, tokens.viewer);
    const run = await slow.request('apply');
    const conducted = slow.conduct(run);
    await page.goto(`${slow.url}/runs/${run}`);

    await page.getByText(/^12 of about 12 people, (3|6|9|12) of about 13 profiles read$/).waitFor();
    expect(await page.getByRole('progressbar', { name: 'Read' }).getAttribute('max')).toBe('25');
    await expectSound(browsing);
    await shoot(browsing, `run-reading-${name}-${scheme}`);
    await conducted;
  }
});

test('a run tells of a maintenance window', async () => {
  const clock = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
  await using closed = await openSite({
    config: {
      maintenance: `[{ from: ${clock(-1)}, to: ${clock(2)}, timezone: UTC, reason: Payroll }]`,
    },
  });
  const run = await closed.release();
  await using browsing = await browse(widths.narrow, { scheme: 'dark' });
  await signIn(browsing, closed.url, tokens.viewer);
  await browsing.page.goto(`${closed.url}/runs/${run}`);

  await browsing.page.getByText(/In maintenance, ends .* [(]Payroll[)]: nothing is written/).waitFor();
  await expectSound(browsing);
  await shoot(browsing, 'run-maintenance');
});

test('a paused source says so, and by whom; a run that applies is refused, and a dry run is made', async () => {
  const { db } = site.engine.store;
  const word = { actor: 'cli:anna', reason: 'The import is wrong.' };
  await pauseByWord(db, { source: people, until: undefined, leavers: 'go' }, word, new Date());
  const before = (await latestRuns(db, 100)).length;
  await using browsing = await browse();
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.operator);
  await page.goto(`${site.url}/sources/people`);
  await page.getByText(/by cli:anna: The import is wrong[.] It is not read/).waitFor();
  await expectSound(browsing);
  await shoot(browsing, 'source-paused');

  await page.getByText('Start a run').click();
  await page.getByRole('button', { name: 'Run, and apply' }).click();
  await page.getByText(/The source people is paused since .*No run was made; a dry run is/).waitFor();
  expect(await latestRuns(db, 100)).toHaveLength(before);
  await page.goto(`${site.url}/sources/people`);
  await page.getByText('Start a run').click();
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('It is asked for, and begins in a moment.').waitFor();
  await until(
    () => latestRuns(db, 1),
    ([run]) => run?.planned_at != null,
  );
  await resumeByWord(db, people, word, new Date());
});
