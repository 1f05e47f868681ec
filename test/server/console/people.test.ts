/** People: found by anything, one of them end to end, and what an operator does about them. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestEntries } from '../../../src/audit/index.ts';
import { linksLike } from '../../../src/store/people/find-links.ts';
import { type Browsing, browse, expectSound, signIn, widths } from './browser.ts';
import { clientOf } from './client.ts';
import { openSite, type Site, tokens } from './site.ts';

const hostile = '<img src=x onerror=alert(1)>"\'&\u202eevil';

let site: Site;

beforeAll(async () => {
  site = await openSite({ works: true, people: 60 });
  await site.publish(
    site.people.map((person, index) =>
      index === 1
        ? { ...person, givenName: hostile, title: hostile }
        : index === 2
          ? { ...person, mail: '' }
          : person,
    ),
  );
  await site.sync();
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

const pathOf = (index: number): string => `/people/people/${site.person(index).entryUuid}`;
const shot = async ({ page }: Browsing, name: string): Promise<void> => {
  if (process.env.SCREENSHOTS !== undefined)
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, fullPage: true });
};

describe.each(Object.entries(widths))('%s', (name, width) => {
  test.each([
    'light',
    'dark',
  ] as const)('somebody is found, and explained end to end, in %s', async (scheme) => {
    await using browsing = await browse(width, { scheme });
    const { page } = browsing;
    const { mail, title } = site.person(5);
    await signIn(browsing, site.url, tokens.operator);

    await page.goto(`${site.url}/people`);
    await expectSound(browsing);
    await shot(browsing, `people-${name}-${scheme}`);
    await page.keyboard.type(mail);
    await page.keyboard.press('Enter');
    await page.getByText('1 person whom Rollcall looks after').waitFor();
    await expectSound(browsing);
    await shot(browsing, `people-found-${name}-${scheme}`);
    await page.getByRole('table').getByRole('link').first().click();

    await page.getByText('They are active in the org').waitFor();
    for (const heading of [
      'What the source people says',
      'Who belongs in the org',
      'Their profile',
      'What they should be in the org',
      'The next run',
      'What has happened, the latest first',
    ])
      expect(await page.getByRole('heading', { name: heading }).isVisible()).toBe(true);
    expect(await page.getByText(JSON.stringify(title)).first().isVisible()).toBe(true);
    expect(await page.getByText('create done').isVisible()).toBe(true);
    await expectSound(browsing);
    await shot(browsing, `person-${name}-${scheme}`);
  });
});

describe('the search', () => {
  const found = async (text: string): Promise<readonly string[]> =>
    (await linksLike(site.engine.store.db, text, 50)).map(({ anchor }) => anchor);

  test('knows somebody by every name that they have', async () => {
    const one = site.person(7);
    const [link] = await linksLike(site.engine.store.db, one.mail, 1);

    for (const text of [
      one.mail,
      ` ${one.mail.toUpperCase()} `,
      one.uid,
      one.surname,
      one.employeeNumber,
      one.entryUuid,
      link?.profileId ?? '?',
    ])
      expect(await found(text), text).toContain(one.entryUuid);
  });

  test('takes what means something to a database as it is written', async () => {
    expect(await found('%')).toEqual([]);
    expect(await found('_______')).toEqual([]);
    expect(await found("x' OR true --")).toEqual([]);
    expect(await found('\\')).toEqual([]);
  });

  test('shows so many, and says that there are more', async () => {
    await using browsing = await browse();
    await signIn(browsing, site.url, tokens.viewer);

    await browsing.page.goto(`${site.url}/people?who=example`);

    expect(await browsing.page.getByRole('row').count()).toBe(51);
    expect(await browsing.page.getByText('The first 50 by name, of more.').isVisible()).toBe(true);
  });

  test('looks in the sources for whoever was never taken over', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    const { uid } = site.person(2);
    await signIn(browsing, site.url, tokens.viewer);

    await page.goto(`${site.url}/people?who=${uid}`);
    await page.getByRole('button', { name: 'Look in the sources' }).click();
    await page.getByText('1 person is, or were, called so').waitFor();
    await expectSound(browsing);
    await page.getByRole('table').getByRole('link').click();

    await page.getByText('They have no profile that Rollcall knows of.').waitFor();
    expect(await page.getByText('Nothing can be decided about them').first().isVisible()).toBe(true);
    await expectSound(browsing);
  });
});

test('a page that is open shows what happens to them, and leaves alone what somebody writes', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  const one = site.person(8);
  await signIn(browsing, site.url, tokens.operator);
  await page.goto(`${site.url}${pathOf(8)}`);
  const reason = page.getByLabel('Reason, for the audit log').first();
  await reason.fill('I am still looking.');
  await page.getByRole('heading', { level: 1 }).click();

  await site.publish(
    site.people.map((who) => (who === one ? { ...who, title: 'Captain of the rail' } : who)),
  );
  await site.sync(one.mail);

  await page.getByText('edit done').waitFor();
  expect(await page.locator('#chain').getByText('"Captain of the rail"').first().isVisible()).toBe(true);
  expect(await reason.inputValue()).toBe('I am still looking.');
  await expectSound(browsing);
});

test('of others it hears nothing, and without a sign-in nobody hears', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  expect((await page.request.get(`${site.url}/live${pathOf(9)}`)).status()).toBe(401);
  await signIn(browsing, site.url, tokens.viewer);
  await page.goto(`${site.url}${pathOf(9)}`);
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().endsWith(pathOf(9)) && request.headers()['hx-request'] === 'true') asked += 1;
  });

  const other = site.person(10);
  await site.publish(site.people.map((who) => (who === other ? { ...who, title: 'Cook' } : who)));
  await site.sync(other.mail);
  await page.waitForTimeout(3_000);

  expect(asked).toBe(0);
});

test('names are text, whatever is written in them', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.operator);
  let hasRun = false;
  page.on('dialog', async (dialog) => {
    hasRun = true;
    await dialog.dismiss();
  });

  for (const path of [
    `/people?who=${encodeURIComponent('onerror')}`,
    pathOf(1),
    `/people?who=${encodeURIComponent(hostile)}&live=1`,
  ]) {
    await page.goto(`${site.url}${path}`);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.content()).toContain('onerror=alert');
    await expectSound(browsing);
  }
  expect(hasRun).toBe(false);
});

test('nobody of that id is told as that', async () => {
  await using browsing = await browse();
  await signIn(browsing, site.url, tokens.viewer);

  const answer = await browsing.page.goto(`${site.url}/people/people/${encodeURIComponent('no/body?<b>')}`);

  expect(answer?.status()).toBe(404);
  expect(await browsing.page.getByText('knows anybody of the id no/body?<b>').isVisible()).toBe(true);
});

test.each([
  '/people?who=%00',
  '/people?who=a&who=b',
  '/people?who=%ED%A0%80&live=1',
  '/people/people/%00',
  '/people/nowhere/x',
])('what nobody types is no trouble: %s', async (path) => {
  const client = clientOf(site.url);
  await client.signIn(tokens.viewer);

  expect((await client.get(path)).status).toBeLessThan(500);
});

test('while a source can’t be read, what the store knows is told', async () => {
  await using browsing = await browse();
  const { page } = browsing;
  await signIn(browsing, site.url, tokens.viewer);
  const file = join(site.folder, 'people.ldif');

  await rename(file, `${file}.away`);
  try {
    await page.goto(`${site.url}${pathOf(5)}`);
    await page.getByText('It could not be asked.').waitFor();
  } finally {
    await rename(`${file}.away`, file);
  }

  expect(await page.getByText('create done').isVisible()).toBe(true);
  await expectSound(browsing);
});

describe('an operator', () => {
  const lastEntry = async (action: string) =>
    (await latestEntries(site.engine.store.db, {}, 200)).findLast((entry) => entry.action === action);

  test('says that somebody left, and that they are back', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    const { mail } = site.person(10);
    await signIn(browsing, site.url, tokens.operator);
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(`${site.url}${pathOf(10)}`);

    const form = page.getByRole('form', { name: 'Offboard' });
    await form.getByLabel('Reason').fill('left today <b>');
    await form.getByRole('button').click();
    await page.locator('.notice.done').waitFor();
    await expect.poll(() => site.effects()).toContain(`deactivated ${mail}`);
    expect(await lastEntry('departure.noted')).toMatchObject({
      actor: 'token:operator',
      reason: 'left today <b>',
    });

    await page.goto(`${site.url}/people`);
    expect(await page.getByRole('cell', { name: 'left today <b>' }).isVisible()).toBe(true);
    await expectSound(browsing);
    await page.goto(`${site.url}${pathOf(10)}`);
    await expectSound(browsing);
    await shot(browsing, 'person-left');
    const back = page.getByRole('form', { name: 'Reinstate' });
    await back.getByLabel('Reason').fill('a mistake');
    await back.getByRole('button').click();
    await page.locator('.notice.done').waitFor();
    expect(await lastEntry('departure.taken-back')).toMatchObject({
      actor: 'token:operator',
      reason: 'a mistake',
    });
  });

  test('says it for a time to come, or is told what is no time', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(`${site.url}${pathOf(11)}`);
    const form = page.getByRole('form', { name: 'Offboard' });

    await form.getByLabel('Reason').fill('end of contract');
    await form.getByLabel('When').fill('next week');
    await form.getByRole('button').click();
    await page.locator('.notice.refused').waitFor();

    await form.getByLabel('Reason').fill('end of contract');
    await form.getByLabel('When').fill('2099-03-31');
    await form.getByRole('button').click();
    await page.locator('.notice.done').waitFor();
    expect(await page.getByText('It takes effect in').isVisible()).toBe(true);
    expect(site.effects()).not.toContain(`deactivated ${site.person(11).mail}`);
  });

  test('has somebody left alone, and takes that back', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.operator);
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(`${site.url}${pathOf(12)}`);

    const form = page.getByRole('form', { name: 'Ignore' });
    await form.getByLabel('Reason').fill('a works council matter');
    await form.getByRole('button').click();
    await page.locator('.notice.done').waitFor();
    expect(await page.getByText('to be left alone').first().isVisible()).toBe(true);
    expect(await lastEntry('ruling.made')).toMatchObject({ actor: 'token:operator' });

    const back = page.getByRole('form', { name: 'Stop ignoring' });
    await back.getByLabel('Reason').fill('settled');
    await back.getByRole('button').click();
    await page.locator('.notice.done').waitFor();
    expect(await lastEntry('ruling.taken-back')).toMatchObject({
      actor: 'token:operator',
      reason: 'settled',
    });
  });

  test('has a person read anew', async () => {
    await using browsing = await browse();
    const { page } = browsing;
    await site.publish(
      site.people.map((person, index) => (index === 13 ? { ...person, title: 'Astronaut' } : person)),
    );
    await signIn(browsing, site.url, tokens.operator);
    await page.goto(`${site.url}${pathOf(13)}`);
    await page.getByText('The next run would edit them.').first().waitFor();
    await expectSound(browsing);
    await shot(browsing, 'person-differs');

    await page.getByRole('button', { name: 'Resync this person' }).click();

    await page.locator('.notice.done').waitFor();
    await expect.poll(() => site.effects(), { timeout: 20_000 }).toContain(`edited ${site.person(13).mail}`);
    expect(await lastEntry('run.requested')).toMatchObject({
      actor: 'token:operator',
      details: { only: site.person(13).entryUuid },
    });
  });

  test('has to say why', async () => {
    const client = clientOf(site.url);
    await client.signIn(tokens.operator);

    for (const act of ['offboard', 'reinstate', 'ignore', 'unignore', 'invite-again']) {
      await client.post(`${pathOf(20)}/${act}`, { reason: '  ' }, pathOf(20));
      expect(await (await client.get(pathOf(20))).text()).toContain('Nothing was done: say why');
    }
  });

  test('is told what can’t be done as things are', async () => {
    const client = clientOf(site.url);
    await client.signIn(tokens.operator);
    const refusals = [
      ['reinstate', /notice refused/],
      ['unignore', /nobody is called/],
      ['invite-again', /notice refused/],
    ] as const;

    for (const [act, words] of refusals) {
      await client.post(`${pathOf(21)}/${act}`, { reason: 'a try' }, pathOf(21));
      expect(await (await client.get(pathOf(21))).text()).toMatch(words);
    }
  });
});

test('a viewer sees no buttons, and is refused whatever they send', async () => {
  const client = clientOf(site.url);
  await client.signIn(tokens.viewer);
  const page = await (await client.get(pathOf(5))).text();
  expect(page).not.toContain('What you can do');
  expect(page.match(/method="post"/g)).toHaveLength(1);
  const before = await latestEntries(site.engine.store.db, {}, 1);

  for (const act of ['offboard', 'reinstate', 'ignore', 'unignore', 'resync', 'invite-again'])
    expect((await client.post(`${pathOf(5)}/${act}`, { reason: 'because' }, pathOf(5))).status).toBe(403);

  expect(await latestEntries(site.engine.store.db, {}, 1)).toEqual(before);
});
