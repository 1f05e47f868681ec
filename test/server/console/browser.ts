/** Pages of the console in headless Chromium: no console errors, no violations that axe knows of. */
import { AxeBuilder } from '@axe-core/playwright';
import { type APIResponse, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { requireProgram } from '../../servers/programs.ts';

export const widths = { wide: 1280, narrow: 390 } as const;

export interface Browsing {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of since it was last asked. */
  complaints(): readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

let addresses = 0;

/**
 * A browser with an address of its own behind a proxy: of one address, only so many are let in within a minute.
 *
 * @param scheme - as the person's system is set
 */
export async function browse(
  width: number = widths.wide,
  { scheme = 'light', scripts = true }: { scheme?: 'light' | 'dark'; scripts?: boolean } = {},
): Promise<Browsing> {
  const browser = await chromium.launch({
    executablePath: requireProgram('chromium'),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: scripts,
    extraHTTPHeaders: { 'x-forwarded-for': `10.1.${Math.floor(addresses / 250)}.${(addresses++ % 250) + 1}` },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  let said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // Whoever goes to another page leaves off what the last one still loads, and what keeps it up to date.
    if (reason !== 'net::ERR_ABORTED' && !request.url().endsWith('/live'))
      said.push(`${request.url()}: ${reason}`);
  });
  return {
    context,
    page,
    complaints() {
      const all = said;
      said = [];
      return all;
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** Nothing that a reader with a keyboard, a screen reader or a narrow screen stumbles over. */
export async function expectSound({ page, complaints }: Browsing): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  expect(complaints()).toEqual([]);
  const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  expect(overflow, 'wider than the screen').toBeLessThanOrEqual(0);
}

export async function signIn({ page }: Browsing, url: string, token: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/`);
}

/** Keeps a picture of the page where somebody wants to look at it: SCREENSHOTS=folder. */
export async function shoot({ page }: Browsing, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  // Hiding the caret would need a style in the page, which its policy forbids.
  const options = { fullPage: true, caret: 'initial' } as const;
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, ...options });
}

/** Sends what a form would, whether the page has it or not. */
export async function send(
  { context, page }: Browsing,
  url: string,
  fields: Readonly<Record<string, string>>,
): Promise<APIResponse> {
  const token = await page.locator('input[name=_csrf]').first().inputValue();
  return await context.request.post(url, { form: { _csrf: token, ...fields } });
}
