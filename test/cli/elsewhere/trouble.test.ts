/** Whatever answers, or does not: a sentence that says what to do, the exit status, and never the token. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serviceAddress, serviceNamed } from '../../../src/cli/elsewhere/address.ts';
import { type CliResult, inThisProcess } from '../../e2e/stage.ts';
import { freePort } from '../../servers/free-port.ts';
import { startTlsFront } from '../../servers/tls-front.ts';

const token = 'canary-token-of-a-command-6d1f';

async function rollcall(
  url: string,
  typed: readonly string[],
  env: NodeJS.ProcessEnv = { ROLLCALL_TOKEN: token },
): Promise<CliResult> {
  const result = await inThisProcess(typed, tmpdir(), { NO_COLOR: '1', ROLLCALL_URL: url, ...env });
  // A token that a service repeats, too.
  expect(result.stdout + result.stderr).not.toContain(token);
  return result;
}

interface Fake extends AsyncDisposable {
  readonly url: string;
  readonly asked: IncomingMessage[];
}

async function answering(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<Fake> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response, asked.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const problem = (status: number, kind: string, detail: string, more: object = {}) => ({
  status,
  body: JSON.stringify({
    ...{ type: `urn:rollcall:problem:${kind}`, title: 'No', status, detail, instance: '/api/v1/status' },
    ...more,
  }),
  headers: { 'content-type': 'application/problem+json', 'rollcall-version': '0.1.0' },
});

describe('an answer that is none', () => {
  const cases: readonly {
    readonly name: string;
    readonly status: number;
    readonly body: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly code: number;
    readonly says: RegExp;
  }[] = [
    {
      ...{ name: 'a wrong token', ...problem(401, 'no-token', 'This is no token that is configured.') },
      ...{ code: 2, says: /does not take the token of ROLLCALL_TOKEN\. This is no token/ },
    },
    {
      ...{ name: 'a role too small', ...problem(403, 'not-allowed', 'This needs the role operator.') },
      ...{ code: 2, says: /^This needs the role operator\.\n$/ },
    },
    {
      name: 'nothing of that name',
      ...problem(404, 'not-found', 'There is no run x.', { hint: '`rollcall runs` lists the latest.' }),
      ...{ code: 2, says: /^There is no run x\. `rollcall runs` lists the latest\.\n$/ },
    },
    {
      ...{ name: 'a path that an older service has not', ...problem(404, 'not-found', 'There is nothing.') },
      headers: { 'rollcall-version': '0.0.9' },
      ...{ code: 2, says: /There is nothing\. .* is Rollcall 0\.0\.9, and this command line 0\.1\.0/ },
    },
    {
      ...{ name: 'not now', ...problem(409, 'not-now', 'It is not paused.') },
      ...{ code: 2, says: /^It is not paused\.\n$/ },
    },
    {
      ...{ name: 'no plan', ...problem(409, 'no-plan', 'Nothing to undo.') },
      ...{ code: 1, says: /^Nothing to undo\.\n$/ },
    },
    {
      ...{ name: 'too many wrong tokens', ...problem(429, 'too-many-tries', 'Try again in a minute.') },
      ...{ code: 1, says: /^Try again in a minute\.\n$/ },
    },
    {
      ...{ name: 'a fault of Rollcall', ...problem(500, 'internal', 'It could not be done just now.') },
      ...{ code: 1, says: /^It could not be done just now\.\n$/ },
    },
    {
      ...{ name: 'a page of somebody else', status: 200, body: '<html>Welcome</html>' },
      ...{ code: 1, says: /is no Rollcall \(status 200\).*--server or ROLLCALL_URL/ },
    },
    {
      ...{ name: 'a 404 of somebody else', status: 404, body: 'Not found' },
      ...{ code: 1, says: /is no Rollcall \(status 404\)/ },
    },
    {
      ...{ name: 'a proxy without a service', status: 502, body: '<h1>Bad gateway</h1>' },
      ...{ code: 1, says: /No Rollcall answers at .*: what is in front of it says 502/ },
    },
    {
      name: 'a service of another version',
      ...{ status: 200, body: '{"sources":"many"}', headers: { 'rollcall-version': '9.0.0' } },
      ...{
        code: 1,
        says: /is not understood \(.+\)\. .* is Rollcall 9\.0\.0, and this command line 0\.1\.0/,
      },
    },
    {
      name: 'control characters, and the token itself',
      ...problem(409, 'not-now', `\u001b[2JIt is ${token}.`),
      ...{ code: 2, says: /^\\x1b\[2JIt is \*\*\*\.\n$/ },
    },
  ];

  test.each(cases)('$name', async ({ status, body, headers = {}, code, says }) => {
    await using fake = await answering((_, response) => response.writeHead(status, headers).end(body));

    const result = await rollcall(fake.url, ['status']);

    expect(result.stderr).toMatch(says);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(fake.asked[0]?.headers.authorization).toBe(`Bearer ${token}`);
  });

  test('whatever bytes there are, there is a sentence and no crash', async () => {
    let body = Buffer.alloc(0);
    let status = 200;
    await using fake = await answering((_, response) => response.writeHead(status).end(body));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(200, 201, 301, 400, 401, 404, 409, 418, 500),
        fc.oneof(
          fc.uint8Array({ size: 'max', maxLength: 400 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        async (answered, bytes) => {
          [status, body] = [answered, Buffer.from(bytes)];

          const { code, stderr } = await rollcall(fake.url, ['status']);

          expect(code).toBe(1);
          expect(stderr).toMatch(/^[^\n]+\.\n$/);
          expect(stderr).not.toContain('did not foresee');
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

test('a redirect is not followed, and the other host gets neither a request nor the token', async () => {
  await using other = await answering((_, response) => response.end());
  await using fake = await answering((_, response) =>
    response.writeHead(307, { location: `${other.url}/api/v1/status` }).end(),
  );

  const { code, stderr } = await rollcall(fake.url, ['status']);

  expect([code, other.asked.length]).toEqual([1, 0]);
  expect(stderr).toMatch(
    /sends on to another address, at 127\.0\.0\.1:\d+\. .*the token was sent nowhere else/,
  );
});

describe('no answer', () => {
  test('nothing listens there', async () => {
    const { code, stderr } = await rollcall(`http://127.0.0.1:${await freePort()}`, ['status']);

    expect(code).toBe(1);
    expect(stderr).toMatch(/can't be reached: nothing listens there\. Is it running/);
  });

  test('there is no such host', async () => {
    const { code, stderr } = await rollcall('https://rollcall.invalid', ['status']);

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /https:\/\/rollcall\.invalid can't be reached: (there is no host|the name of its host)/,
    );
  });

  test('the connection is cut twice, then there is an answer: it was asked for with the same key', async () => {
    await using fake = await answering((request, response, count) => {
      if (count < 3) request.socket.destroy();
      else response.end('{"source":"people","sentence":"It goes on."}');
    });

    const { code, stdout } = await rollcall(fake.url, ['resume', '--reason', 'It is right']);

    expect([code, stdout]).toEqual([0, 'It goes on.\n']);
    const keys = fake.asked.map(({ headers }) => headers['idempotency-key']);
    expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
  });

  test('503 is tried again when it says, and then told', async () => {
    const { status, body } = problem(503, 'store-away', 'The store can not be reached just now.');
    await using fake = await answering((_, response) =>
      response.writeHead(status, { 'retry-after': '0' }).end(body),
    );

    const { code, stderr } = await rollcall(fake.url, ['status']);

    expect([code, stderr, fake.asked.length]).toEqual([1, 'The store can not be reached just now.\n', 3]);
  });

  test('a certificate that proves nothing: the token is not sent', async () => {
    await using fake = await answering((_, response) => response.end());
    const front = await startTlsFront();
    front.leadTo(fake.url);
    try {
      const { code, stderr } = await rollcall(front.url, ['status']);

      expect(code).toBe(1);
      expect(stderr).toMatch(
        /can't prove who it is \([A-Z_]+\), so nothing was sent\. .*NODE_EXTRA_CA_CERTS/,
      );
      expect(fake.asked).toEqual([]);
    } finally {
      await front.stop();
    }
  });

  test('an export that breaks off in the middle is not taken for the whole', async () => {
    await using fake = await answering((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('{"seq":1}\n');
      setTimeout(() => response.destroy(), 50);
    });

    const { code, stdout, stderr } = await rollcall(fake.url, ['audit', 'export']);

    expect([code, stdout]).toEqual([1, '{"seq":1}\n']);
    expect(stderr).toContain('broke off in the middle');
  });
});

describe('the address and the token', () => {
  test.each([
    ['rollcall.example.com', /is none\. Give one such as https/],
    ['ftp://rollcall.example.com', /is none/],
    [`https://me:${token}@rollcall.example.com`, /a name or a password in it/],
    ['https://rollcall.example.com/?a=1', /leave \?a=1 out/],
    [
      'http://rollcall.example.com',
      /plain HTTP: the token would travel in the open.*ROLLCALL_ALLOW_PLAINTEXT/,
    ],
    ['http://127.0.0.1.example.com', /plain HTTP/],
  ])('%s is refused', async (url, says) => {
    const { code, stderr } = await rollcall(url, ['status']);

    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });

  test('plain HTTP is for this machine alone, unless somebody says by name that the network is theirs', async () => {
    for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '[::1]'])
      await expect(serviceAddress(`http://${host}:1`, { ROLLCALL_TOKEN: token }, '/')).resolves.toMatchObject(
        {
          token,
        },
      );
    const { url } = await serviceAddress(
      'http://rollcall:8080/below',
      { ROLLCALL_TOKEN: token, ROLLCALL_ALLOW_PLAINTEXT: 'true' },
      '/',
    );
    expect(url.href).toBe('http://rollcall:8080/below/');
  });

  test('the token may be in a file; none, or what can be none, is told without it', async () => {
    await using fake = await answering((_, response) => response.end('{"source":null,"sentence":"Done."}'));
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-token-'));
    const file = join(folder, 'token');
    try {
      await writeFile(file, `${token}\n`);
      const resume = ['resume', '--reason', 'It is right'];
      expect((await rollcall(fake.url, resume, { ROLLCALL_TOKEN_FILE: file })).code).toBe(0);
      expect(fake.asked[0]?.headers.authorization).toBe(`Bearer ${token}`);

      await writeFile(file, `${token} \u00fc`);
      for (const [env, says] of [
        [{}, /wants a token\. Put it into ROLLCALL_TOKEN/],
        [{ ROLLCALL_TOKEN_FILE: join(folder, 'nothing') }, /can't be read from ROLLCALL_TOKEN_FILE: ENOENT/],
        [{ ROLLCALL_TOKEN_FILE: file }, /is no token: it is empty, or has blanks/],
      ] as const) {
        const { code, stderr } = await rollcall(fake.url, resume, env);
        expect(code).toBe(2);
        expect(stderr).toMatch(says);
      }
      expect(fake.asked).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('what is typed goes before the environment', () => {
    const env = { ROLLCALL_URL: 'https://one.example.com' };

    expect(serviceNamed({}, env)).toBe('https://one.example.com');
    expect(serviceNamed({ server: 'https://two.example.com' }, env)).toBe('https://two.example.com');
    expect(serviceNamed({ config: 'here.yaml' }, env)).toBeUndefined();
    expect(serviceNamed({}, { ROLLCALL_URL: '' })).toBeUndefined();
    expect(() => serviceNamed({ server: 'https://two.example.com', config: 'here.yaml' }, env)).toThrow(
      /leave --config out, or --server/,
    );
  });
});

test.each([
  ...['start', 'demo', 'check', 'setup', 'backup', 'sandbox'].map((command) => [command]),
  ['restore', 'file.csv'],
  ['config', 'validate'],
  ['config', 'explain'],
  ['config', 'schema'],
  ['plan', '--with', 'new.yaml'],
  ['plan', '--from', 'people.ldif'],
  ['audit', 'verify', '--archive', 'one.jsonl'],
])('what is about files beside Rollcall says so: %s %s', async (...command) => {
  await using fake = await answering((_, response) =>
    response.end('{"items":[{"id":"people","pause":null}],"next":null}'),
  );

  const { code, stdout, stderr } = await rollcall(
    fake.url,
    command.filter((word) => word !== undefined),
  );

  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^[^\n]*(where Rollcall itself is|beside the store)[^\n]*without --server\.\n$/);
});
