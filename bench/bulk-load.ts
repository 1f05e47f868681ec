/** A first load against the sandbox with 20 ms of latency: one by one, and as files. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { loadConfig } from '../config/index.ts';
import { toLdif } from '../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../src/cli/demo/sample-directory.ts';
import { carryOutRun, openEngine } from '../src/engine/index.ts';
import { startSandbox } from '../src/sandbox/index.ts';
import type { startPostgres } from '../test/servers/postgres.ts';
import type { startRedis } from '../test/servers/redis.ts';
import type { BenchCase } from './case.ts';
import { layGround, planRun } from './ground.ts';
import { compete, type Measured } from './measure.ts';

interface Places {
  readonly folder: string;
  readonly postgres: Awaited<ReturnType<typeof startPostgres>>;
  readonly redis: Awaited<ReturnType<typeof startRedis>>;
}

export const bulkLoad: BenchCase = {
  name: 'bulk-load',
  title:
    'A first load by profileApi.bulk, against the same one by one (sandbox with 20 ms latency, PostgreSQL, Redis)',
  people: 5_000,
  async run({ people, rounds }) {
    await using closing = new AsyncDisposableStack();
    const { folder, postgres, redis } = await layGround(closing);
    await writeFile(join(folder, 'people.ldif'), toLdif(sampleDirectory({ people })));
    const places = { folder, postgres, redis };
    const chunk = Math.max(1, Math.round(people / 5));
    return await compete(
      [
        { name: 'one by one', run: () => firstLoad(places, people, '') },
        { name: 'as files', run: () => firstLoad(places, people, `, bulk: { from: 2, chunk: ${chunk} }`) },
      ],
      rounds,
    );
  },
};

/** From the release of the plan to the last person's audit entry; the sandbox is in the same process. */
async function firstLoad(
  { folder, postgres, redis }: Places,
  people: number,
  bulk: string,
): Promise<Measured> {
  await using closing = new AsyncDisposableStack();
  const sandbox = await startSandbox({ latencyMs: 20 });
  closing.defer(() => sandbox.close());
  const file = join(folder, 'rollcall.yaml');
  await writeFile(
    file,
    `profileApi: { url: "${sandbox.url}", apiKey: ${sandbox.apiKey}, rateLimit: { max: 5000, per: 1s }${bulk} }
sources: [{ id: people, type: ldif, file: people.ldif }]
backup: off
database: { url: "${await postgres.createDatabase()}" }
redis: { url: "${redis.url}", prefix: "${randomUUID()}" }
`,
  );
  const engine = await openEngine(await loadConfig({ file, env: {} }), pino({ level: 'silent' }));
  closing.defer(() => engine.close());
  const { signal } = new AbortController();
  const run = await planRun(engine, signal);

  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  const { counts } = await carryOutRun(engine, run, signal);
  const { user, system } = process.cpuUsage(cpuBegan);
  const wallMs = performance.now() - began;
  if (counts.get('done') !== people || sandbox.effects.length !== people)
    throw new Error(`Not everybody was created once: ${JSON.stringify([...counts])}.`);
  return { wallMs, cpuMs: (user + system) / 1_000 };
}
