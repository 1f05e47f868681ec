/** Promise 11: no secret in a log, queue, table, error or audit entry, whatever happens; TLS switched off is said at every start. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, request as requestTo } from 'node:http';
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, test } from 'vitest';
import { decodePassword } from '../../src/profile-api/password.ts';
import { type CliResult, inThisProcess, type Stage, setStage } from '../e2e/stage.ts';
import { clientOf } from '../server/console/client.ts';
import { ldifRecord } from '../servers/directory-people.ts';
import { createDatabase } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { startSlapd } from '../servers/slapd.ts';

const apiKey = 'canary-api-key-7f3a';
const wrongKey = 'canary-wrong-key-41bd';
const ldapPassword = 'canary-ldap-password-92ce';
const wrongLdapPassword = 'canary-wrong-ldap-d00f';
const databasePassword = 'canary-database-5e8b';
const redisPassword = 'canary-redis-c4d1';
const webhookPath = 'canary-webhook-1e77';
const mailPassword = 'canary-mail-password-63aa';
const serverToken = 'canary-server-token-of-24-8d21';
const wrongServerToken = 'canary-wrong-token-of-24-55b0';
const oidcSecret = 'canary-oidc-secret-0f9c';
const server = `{ port: 0, publicUrl: "http://127.0.0.1:1", tokens: [{ name: ada, role: approver, token: "${serverToken}" }], oidc: { issuer: "http://127.0.0.1:1", clientId: rollcall, clientSecret: "${oidcSecret}", roles: { viewer: [staff] } } }`;
const channels = `{ ops: { type: slack, webhookUrl: "http://127.0.0.1:1/services/${webhookPath}" }, office: { type: mail, host: 127.0.0.1, port: 1, user: me, password: "${mailPassword}", from: a@example.org, to: [b@example.org] } }`;
const canaries = [
  webhookPath,
  mailPassword,
  serverToken,
  wrongServerToken,
  oidcSecret,
  apiKey,
  wrongKey,
  ldapPassword,
  wrongLdapPassword,
  databasePassword,
  redisPassword,
];

/** As they are, and as they travel: in a URL, in base64. */
const forms = canaries.flatMap((text) => [
  text,
  encodeURIComponent(text),
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
]);

