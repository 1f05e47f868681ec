/** The OpenAPI document: valid, complete, and true to what is served. */
import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allows, type Role } from '../../../src/server/access/roles.ts';
import { openSite, type Site } from '../console/site.ts';
import { objectAt } from './answer.ts';
import { type Client, clientOf } from './client.ts';
import { type Operation, operationsIn } from './operations-in.ts';

let site: Site;
let client: Client;
let document: Readonly<Record<string, unknown>>;
let all: readonly Operation[];

beforeAll(async () => {
  site = await openSite();
  client = clientOf(site);
  document = objectAt((await client.ask('GET', '/api/openapi.json', { as: 'nobody' })).body);
  all = operationsIn(document);
});
afterAll(async () => await site[Symbol.asyncDispose]());

test('it is OpenAPI 3.1, and readable without a token', async () => {
  const validator = new Validator();

  const verdict = await validator.validate(document);

  expect(verdict.errors).toBeUndefined();
  expect([verdict.valid, validator.version]).toEqual([true, '3.1']);
});

test('every operation says what it is for, who may call it, what can go wrong, and shows an example', () => {
  expect(all.length).toBeGreaterThan(30);
  for (const { method, name, told, text } of all) {
    expect(told.summary, name).toMatch(/^[A-Z].{5,}/);
    expect(['viewer', 'operator', 'approver'], name).toContain(told['x-role']);
    expect(told.description, name).toContain(`Needs the role \`${told['x-role']}\`.`);
    expect(told.operationId, name).toMatch(/^[a-z][A-Za-z]+$/);
    expect(Object.keys(told.responses), name).toEqual(expect.arrayContaining(['401', '429', '500', '503']));
    if (method === 'post') {
      expect(Object.keys(told.responses), name).toEqual(expect.arrayContaining(['403', '409', '422']));
      expect(text, name).toContain('"idempotency-key"');
      if (text.includes('"requestBody"'))
        expect(JSON.stringify(told.requestBody), name).toMatch(/"examples?":/);
    }
  }
  const ids = all.map(({ told }) => told.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the headers of an answer are told: where, when again, and whether it was heard before', () => {
  const headersOf = (operation: Operation, status: string): readonly string[] =>
    Object.keys(Object(Object(operation.told.responses[status]).headers)).sort();

  for (const one of all) {
    expect(headersOf(one, '401'), one.name).toEqual(['WWW-Authenticate']);
    for (const status of ['429', '503']) expect(headersOf(one, status), one.name).toEqual(['Retry-After']);
    if (one.method === 'post') expect(headersOf(one, '409'), one.name).toEqual(['Retry-After']);
    const done = Object.keys(one.told.responses).find((status) => status.startsWith('2')) ?? '';
    expect(headersOf(one, done), one.name).toEqual(
      one.method === 'post'
        ? ['Idempotency-Replayed', ...(['201', '202'].includes(done) ? ['Location'] : [])]
        : [],
    );
  }
});

test('every schema is used, and none that is sent is told as answered', () => {
  const names = Object.keys(Object(Object(document.components).schemas));

  const text = JSON.stringify(document);
  expect(names.filter((name) => !text.includes(`"#/components/schemas/${name}"`))).toEqual([]);
  expect(names.filter((name) => name.endsWith('Input'))).toEqual([]);
});

describe('whoever may not', () => {
  test('without a token, or with a wrong one, nothing is answered but how to sign in', async () => {
    for (const { method, path, name } of all) {
      const { status, type, headers, body } = await client.ask(method, path, { as: 'nobody' });

      expect([status, type], name).toEqual([401, 'application/problem+json']);
      expect(headers.get('www-authenticate'), name).toBe('Bearer realm="rollcall"');
      expect(body, name).toMatchObject({ type: 'urn:rollcall:problem:no-token' });
    }
  });

  test('each role is let in where the document says so, and nowhere else', async () => {
    for (const role of ['viewer', 'operator', 'approver'] as const satisfies readonly Role[]) {
      for (const { method, path, name, told, isStream } of all) {
        if (allows(role, told['x-role'])) {
          // What is let in here is refused further on: nothing is in its body, and no such run is there.
          if (isStream) continue;
          const { status } = await client.ask(method, path, { as: role });
          expect([401, 403, 500], `${role} ${name}`).not.toContain(status);
          continue;
        }
        const { status, body } = await client.ask(method, path, { as: role });
        expect(status, `${role} ${name}`).toBe(403);
        expect(body, `${role} ${name}`).toMatchObject({
          type: 'urn:rollcall:problem:not-allowed',
          detail: expect.stringContaining(`needs the role ${told['x-role']}`),
        });
      }
    }
  });
});

test('every answer tells the version, which is that of the package', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));

  for (const asked of [{}, { as: 'nobody' }] as const)
    expect((await client.get('/status', asked)).headers.get('rollcall-version')).toBe(version);
});
