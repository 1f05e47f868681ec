/** What goes wrong is told as a problem, whatever it is, and never what is inside Rollcall. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite, type Site } from '../console/site.ts';
import { at, listAt, textAt } from './answer.ts';
import { type Client, clientOf } from './client.ts';

let site: Site;
let client: Client;

beforeAll(async () => {
  site = await openSite();
  client = clientOf(site);
});
afterAll(async () => await site[Symbol.asyncDispose]());

const problem = (kind: string) => ({
  type: `urn:rollcall:problem:${kind}`,
  detail: expect.stringMatching(/\.$|"$/),
});

test('a path that is none, of whatever method', async () => {
  for (const [method, path] of [
    ['GET', '/api/v1/nothing'],
    ['GET', '/api/nothing'],
    ['DELETE', '/api/v1/runs'],
    ['PATCH', '/api/v1/runs/abc'],
  ] as const) {
    const { status, type, body } = await client.ask(method, path);

    expect([status, type]).toEqual([404, 'application/problem+json']);
    expect(body).toMatchObject({ ...problem('not-found'), status: 404, instance: path });
  }
});

test('an address that can not be decoded', async () => {
  const { status, type, body } = await client.ask('GET', '/api/v1/runs/%zz');

  expect([status, type]).toEqual([400, 'application/problem+json']);
  expect(body).toMatchObject(problem('not-understood'));
});

describe('what is no request', () => {
  /** Sends bytes as they are, and hears what comes back. */
  async function say(bytes: string): Promise<string> {
    const { hostname, port } = new URL(site.url);
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    return await text(socket);
  }

  test.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'not-understood'],
    ['a header without a name', 'GET /api/v1/me HTTP/1.1\r\n: x\r\n\r\n', 400, 'not-understood'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
    [
      'an address without end',
      `GET /api/v1/runs?who=${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
      431,
      'headers-too-large',
    ],
  ])('%s is answered by a problem', async (_what, bytes, status, kind) => {
    const [head = '', body = ''] = (await say(bytes)).split('\r\n\r\n');

    expect(head.split('\r\n')).toEqual([
      expect.stringMatching(new RegExp(`^HTTP/1.1 ${status} [A-Z]`)),
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ]);
    expect(JSON.parse(body)).toMatchObject({ ...problem(kind), status });
  });
});

const pointersIn = (body: unknown) =>
  listAt(body, 'faults')
    .map((fault) => textAt(fault, 'pointer'))
    .sort();

test('every place of a request that is wrong is named', async () => {
  const { status, body } = await client.post('/runs', {
    mode: 'try',
    raise: { guards: { maxEdits: 0 } },
    user: 'ann',
  });

  expect(status).toBe(400);
  expect(pointersIn(body)).toEqual([
    '/body',
    '/body/mode',
    '/body/raise/guards/maxEdits',
    '/body/raise/reason',
  ]);
  const query = await client.get('/runs?limit=0&state=gone&sort=up');
  expect(pointersIn(query.body)).toEqual(['/query', '/query/limit', '/query/state/0']);
});

test('what is wrong between two keys', async () => {
  const raise = { guards: { maxEdits: 5 }, reason: 'because' };

  expect(at((await client.post('/runs', { raise })).body, 'faults')).toEqual([
    { pointer: '/body/source', detail: 'Name the source whose guard gives way.' },
  ]);
  expect(at((await client.post('/runs', { reading: 'delta', onlyWho: 'ann' })).body, 'faults')).toMatchObject(
    [{ pointer: '/body/reading' }],
  );
});

test('a body that is no JSON, is of another kind, is not there, or is too large', async () => {
  expect((await client.post('/runs', '{"source":')).body).toMatchObject({
    ...problem('not-understood'),
    status: 400,
  });
  const text = { headers: { 'content-type': 'text/plain' } };
  expect((await client.post('/runs', 'source=people', text)).body).toMatchObject({
    ...problem('not-json'),
    status: 415,
  });
  expect((await client.post('/runs')).body).toMatchObject({ ...problem('not-understood'), status: 400 });
  const large = JSON.stringify({ source: 'x'.repeat(1_100_000) });
  expect((await client.post('/runs', large)).body).toMatchObject({ ...problem('too-large'), status: 413 });
});

test('a cursor that is not ours, or is of another list', async () => {
  for (const cursor of ['x', 'AAAAAAAAAAAAAAAAAAAAAAAA', Buffer.from('{"at":"now"}').toString('base64url')])
    expect((await client.get(`/runs?cursor=${cursor}`)).body).toMatchObject(problem('not-understood'));
  await client.post('/runs', { source: 'people', mode: 'plan' });
  await client.post('/runs', { source: 'people', mode: 'plan' });
  const next = textAt((await client.get('/runs?limit=1')).body, 'next');

  expect((await client.get(`/runs?cursor=${next}`)).status).toBe(200);
  expect((await client.get(`/operations?cursor=${next}`)).body).toMatchObject({
    ...problem('not-understood'),
    faults: [{ pointer: '/query/cursor' }],
  });
});

test('names of nobody and nothing, beside the one that was meant', async () => {
  expect((await client.get('/runs/nothing')).body).toMatchObject({ ...problem('not-found'), status: 404 });
  expect(textAt((await client.get('/sources/peopel')).body, 'detail')).toContain('Did you mean people?');
  expect((await client.get('/explain?who=nobody@example.com')).body).toMatchObject(problem('not-found'));
  expect((await client.post('/operations/retry', {})).body).toMatchObject({
    ...problem('not-understood'),
    status: 400,
  });
});

test('a source that does not answer', async () => {
  await site.publishText('this is no LDIF');

  const { status, body } = await client.post('/rulings/ignore', { who: 'ann', reason: 'because' });

  expect([status, at(body, 'type')]).toEqual([502, 'urn:rollcall:problem:no-answer']);
  await site.publish(site.people);
});

test('what nobody foresaw is told to the log, and to nobody else', async () => {
  await using broken = await openSite();
  const { db } = broken.engine.store;
  await db.schema.alterTable('run_findings').renameTo('run_findings_away').execute();
  const { body: asked } = await clientOf(broken).post('/runs', { source: 'people', mode: 'plan' });

  const { status, type, body } = await clientOf(broken).get(
    `/runs/${textAt(asked, 'runs', 0, 'id')}/findings`,
  );

  expect([status, type]).toEqual([500, 'application/problem+json']);
  expect(body).toMatchObject(problem('internal'));
  expect(JSON.stringify(body)).not.toMatch(/run_findings_away|relation|select|node_modules|[.]ts/);
});

test('wrong tokens are let try ten times a minute; a right one always', async () => {
  await using other = await openSite();
  const guesser = clientOf(other);
  const guess = async () => await guesser.get('/status', { as: 'stranger' });

  const first = await guess();
  expect([first.status, first.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer realm="rollcall", error="invalid_token"',
  ]);
  for (let tries = 0; tries < 9; tries += 1) await guess();
  const { status, headers, body } = await guess();

  expect([status, at(body, 'type')]).toEqual([429, 'urn:rollcall:problem:too-many-tries']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await guesser.get('/status', { as: 'viewer' })).status).toBe(200);
});

test('a token that is no bearer token counts for nothing, and no cookie does', async () => {
  for (const authorization of ['Basic YTpi', 'Bearer', 'approver-token-of-24-letters'])
    expect((await client.get('/me', { as: 'nobody', headers: { authorization } })).status).toBe(401);
  expect((await client.get('/me', { as: 'nobody', headers: { cookie: 'rollcall_session=x' } })).status).toBe(
    401,
  );
});
