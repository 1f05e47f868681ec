/** docs/api-reference.md is what the program serves, and every request in the documentation is one that it answers. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site, tokens } from '../../server/console/site.ts';
import { readDocuments } from '../markdown.ts';
import { type Started, startedBy } from '../shell.ts';
import { documentFile, documentOf } from './document.ts';
import { documentServedBy } from './served.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => await site[Symbol.asyncDispose]());

test('docs/api-reference.md is made from the OpenAPI document as it is served', async () => {
  const served = await documentServedBy(site);

  expect(await readFile(documentFile, 'utf8'), 'npm run docs:api makes it anew').toBe(documentOf(served));
});

interface Asked {
  readonly path: string;
  readonly body: string | undefined;
}

/** What curl would send, where it is for the API. */
function askedBy([program, ...args]: Started): readonly Asked[] {
  const url = args.find((arg) => arg.includes('/api/v1/'));
  if (program !== 'curl' || url === undefined) return [];
  const { pathname, search } = new URL(url);
  return [{ path: pathname + search, body: args.includes('-d') ? args[args.indexOf('-d') + 1] : undefined }];
}

test('every request of curl in the documentation is understood', async () => {
  const run = await site.plan();
  const blocks = (await readDocuments()).flatMap(({ blocks: own }) =>
    own.filter(({ language }) => language === 'sh'),
  );
  const texts = blocks.map(({ text }) =>
    text
      .replaceAll('k3v9m2wt', run)
      .replaceAll('"corp"', '"people"')
      .replaceAll('ann@example.com', site.person(0).mail ?? ''),
  );
  const asked = (await Promise.all(texts.map(startedBy))).flat().flatMap(askedBy);

  expect(asked.length).toBeGreaterThan(5);
  for (const { path, body } of asked) {
    const headers = { authorization: `Bearer ${tokens.approver}`, 'content-type': 'application/json' };
    const ended = new AbortController();
    const answer = await fetch(new URL(path, site.url), {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers: body === undefined ? { authorization: headers.authorization } : headers,
      signal: ended.signal,
    });
    expect([200, 201, 202], `${path} ${answer.status}`).toContain(answer.status);
    // A stream has no end of its own.
    ended.abort();
  }
});
