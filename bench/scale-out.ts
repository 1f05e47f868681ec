/** Worker processes beside each other: how much more gets done, on an API that takes its time, and on one that has its limit. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { loadConfig } from '../config/index.ts';
import { toLdif } from '../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../src/cli/demo/sample-directory.ts';
import { type Engine, openEngine } from '../src/engine/index.ts';
import type { BenchCase } from './case.ts';
import { type Ground, layGround, planRun } from './ground.ts';
import { type Competitor, compete, cpuMsOf, type Measured } from './measure.ts';
import { startOrg } from './org.ts';
import { startWork } from './work.ts';

const latencyMs = 50;
/** Requests at a time in each process: few, so that ten of them still wait for the API, and not for this machine's processors. */
const atOnce = 2;
/** One process makes 40 requests a second at most. */
const limits = [
  { name: '', rateLimit: 'off', workers: [1, 2, 10] },
  { name: ', at most 200 requests/s', rateLimit: '{ max: 200, per: 1s }', workers: [10] },
] as const;

export const scaleOut: BenchCase = {
  name: 'scale-out',
  title: `So many people created by worker processes of ${atOnce} requests at a time each, on an API that takes ${latencyMs} ms (PostgreSQL, Redis)`,
  people: 4_000,
  async run({ people, rounds }) {
    await using closing = new AsyncDisposableStack();
    const ground = await layGround(closing);
    await writeFile(join(ground.folder, 'people.ldif'), toLdif(sampleDirectory({ people })));
    const competitors = limits.flatMap(({ name, rateLimit, workers }) =>
      workers.map(
        (count): Competitor => ({
          name: `${count} ${count === 1 ? 'worker' : 'workers'}${name}`,
          run: () => loadBy(count, people, rateLimit, ground),
        }),
      ),
    );
    return await compete(competitors, rounds);
  },
};

/** From the moment at which the operations come into the queue, with all workers ready, to the last person's audit entry. */
async function loadBy(
  workers: number,
  people: number,
  rateLimit: string,
  { folder, postgres, redis }: Ground,
): Promise<Measured> {
  await using closing = new AsyncDisposableStack();
  const org = await startOrg(closing, { latencyMs });
  const file = join(folder, `${randomUUID()}.yaml`);
  await writeFile(
    file,
    `profileApi: { url: "${org.url}", apiKey: ${org.apiKey}, concurrency: ${atOnce}, rateLimit: ${rateLimit} }
sources: [{ id: people, type: ldif, file: people.ldif }]
backup: off
server: { port: 0 }
log: { level: info }
database: { url: "${await postgres.createDatabase()}" }
redis: { url: "${redis.url}", prefix: "${randomUUID()}" }
`,
  );
  const engine = await openEngine(await loadConfig({ file, env: {} }), pino({ level: 'error' }));
  closing.defer(() => engine.close());
  await planRun(engine, AbortSignal.timeout(600_000));
  const started = await Promise.all(
    Array.from({ length: workers }, () => startWork(closing, file, folder, 'worker')),
  );

  const began = performance.now();
  const cpuBefore = await cpuOf(started);
  await engine.dispatcher.dispatchDue();
  await untilNothingIsLeft(engine);
  const wallMs = performance.now() - began;
  const cpuMs = (await cpuOf(started)) - cpuBefore;
  const created = await org.created();
  if (created !== people) throw new Error(`${created} of ${people} people were created.`);
  return { wallMs, cpuMs };
}

const cpuOf = async (pids: readonly number[]): Promise<number> =>
  (await Promise.all(pids.map(cpuMsOf))).reduce((sum, ms) => sum + ms, 0);

async function untilNothingIsLeft({ store: { db } }: Engine): Promise<void> {
  const open = db.selectFrom('operations').select('id').where('state', 'in', ['queued', 'running']).limit(1);
  while ((await open.executeTakeFirst()) !== undefined) await sleep(50);
}
