/** How much the API adds to a bare answer of the same server, with a large plan in the store. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { z } from 'zod';
import { loadConfig } from '../config/index.ts';
import { toLdif } from '../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../src/cli/demo/sample-directory.ts';
import { openEngine } from '../src/engine/index.ts';
import { startSandbox } from '../src/sandbox/index.ts';
import { startServer } from '../src/server/server.ts';
import type { BenchCase } from './case.ts';
import { layGround, planRun } from './ground.ts';
import { type Competitor, compete } from './measure.ts';

const requests = 400;
const atOnce = 8;
const token = 'a-token-of-the-benchmark';

export const api: BenchCase = {
  name: 'api',
  title: `${requests} requests to the API, ${atOnce} at a time, with a plan of so many people in the store (PostgreSQL, Redis); client included`,
  people: 10_000,
  async run({ people, rounds }) {
    await using closing = new AsyncDisposableStack();
    const { folder, postgres, redis } = await layGround(closing);
    const sandbox = await startSandbox();
    closing.defer(() => sandbox.close());
    await writeFile(join(folder, 'people.ldif'), toLdif(sampleDirectory({ people })));
    const file = join(folder, 'rollcall.yaml');
    await writeFile(
      file,
      `profileApi: { url: "${sandbox.url}", apiKey: ${sandbox.apiKey}, rateLimit: { max: 5000, per: 1s } }
sources: [{ id: people, type: ldif, file: people.ldif }]
server: { port: 0, tokens: [{ name: bench, role: operator, token: ${token} }] }
database: { url: "${await postgres.createDatabase()}" }
redis: { url: "${redis.url}", prefix: "${randomUUID()}" }
`,
    );
    const engine = await openEngine(await loadConfig({ file, env: {} }), pino({ level: 'error' }));
    closing.defer(() => engine.close());
    const run = await planRun(engine, AbortSignal.timeout(600_000), 'plan');
    const server = await startServer(engine, { roles: ['console'] });
    closing.defer(() => server.close());

    const operations = `/api/v1/runs/${run}/operations?limit=100`;
    const deep = await cursorInTheMiddle(`${server.url}${operations}`, people / 200);
    const paths = {
      'the same server, /healthz': '/healthz',
      'who am I': '/api/v1/me',
      status: '/api/v1/status',
      'one run': `/api/v1/runs/${run}`,
      'first 100 operations': operations,
      '100 operations from the middle': `${operations}&cursor=${deep}`,
      'one person among all operations': `${operations}&who=zoe`,
    };
    const competitors = Object.entries(paths).map(
      ([name, path]): Competitor => ({ name, run: () => load(`${server.url}${path}`) }),
    );
    // Once for nothing: what is compiled on the way is no part of it.
    for (const one of competitors) await one.run();
    return await compete(competitors, rounds);
  },
};

const page = z.object({ next: z.string().nullable() });

async function cursorInTheMiddle(url: string, pages: number): Promise<string> {
  let cursor = '';
  for (let count = 0; count < pages; count += 1) {
    const { next } = page.parse(await (await get(cursor === '' ? url : `${url}&cursor=${cursor}`)).json());
    if (next === null) break;
    cursor = next;
  }
  return cursor;
}

async function get(url: string): Promise<Response> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function load(url: string) {
  const before = process.cpuUsage();
  const begun = performance.now();
  let left = requests;
  const asks = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      await (await get(url)).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, asks));
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - begun, cpuMs: (user + system) / 1_000 };
}
