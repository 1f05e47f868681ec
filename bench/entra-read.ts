/** Reading everybody from an emulated tenant in pages of 999, against plain `fetch` and `JSON.parse` of the same pages. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import { z } from 'zod';
import { entraSource } from '../config/sections/sources/entra.ts';
import { createEntraConnector } from '../connectors/entra/index.ts';
import type { BenchCase } from './case.ts';
import { compete, type Measured } from './measure.ts';

const pageSize = 999;
const attributes = [
  ...['mail', 'displayName', 'givenName', 'surname', 'jobTitle', 'department', 'employeeId'],
  ...['officeLocation', 'mobilePhone', 'businessPhones', 'proxyAddresses', 'extensionAttribute1'],
];

export const entraRead: BenchCase = {
  name: 'entra-read',
  title:
    'A whole reading of Microsoft Entra ID (emulated, HTTPS, pages of 999), against fetch and JSON.parse of the same pages; peak: heap in use above the start',
  people: 100_000,
  async run({ people, rounds }) {
    const main = resolve(import.meta.dirname, '../test/servers/entra/large-tenant-process.ts');
    const child = spawn(process.execPath, [main, String(people), String(pageSize)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = await once(child.stdout, 'data');
      const tenant = tenantSchema.parse(JSON.parse(String(line)));
      setDefaultCACertificates([readFileSync(tenant.caFile, 'utf8')]);
      // The first round makes the emulator's answers, which it then repeats.
      await readByRollcall(tenant, people);
      await readPlainly(tenant, people);
      return await compete(
        [
          { name: 'fetch + JSON.parse', run: () => readPlainly(tenant, people) },
          { name: 'Rollcall', run: () => readByRollcall(tenant, people) },
        ],
        rounds,
      );
    } finally {
      child.kill();
    }
  },
};

const tenantSchema = z.object({
  ...{ url: z.string(), caFile: z.string(), tenantId: z.string(), clientId: z.string(), secret: z.string() },
});
type Tenant = z.output<typeof tenantSchema>;

async function readByRollcall(
  { url, tenantId, clientId, secret }: Tenant,
  people: number,
): Promise<Measured> {
  const config = entraSource.parse({
    ...{ id: 'cloud', type: 'entra', tenantId, clientId },
    ...{ auth: { secret }, cloud: { login: url, graph: url } },
  });
  const connector = createEntraConnector(config);
  const watch = startWatch();
  let users = 0;
  for await (const part of connector.read({ attributes, signal: new AbortController().signal })) {
    if (part.kind === 'batch') users += part.identities.length;
    else if (part.completeness.kind !== 'complete') throw new Error(part.completeness.reason);
    watch.look();
  }
  const measured = watch.stop(users, people);
  await connector.close();
  return measured;
}

/** The same pages in the same order, with nothing done about them. */
async function readPlainly(tenant: Tenant, people: number): Promise<Measured> {
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
  const watch = startWatch();
  let users = 0;
  let next: string | undefined =
    `${tenant.url}/v1.0/users/delta?$select=${[...select, ...rest, ...more].join(',')}`;
  while (next !== undefined) {
    const answer: Response = await fetch(next, { headers: { authorization } });
    const page: { value: unknown[]; '@odata.nextLink'?: string } = JSON.parse(await answer.text());
    users += page.value.length;
    next = page['@odata.nextLink'];
    watch.look();
  }
  return watch.stop(users, people);
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

function startWatch() {
  globalThis.gc?.();
  const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external;
  const before = used();
  let peak = before;
  const cpu = process.cpuUsage();
  const began = performance.now();
  return {
    look(): void {
      peak = Math.max(peak, used());
    },
    stop(users: number, people: number): Measured {
      const { user, system } = process.cpuUsage(cpu);
      if (users !== people) throw new Error(`${users} of ${people} users were read.`);
      return {
        wallMs: performance.now() - began,
        cpuMs: (user + system) / 1_000,
        peakMib: (peak - before) / 1_048_576,
      };
    },
  };
}
