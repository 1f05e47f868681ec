/** docs/api-reference.md is what the program serves, and what the documentation asks for is there. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readDocuments } from '../markdown.ts';
import { startedBy } from '../shell.ts';
import { documentFile, documentOf } from './document.ts';
import { servedDocument } from './served.ts';

const paths = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

let served: unknown;
beforeAll(async () => {
  served = await servedDocument();
});

test('docs/api-reference.md is made from the OpenAPI document as it is served', async () => {
  expect(await readFile(documentFile, 'utf8'), 'npm run docs:api makes it anew').toBe(documentOf(served));
});

test('every request of curl in the documentation is one that the API has', async () => {
  const known = Object.entries(paths.parse(served).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method,
      path: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    })),
  );
  const blocks = (await readDocuments()).flatMap(({ blocks: own }) =>
    own.filter(({ language }) => language === 'sh'),
  );
  const started = (await Promise.all(blocks.map(({ text }) => startedBy(text)))).flat();
  const asked = started
    .filter(([program]) => program === 'curl')
    .flatMap(([, ...args]) => {
      const url = args.find((arg) => arg.includes('/api/v1/'));
      return url === undefined
        ? []
        : [{ method: args.includes('-d') ? 'post' : 'get', path: new URL(url).pathname }];
    });

  expect(asked.length).toBeGreaterThan(5);
  expect(
    asked.filter(({ method, path }) => !known.some((one) => one.method === method && one.path.test(path))),
  ).toEqual([]);
});
