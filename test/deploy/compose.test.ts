/** The Compose file and what it says of the program. That Docker takes it is for Docker to say; there is none where tests run. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { graceMs } from '../../src/engine/service.ts';
import { serviceRoles } from '../../src/store/service/services.ts';
import { loadMounted, secretFilesOf } from './mounted-config.ts';

const repository = resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(repository, name), 'utf8');
const config = read('deploy/compose/rollcall.yaml');
const image = read('Dockerfile');

const service = z.object({
  image: z.string(),
  command: z.array(z.string()).default([]),
  user: z.string().optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  privileged: z.literal(false).optional(),
  volumes: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  stop_grace_period: z.string().default('10s'),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
});

const { services, secrets, networks } = z
  .object({
    services: z.record(z.string(), service),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
    networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
  })
  .parse(parseYaml(read('deploy/compose/compose.yaml'), { merge: true }));

const ours = Object.entries(services).filter(([, { command }]) => command[0] === 'start');
const servers = Object.entries(services).filter(([, { command }]) => command[0] !== 'start');

test('each role of the program is a service, named after it', () => {
  expect(ours.map(([name, { command }]) => [name, ...command])).toEqual(
    serviceRoles.map((role) => [role, 'start', '--role', role]),
  );
});

test.each(
  Object.entries(services),
)('%s can write nowhere but where it must, and gains no right', (_, one) => {
  expect(one).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
});

test('nobody is root', () => {
  expect(image).toMatch(/^USER 1000:1000$/m);
  for (const [name, { user }] of servers) expect(user, name).toMatch(/^(postgres|redis)$/);
});

test('the configuration is valid, and its secrets are mounted', async () => {
  expect((await loadMounted(config)).warnings).toEqual([]);
  for (const [name, one] of ours) {
    expect(one.secrets.map((secret) => `/run/secrets/${secret}`).toSorted(), name).toEqual(
      secretFilesOf(config).toSorted(),
    );
    expect(one.volumes).toContain('./rollcall.yaml:/app/config/rollcall.yaml:ro');
  }
});

test('every secret comes from a file that git does not see', () => {
  const ignored = read('.gitignore').split('\n');

  expect(Object.values(secrets).map(({ file }) => file)).toEqual(
    Object.keys(secrets).map((name) => `secrets/${name}`),
  );
  expect(ignored).toContain('deploy/compose/secrets/');
});

test('PostgreSQL and Redis are found by the names in the configuration, and waited for until they are healthy', async () => {
  const { database, redis } = (await loadMounted(config)).config;
  const hosts = [database, redis].map(
    (place) => new URL(z.object({ url: z.string() }).parse(place).url).hostname,
  );

  expect(hosts).toEqual(servers.map(([name]) => name));
  for (const [name, { healthcheck }] of servers) expect(healthcheck, name).toBeDefined();
  for (const [name, { depends_on }] of ours)
    expect(depends_on, name).toEqual(
      Object.fromEntries(hosts.map((host) => [host, { condition: 'service_healthy' }])),
    );
});

test('PostgreSQL and Redis are reached by Rollcall alone, which alone has a way out', () => {
  expect(networks).toEqual({ inside: { internal: true }, outside: {} });
  for (const [name, one] of servers) expect([one.networks, one.ports], name).toEqual([['inside'], []]);
  for (const [name, one] of ours) expect(one.networks, name).toEqual(['inside', 'outside']);
});

test('the console is on the port that the image listens on, for this machine alone', () => {
  const port = /^EXPOSE (\d+)$/m.exec(image)?.[1];

  expect(services.console?.ports).toEqual([`127.0.0.1:8080:${port}`]);
  expect(image).toContain(`ROLLCALL__SERVER__PORT=${port}`);
});

test('what has to outlive a container lies in a volume', async () => {
  const { backup, retention } = (await loadMounted(config)).config;
  const kept = [backup === 'off' ? undefined : backup.folder, retention.archive];

  for (const path of kept) expect(path).toMatch(/^\/app\/data\//);
  for (const [name, { volumes }] of ours) expect(volumes, name).toContain('rollcall:/app/data');
});

test('requests in flight have time to end', () => {
  for (const [name, one] of ours)
    expect(Number(one.stop_grace_period.replace('s', '')) * 1_000, name).toBeGreaterThan(graceMs);
});

test('Redis evicts nothing', () => {
  expect(services.redis?.command.join(' ')).toContain('--maxmemory-policy noeviction');
});

test('the image has the version that the program has', () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));

  for (const [name, one] of ours) expect(one.image, name).toBe(`rollcall:\${ROLLCALL_VERSION:-${version}}`);
  expect(image).toContain(`ARG VERSION=${version}\n`);
});
