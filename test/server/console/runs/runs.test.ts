/** Plans and runs, as people see them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunId } from '../../../../src/store/operations/operation.ts';
import { browse, expectSound, shoot, signIn, widths } from '../browser.ts';
import { hostile } from '../hostile.ts';
import { openSite, type Site, tokens } from '../site.ts';

const [script, image, turned, long] = hostile;

let site: Site;
let plan: RunId;

beforeAll(async () => {
  site = await openSite({ people: 40 });
  await site.sync();
  // Ten leave, which is more than the guard lets pass; some move, with names that nobody should have.
  await site.publish(
    site.people.map((one, index) => {
      if (index > 2 && index < 13) return { ...one, employeeType: 'left' as const };
      if (index === 20) return { ...one, title: script, surname: image };
      if (index === 21) return { ...one, title: turned };
      if (index === 22) return { ...one, title: long, surname: long };
      return one;
    }),
  );
  plan = await site.plan();
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

describe.each(Object.entries(widths))('%s', (name, width) => {
  test.each(['light', 'dark'] as const)('the list, and a plan that waits, in %s', async (scheme) => {
    await using browsing = await browse(width, { scheme });
    const { page } = browsing;
    await signIn(browsing, site.url, tokens.approver);

    await page.goto(`${site.url}/runs`);
    expect(await page.getByRole('cell', { name: 'waits for approval' }).isVisible()).toBe(true);
    await expectSound(browsing);
    await shoot(browsing, `runs-${name}-${scheme}`);

    await page.getByRole('link', { name: plan }).click();
    expect(await page.getByText('13 operations wait for approval.').isVisible()).toBe(true);
    await expectSound(browsing);
    await shoot(browsing, `run-${name}-${scheme}`);
  });
});
