/** Whatever is sent, the answer is one that the document tells of, and never that Rollcall failed. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from '../console/site.ts';
import { type Client, clientOf, type Told } from './client.ts';
import { type Operation, operationsIn } from './operations-in.ts';

let site: Site;
let client: Client;
let all: readonly Operation[];
let known: { readonly run: string; readonly operation: string; readonly who: string };

beforeAll(async () => {
  site = await openSite();
  client = clientOf(site);
  all = operationsIn((await client.ask('GET', '/api/openapi.json')).body).filter(({ isStream }) => !isStream);
  const { run } = await site.sync();
  const [first] = await site.operations(run.id);
  known = { run: run.id, operation: first?.id ?? '', who: site.person(0).mail };
});
afterAll(async () => await site[Symbol.asyncDispose]());

/** An address of more than 16 KiB is refused before it comes to the API. */
const short = fc.oneof(
  fc.string({ unit: 'binary', size: 'max', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    '../../etc/passwd',
    "' OR 1=1 --",
    '%',
    '%00',
    '__proto__',
    'null',
  ),
);
const odd = fc.oneof(short, fc.string({ unit: 'binary', size: 'max', maxLength: 3_000 }));

/** A query, a body and names in the path: half of them of things that are there. */
const requests = fc.record({
  index: fc.nat(),
  pathName: fc.option(short, { nil: undefined }),
  query: fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        'cursor',
        'limit',
        'source',
        'state',
        'kind',
        'who',
        'since',
        'until',
        'run',
        'format',
        'actor',
      ),
      short,
    ),
    fc.oneof(
      short,
      fc.constantFrom('people', '5', 'failed', '2026-01-01', '0000-01-01', '9999-12-31T23:59:59Z', 'csv'),
    ),
    { maxKeys: 3 },
  ),
  body: fc.oneof(
    fc.dictionary(
      fc.constantFrom(
        'source',
        'mode',
        'who',
        'reason',
        'at',
        'timezone',
        'ids',
        'run',
        'kind',
        'saying',
        'all',
        'profile',
        'raise',
        'onlyWho',
        'head',
        '__proto__',
      ),
      fc.oneof(
        odd,
        fc.jsonValue(),
        fc.constantFrom('people', 'plan', 'full', 'because', 'Europe/Vienna', '2026-03-31', true, []),
      ),
      { maxKeys: 6 },
    ),
    fc.jsonValue(),
  ),
  key: fc.option(fc.stringMatching(/^[\x20-\x7e]{0,300}$/), { nil: undefined }),
});

test('no request makes it fail, and every refusal is a problem', async () => {
  await fc.assert(
    fc.asyncProperty(requests, async ({ index, pathName, query, body, key }) => {
      const operation = all[index % all.length];
      if (operation === undefined) throw new Error('The document tells of nothing.');
      const { told, method } = await asked(operation, { pathName, query, body, key });

      expectTold(operation, told, method);
    }),
    { numRuns: 1_000, endOnFailure: true },
  );
}, 300_000);

test('nor does one that is all but right', async () => {
  const nearly = fc.record({
    index: fc.nat(),
    who: fc.oneof(fc.constant(undefined), odd),
    reason: fc.oneof(fc.constant('because'), odd),
    at: fc.oneof(
      odd,
      fc.constantFrom('2026-03-31', '2026-03-31T17:00', 'tomorrow', '99999-01-01', '2026-02-30'),
    ),
  });
  await fc.assert(
    fc.asyncProperty(nearly, async ({ index, who, reason, at }) => {
      const posts = all.filter(({ method }) => method === 'post');
      const operation = posts[index % posts.length];
      if (operation === undefined) throw new Error('The document tells of nothing.');
      const name = who ?? known.who;
      const body = {
        ...(operation.text.includes('"who"') ? { who: name } : {}),
        ...(operation.text.includes('"reason"') ? { reason } : {}),
        ...(operation.text.includes('"at"') ? { at } : {}),
        ...(operation.text.includes('"profile"') ? { profile: name } : {}),
        ...(operation.text.includes('"onlyWho"') ? { onlyWho: name } : {}),
      };
      const { told, method } = await asked(operation, { query: {}, body });

      expectTold(operation, told, method);
    }),
    { numRuns: 150, endOnFailure: true },
  );
}, 300_000);

interface Sent {
  readonly pathName?: string | undefined;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly key?: string | undefined;
}

async function asked({ path, name, method }: Operation, { pathName, query, body, key }: Sent) {
  const there = name.includes('{run}') ? known.run : name.includes('{source}') ? 'people' : known.operation;
  const search = new URLSearchParams(query).toString();
  const named = path.replace('nothing', encodeURIComponent((pathName ?? there).toWellFormed()));
  const told = await client.ask(method.toUpperCase(), `${named}${search === '' ? '' : `?${search}`}`, {
    ...(method === 'post' ? { body: JSON.stringify(body) } : {}),
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });
  return { told, method };
}

function expectTold(operation: Operation, { status, type, body }: Told, method: string): void {
  const about = `${operation.name}: ${JSON.stringify(body)}`;
  expect(status, about).toBeLessThan(500);
  // Names of more than a segment, or of none, lead elsewhere.
  if (status !== 404) expect(Object.keys(operation.told.responses), about).toContain(String(status));
  if (status >= 400) {
    expect(type, about).toBe('application/problem+json');
    expect(body, about).toMatchObject({ detail: expect.stringMatching(/\S/) });
  }
  expect(method).toMatch(/get|post/);
}
