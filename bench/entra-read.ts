/**
 * Reading 100,000 users from an emulated tenant, against plain `fetch` and `JSON.parse` of the same pages in the same run.
 *
 *     node bench/entra-read.ts [users] [users on a page]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import { z } from 'zod';
import { entraSource } from '../config/sections/entra-source.ts';
import { createEntraConnector } from '../connectors/entra/index.ts';

const [, , count = '100000', pageSize = '999'] = process.argv;
const rounds = 3;
const attributes = [
  ...['mail', 'displayName', 'givenName', 'surname', 'jobTitle', 'department', 'employeeId'],
  ...['officeLocation', 'mobilePhone', 'businessPhones', 'proxyAddresses', 'extensionAttribute1'],
];

const tenantSchema = z.object({
  ...{ url: z.string(), caFile: z.string(), tenantId: z.string(), clientId: z.string(), secret: z.string() },
});
type Tenant = z.output<typeof tenantSchema>;

interface Measured {
  readonly users: number;
  readonly seconds: number;
  /** Of the heap and what is outside of it, at most, above what there was at the start. */
  readonly peakMiB: number;
}

const main = resolve(import.meta.dirname, '../test/servers/entra/large-tenant-process.ts');
const child = spawn(process.execPath, [main, count, pageSize], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = await once(child.stdout, 'data');
  const tenant = tenantSchema.parse(JSON.parse(String(line)));
  setDefaultCACertificates([readFileSync(tenant.caFile, 'utf8')]);
  // The first round makes the emulator's answers, which it then repeats.
  await readByRollcall(tenant);
  await readPlainly(tenant);
  const ours: Measured[] = [];
  const plain: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await readPlainly(tenant));
    ours.push(await readByRollcall(tenant));
  }
  report('fetch + JSON.parse', plain);
  report('Rollcall', ours);
  const ratio = median(ours.map((one) => one.seconds)) / median(plain.map((one) => one.seconds));
  process.stdout.write(`ratio ${ratio.toFixed(2)} (at most 1.3)\n`);
  if (ratio > 1.3) process.exitCode = 1;
} finally {
  child.kill();
}

async function readByRollcall({ url, tenantId, clientId, secret }: Tenant): Promise<Measured> {
  const config = entraSource.parse({
    ...{ id: 'cloud', type: 'entra', tenantId, clientId },
    ...{ auth: { secret }, cloud: { login: url, graph: url } },
  });
  const connector = createEntraConnector(config);
  const memory = watchMemory();
  const began = performance.now();
  let users = 0;
  for await (const part of connector.read({ attributes, signal: new AbortController().signal })) {
    if (part.kind === 'batch') users += part.identities.length;
    else if (part.completeness.kind !== 'complete') throw new Error(part.completeness.reason);
    memory.look();
  }
  const seconds = (performance.now() - began) / 1_000;
  await connector.close();
  return { users, seconds, peakMiB: memory.peakMiB() };
}

/** The same pages in the same order, with nothing done about them. */
async function readPlainly(tenant: Tenant): Promise<Measured> {
  const authorization = `Bearer ${await tokenOf(tenant)}`;
  const select = [
    'accountEnabled',
    'businessPhones',
    'department',
    'displayName',
    'employeeId',
    'givenName',
    'id',
  ];
  const rest = ['jobTitle', 'mail', 'mobilePhone', 'officeLocation', 'onPremisesExtensionAttributes'];
  const more = ['proxyAddresses', 'surname', 'userPrincipalName', 'userType'];
  const memory = watchMemory();
  const began = performance.now();
  let users = 0;
  let next: string | undefined =
    `${tenant.url}/v1.0/users/delta?$select=${[...select, ...rest, ...more].join(',')}`;
  while (next !== undefined) {
    const answer: Response = await fetch(next, { headers: { authorization } });
    const page: { value: unknown[]; '@odata.nextLink'?: string } = JSON.parse(await answer.text());
    users += page.value.length;
    next = page['@odata.nextLink'];
    memory.look();
  }
  return { users, seconds: (performance.now() - began) / 1_000, peakMiB: memory.peakMiB() };
}

async function tokenOf({ url, tenantId, clientId, secret }: Tenant): Promise<string> {
  const answer = await fetch(`${url}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: secret,
      grant_type: 'client_credentials',
    }),
  });
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
}

function watchMemory() {
  globalThis.gc?.();
  const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external;
  const before = used();
  let peak = before;
  return {
    look(): void {
      peak = Math.max(peak, used());
    },
    peakMiB: () => (peak - before) / 1_048_576,
  };
}

function report(name: string, all: readonly Measured[]): void {
  const seconds = median(all.map((one) => one.seconds));
  const users = all[0]?.users ?? 0;
  const peak = Math.max(...all.map((one) => one.peakMiB)).toFixed(0);
  process.stdout.write(
    `${name}: ${users} users in ${seconds.toFixed(2)} s, ${Math.round(users / seconds)} a second, at most ${peak} MiB\n`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