function expectNoSecret(place: string, text: string, secrets: readonly string[] = forms): void {
  expect(secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`)).toEqual(
    [],
  );
}

const readerDn = 'cn=canary,ou=system,dc=example,dc=com';

test('a whole life, with failures of every kind, writes no secret anywhere', async () => {
  const redis = await startRedis({ password: redisPassword });
  const slapd = await startSlapd({
    people: 6,
    acl: `access to attrs=userPassword by anonymous auth by * none\naccess to * by dn.exact="${readerDn}" read by * none`,
    extraLdif: ldifRecord(readerDn, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: 'canary',
      userPassword: ldapPassword,
    }),
  });
  const databaseUrl = await databaseOf('rollcall_canary', databasePassword);
  const pool = new pg.Pool({ connectionString: databaseUrl });
  try {
    await using stage = await setStage({
      sandbox: { apiKey },
      sources: `
  - { id: corp, type: ldap, url: "${slapd.url}", bindDn: "${readerDn}", password: "${ldapPassword}", tls: { allowPlaintext: true }, baseDn: "${slapd.peopleDn}" }`,
      more: `log: { level: trace }\nlifecycle: { grace: 0s }\nretry: { attempts: 2, backoff: 10ms, maxBackoff: 20ms }\nredis: { url: "${redis.url}" }\nnotify: { groupFor: 0s, channels: ${channels} }`,
    });
    const wire = await listenIn(stage.sandbox.url);
    const right = (await readFile(stage.configFile, 'utf8'))
      .replace('database: { path: store }', `database: { url: "${databaseUrl}" }`)
      .replace('server: { port: 0 }', `server: ${server}`)
      .replace(stage.sandbox.url, wire.url)
      .replace('timeout: 5s }', 'timeout: 5s, insecureSkipTlsVerify: true }');
    await writeFile(stage.configFile, right);

    const outputs = await live(stage, right);
    const service = stage.startService('all');
    await service.untilEvent('service.started');
    stage.sandbox.fault({ operation: 'edit', effect: { kind: 'status', status: 500 }, times: 1 });
    await slapd.remove(slapd.people[5]?.dn ?? '');
    outputs.push(await stage.rollcallProcess('resync', '--wait', '--json'));
    const seen = await visit(addressIn(service.log));
    for (const [token, code] of [
      [serverToken, 0],
      [wrongServerToken, 2],
    ] as const)
      for (const command of ['status', 'runs', 'operations', 'audit list']) {
        const env = { ROLLCALL_URL: addressIn(service.log), ROLLCALL_TOKEN: token };
        const asked = await inThisProcess(['--log-level', 'trace', ...command.split(' ')], stage.folder, env);
        expect(asked.code, asked.stderr).toBe(code);
        outputs.push(asked);
      }
    await service.kill('SIGTERM');
    wire.close();

    for (const page of seen.pages) expectNoSecret('a page', page);

    for (const { stdout, stderr } of outputs) expectNoSecret('an output', stdout + stderr);
    const printed = outputs.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    const log = service.log.join('\n');
    expect(log).toContain('service.stopped');
    expect(log).toContain('allowPlaintext');
    expect(log).toContain('insecureSkipTlsVerify');
    expectNoSecret('the log', log);
    const tables = await everyTable(pool);
    expect(tables).toContain('u0@example.com');
    expectNoSecret('a table', tables);
    const made = [...wire.passwords];
    expect(made.length).toBeGreaterThanOrEqual(12);
    const passwords = [...made, ...seen.sessions];
    for (const [place, text] of [
      ['an output', printed],
      ['the log', log],
      ['a table', tables],
    ] as const)
      expectNoSecret(place, text, passwords);

    const queue = await everyKey(redis.url);
    expectNoSecret('the queue', queue, [...forms, ...passwords]);
    expect(queue).not.toMatch(/@example\.com|Adams|Müller|entryUUID|0a1b2c3d-0000-4000/);
  } finally {
    await pool.end();
    await slapd.stop();
    await redis.stop();
  }
}, 240_000);

/** Where the service listens, by its own word. */
function addressIn(log: readonly string[]): string {
  const line = log.find((one) => one.includes('"event":"server.listening"'));
  return String(JSON.parse(line ?? '{}').url);
}

/** Somebody at the console and a program at the API, with tokens that are right and wrong, and a provider that is down. */
async function visit(url: string): Promise<{
  readonly pages: readonly string[];
  readonly sessions: readonly string[];
}> {
  const pages: string[] = [];
  const looked = async (response: Response, status: number): Promise<void> => {
    expect(response.status, response.url).toBe(status);
    pages.push(await response.text());
  };
  const ada = clientOf(url);
  await looked(await ada.signIn(wrongServerToken), 401);
  await looked(await ada.get('/sign-in/oidc'), 502);
  await looked(await ada.signIn(serverToken), 303);
  for (const path of ['/', '/runs', '/people', '/failures', '/sources', '/audit', '/configuration'])
    await looked(await ada.get(path), 200);
  for (const [token, status] of [
    [wrongServerToken, 401],
    [serverToken, 200],
  ] as const)
    for (const path of ['status', 'configuration', 'audit', 'operations'])
      await looked(
        await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } }),
        status,
      );
  const [session = ''] = decodeURIComponent(ada.cookies.get('rollcall_session') ?? '').split('.');
  expect(session.length).toBeGreaterThan(20);
  return { pages, sessions: [session] };
}

/** Commands that succeed, and commands that fail in each way that shows an address or a password to some code. */
async function live(stage: Stage, right: string): Promise<CliResult[]> {
  const outputs: CliResult[] = [];
  const rollcall = async (...command: readonly string[]): Promise<CliResult> => {
    const result = await stage.rollcallProcess('--log-level', 'trace', ...command);
    outputs.push(result);
    return result;
  };
  const mistaken = async (from: string, to: string): Promise<void> => {
    await writeFile(stage.configFile, right.replace(from, to));
    expect((await rollcall('plan')).code).not.toBe(0);
    await rollcall('check');
    await writeFile(stage.configFile, right);
  };

  expect((await rollcall('check')).stderr).toContain('allowPlaintext');
  expect((await rollcall('notify', 'test')).code).toBe(1);
  await rollcall('config', 'explain', '--json');
  await mistaken(apiKey, wrongKey);
  await mistaken(ldapPassword, wrongLdapPassword);
  await mistaken(databasePassword, `${databasePassword}x`);
  await mistaken(redisPassword, `${redisPassword}x`);
  await mistaken(databasePassword, `${databasePassword} %zz`);
  expect((await rollcall('plan')).code).toBe(0);

  stage.sandbox.fault({ operation: 'create', effect: { kind: 'drop', when: 'after' }, times: 1 });
  stage.sandbox.fault({ operation: 'create', effect: { kind: 'status', status: 500 }, times: 1 });
  stage.sandbox.fault({
    operation: 'create',
    match: 'u1@example.com',
    effect: { kind: 'status', status: 400, body: { error: `Not with the key ${apiKey}` } },
  });
  expect((await rollcall('resync', '--wait')).code).toBe(4);
  stage.sandbox.clearFaults();
  for (const command of [
    ['retry', '--all'],
    ['runs'],
    ['operations', '--json'],
    ['status', '--json'],
    ['audit', 'list', '--json'],
    ['audit', 'export'],
    ['audit', 'export', '--format', 'csv'],
    ['config', 'validate', '--json'],
  ])
    await rollcall(...command);
  return outputs;
}

/** A database of a user of its own, whose password nobody else has. */
async function databaseOf(user: string, password: string): Promise<string> {
  const url = new URL(await createDatabase());
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const name = `${user}_${url.pathname.slice(-6)}`;
  await client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
  await client.query(`ALTER DATABASE ${url.pathname.slice(1)} OWNER TO ${name}`);
  await client.end();
  url.username = name;
  url.password = password;
  return url.href;
}

async function everyTable(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(rows.length).toBeGreaterThan(5);
  const contents = await Promise.all(
    rows.map(async ({ name }) => {
      const table = await pool.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      return table.rows.map(({ text }) => text).join('\n');
    }),
  );
  return contents.join('\n');
}

async function everyKey(url: string): Promise<string> {
  const client = new Redis(url);
  try {
    const keys = await client.keys('*');
    expect(keys.length).toBeGreaterThan(0);
    const values = await Promise.all(
      keys.map(async (key) => {
        switch (await client.type(key)) {
          case 'string':
            return (await client.get(key)) ?? '';
          case 'hash':
            return await client.hgetall(key);
          case 'list':
            return await client.lrange(key, 0, -1);
          case 'set':
            return await client.smembers(key);
          case 'zset':
            return await client.zrange(key, '0', '-1');
          default:
            return await client.xrange(key, '-', '+');
        }
      }),
    );
    return JSON.stringify([keys, values]);
  } finally {
    client.disconnect();
  }
}

/** Stands between Rollcall and the org, and notes the passwords that pass, as they travel and as they are. */
async function listenIn(target: string): Promise<{ url: string; passwords: Set<string>; close(): void }> {
  const passwords = new Set<string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    for (const [, sealed = ''] of body.toString().matchAll(/"(?:confirm_)?password"\s*:\s*"([^"]+)"/g))
      passwords.add(sealed).add(decodePassword(sealed));
    const forward = requestTo(
      new URL(request.url ?? '/', target),
      { method: request.method ?? 'GET', headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forward.on('error', () => response.destroy());
    forward.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, passwords, close: () => server.close() };
}
