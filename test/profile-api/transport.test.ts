import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProfileApiError } from '../../src/profile-api/answer.ts';
import type { ProfileApi } from '../../src/profile-api/profile-api.ts';
import { apiKey, client, serve, wireProfile } from './test-server.ts';

const failureOf = async (request: Promise<unknown>): Promise<ProfileApiError> => {
  const error = await request.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof ProfileApiError) return error;
  throw new Error(`expected a ProfileApiError, got ${inspect(error)}`);
};

/** Everything that a logger could print of an error, hidden properties and causes with it. */
const everythingIn = (error: unknown) => inspect(error, { depth: 12, showHidden: true });

const read = (api: ProfileApi) => failureOf(api.whoAmI());
const write = (api: ProfileApi) => failureOf(api.create({ email: 'a@example.com' }));

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A server that takes connections and never says a word, as a firewall or a wrong port. */
async function silentServer(): Promise<string> {
  const server = createServer((socket) => onTestFinished(() => void socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function certificate(name: string): { key: string; cert: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'profile-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ].concat(['-keyout', key, '-out', cert, '-subj', '/CN=test', '-addext', `subjectAltName=${name}`]),
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), file: cert };
}

describe('a request that certainly did not go out', () => {
  it('may be repeated, a write too: nobody listens there', async () => {
    const api = client(`http://127.0.0.1:${await unusedPort()}`);

    for (const error of [await read(api), await write(api)]) {
      expect(error.answer).toMatchObject({ kind: 'retry-later', reason: 'unreachable' });
      expect(error.message).toContain('Nothing listens there. Check host and port');
    }
  });

  it('may be repeated, a write too: the name does not exist', async () => {
    const error = await write(client('http://no-such-host.invalid'));

    expect(error.answer).toMatchObject({ kind: 'retry-later', reason: 'unreachable' });
  });

  it('may be repeated, a write too: TLS never came about', async () => {
    const error = await write(client(`https://${await silentServer()}`, { timeout: 300 }));

    expect(error.answer).toMatchObject({ kind: 'retry-later', reason: 'unreachable' });
  });

  it('may be repeated, a write too: the port speaks no TLS', async () => {
    const server = await serve(() => ({}));

    const error = await write(client(server.url.replace('http:', 'https:')));

    expect(error.answer).toMatchObject({ kind: 'retry-later', reason: 'certificate' });
    expect(error.message).toContain('https only where the server speaks it');
  });
});

describe('a request that went out and got no whole answer', () => {
  it('leaves the outcome of a write unknown: no answer in time', async () => {
    const server = await serve(() => () => undefined);
    const api = client(server.url, { timeout: 300 });

    expect((await write(api)).answer).toMatchObject({ kind: 'unknown-outcome', reason: 'timeout' });
    expect((await read(api)).answer).toMatchObject({ kind: 'retry-later', reason: 'timeout' });
    expect(server.received).toHaveLength(2);
  });

  it('leaves the outcome of a write unknown: the connection was dropped', async () => {
    const server = await serve(() => (response) => response.destroy());
    const api = client(server.url);

    expect((await write(api)).answer).toMatchObject({ kind: 'unknown-outcome', reason: 'connection' });
    expect((await read(api)).answer).toMatchObject({ kind: 'retry-later', reason: 'connection' });
    expect(server.received).toHaveLength(2);
  });

  it('leaves the outcome of a write unknown: the answer broke off', async () => {
    const server = await serve(() => (response) => {
      response.writeHead(201, { 'content-length': '100' }).write('{"status":');
      setTimeout(() => response.destroy(), 50);
    });
    const api = client(server.url);

    expect((await write(api)).answer).toMatchObject({ kind: 'unknown-outcome', reason: 'connection' });
    expect((await read(api)).answer).toMatchObject({ kind: 'retry-later', reason: 'connection' });
  });

  it('is bounded as a whole, even where bytes keep coming', async () => {
    const server = await serve(() => (response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });

    const error = await read(client(server.url, { timeout: 400 }));

    expect(error.answer).toMatchObject({ kind: 'retry-later', reason: 'timeout' });
    expect(error.message).toContain('within 400 ms (profileApi.timeout)');
  });

  it('is never repeated by itself', async () => {
    const server = await serve(() => ({ status: 503 }));

    await read(client(server.url));

    expect(server.received).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('that redirects is not followed, and takes the key nowhere', async () => {
    const elsewhere = await serve(() => ({ body: wireProfile(1) }));
    const server = await serve(() => ({ status: 302, headers: { location: `${elsewhere.url}/login` } }));

    const error = await read(client(server.url));

    expect(error.answer.kind).toBe('not-understood');
    expect(error.message).toContain(`${elsewhere.url}/login`);
    expect(elsewhere.received).toHaveLength(0);
  });

  it('larger than the limit is refused, compressed or not', async () => {
    const bomb = gzipSync(Buffer.alloc(70 * 1024 * 1024, ' '));
    const server = await serve(() => (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });

    const error = await read(client(server.url));

    expect(error.answer.kind).toBe('not-understood');
    expect(error.message).toContain('larger than 64 MiB');
  });

  it('may be compressed as it likes', async () => {
    const body = Buffer.from(JSON.stringify(wireProfile(1)));
    const forms = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
    for (const [encoding, compress] of Object.entries(forms)) {
      const server = await serve(() => (response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(compress(body));
      });

      expect(await client(server.url).whoAmI()).toMatchObject({ profileId: 'p1' });
      expect(server.received[0]?.headers['accept-encoding']).toContain(encoding);
    }
  });

  it('whose compression is damaged or broken off is no answer', async () => {
    const whole = gzipSync(JSON.stringify(wireProfile(1)));
    for (const damaged of [Buffer.from('no gzip at all'), whole.subarray(0, whole.length - 9)]) {
      const server = await serve(() => (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(damaged);
      });

      expect((await read(client(server.url))).answer).toMatchObject({ kind: 'retry-later' });
    }
  });

  it('in another encoding than UTF-8 is refused, so that no damaged name is ever written back', async () => {
    const server = await serve(() => (response) => {
      response.end(Buffer.from(JSON.stringify(wireProfile(1, { name: 'Jörg' })), 'latin1'));
    });

    expect((await read(client(server.url))).answer.kind).toBe('not-understood');
  });
});

describe('the key', () => {
  it('is in no error, whatever goes wrong', async () => {
    const server = await serve(({ method, headers }) => {
      if (method === 'POST') return (response) => response.destroy();
      return { status: 401, body: { error: `Invalid key ${headers.authorization}` } };
    });
    const errors = [
      await read(client(server.url)),
      await write(client(server.url, { authScheme: 'ApiKey' })),
      await write(client(`http://127.0.0.1:${await unusedPort()}`)),
      await write(client(`https://${await silentServer()}`, { timeout: 200 })),
    ];

    for (const error of errors) {
      expect(everythingIn(error)).not.toContain(apiKey);
      expect(JSON.stringify(error)).not.toContain(apiKey);
    }
    expect(errors[0]?.answer.sentence).toBe('Invalid key [secret]');
  });

  it('that cannot stand in a header is refused at once, without repeating it', () => {
    for (const bad of ['', 'line\nbreak', 'schlüssel']) {
      expect(() => client('http://127.0.0.1', { apiKey: bad })).toThrow(/profileApi\.apiKey/);
      expect(() => client('http://127.0.0.1', { apiKey: bad })).not.toThrow(/break|schl/);
    }
  });

  it('may have been read from a file with a line break at its end', async () => {
    const server = await serve(() => ({ body: wireProfile(1) }));

    await client(server.url, { apiKey: `${apiKey}\n` }).whoAmI();

    expect(server.received[0]?.headers.authorization).toBe(apiKey);
  });
});

describe('TLS', () => {
  it('of an unknown CA is refused with the mend, and taken with that CA', async () => {
    const own = certificate('IP:127.0.0.1');
    const server = await serve(() => ({ body: wireProfile(1) }), own);

    const error = await write(client(server.url));

    expect(error.answer).toMatchObject({ kind: 'retry-later', reason: 'certificate' });
    expect(error.message).toContain('profileApi.ca');
    expect(server.received).toHaveLength(0);
    expect(await client(server.url, { ca: own.file }).whoAmI()).toMatchObject({ profileId: 'p1' });
  });

  it('for another name is refused, also with the right CA', async () => {
    const other = certificate('DNS:other.example.com');
    const server = await serve(() => ({ body: wireProfile(1) }), other);

    const error = await read(client(server.url, { ca: other.file }));

    expect(error.answer).toMatchObject({ kind: 'retry-later', reason: 'certificate' });
    expect(error.message).toContain('for another name');
  });

  it('is not verified where that is switched off by name', async () => {
    const server = await serve(() => ({ body: wireProfile(1) }), certificate('DNS:other.example.com'));

    const api = client(server.url, { insecureSkipTlsVerify: true });

    expect(await api.whoAmI()).toMatchObject({ profileId: 'p1' });
  });

  it('with a CA file that holds no certificate is refused at once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'profile-api-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'ca.pem');
    writeFileSync(file, 'not a certificate');

    expect(() => client('https://127.0.0.1', { ca: file })).toThrow(/profileApi\.ca names .*ca\.pem/);
    expect(() => client('https://127.0.0.1', { ca: join(folder, 'none.pem') })).toThrow(/none\.pem/);
  });
});

describe('an abort', () => {
  it('ends a read with its reason, and leaves the outcome of a write that went out unknown', async () => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    const server = await serve(() => () => {
      if (server.received.length === 2) stop.abort(reason);
    });
    const api = client(server.url, {}, { signal: stop.signal });

    const reading = api.whoAmI().catch((caught: unknown) => caught);
    const writing = failureOf(api.create({ email: 'a@example.com' }));

    expect(await reading).toBe(reason);
    expect((await writing).answer.kind).toBe('unknown-outcome');
    await expect(api.create({ email: 'b@example.com' })).rejects.toBe(reason);
    expect(server.received).toHaveLength(2);
  });
});
