/**
 * A month in the life of one service, in about an hour: see README.md. A day passes when a few runs are made and everything that
 * the store remembers is then made a day older; the clock is the store's, so that the service can't tell the difference.
 */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Kysely, sql } from 'kysely';
import pino from 'pino';
import { loadConfig } from '../config/index.ts';
import { toLdif } from '../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../src/cli/demo/sample-directory.ts';
import { type Engine, openEngine } from '../src/engine/index.ts';
import { requestRun, runOf } from '../src/store/runs/runs.ts';
import type { Database } from '../src/store/schema.ts';
import { layGround } from './ground.ts';
import { startOrg } from './org.ts';
import { ageStore, type Day, lookAt } from './soak-day.ts';
import { judge, writePage } from './soak-page.ts';
import { startWork } from './work.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '20000' },
    days: { type: 'string', default: '30' },
    runs: { type: 'string', default: '12' },
    save: { type: 'boolean', default: false },
  },
});
const [people, days, runsADay] = [Number(values.people), Number(values.days), Number(values.runs)];

/** Of a thousand people each day: who comes, who goes, and whose title changes. */
const comeADay = Math.max(1, Math.round(people / 1_000));
const changeADay = 2 * comeADay;

await using closing = new AsyncDisposableStack();
const { folder, postgres, redis } = await layGround(closing);
const org = await startOrg(closing);
const everybody = sampleDirectory({ people: people + comeADay * days });

const publish = (day: number) => {
  const present = everybody.slice(comeADay * day, people + comeADay * day);
  const told = present.map((person, index) => ({
    ...person,
    title: index < changeADay ? `${person.title}, day ${day}` : person.title,
  }));
  return writeFile(join(folder, 'people.ldif'), toLdif(told));
};

const file = join(folder, 'rollcall.yaml');
await writeFile(
  file,
  `profileApi: { url: "${org.url}", apiKey: ${org.apiKey}, rateLimit: off }
sources: [{ id: people, type: ldif, file: people.ldif }]
backup: off
retention: { runs: 7d, operations: 7d }
server: { port: 0 }
log: { level: info }
database: { url: "${await postgres.createDatabase()}" }
redis: { url: "${redis.url}", prefix: "${randomUUID()}" }
`,
);
await publish(0);
const engine = await openEngine(await loadConfig({ file, env: {} }), pino({ level: 'error' }));
closing.defer(() => engine.close());
const pid = await startWork(closing, file, folder, 'all');

const seen: Day[] = [];
for (let day = 0; day < days; day += 1) {
  await publish(day);
  for (let count = 0; count < runsADay; count += 1) await makeRun(engine);
  seen.push(await lookAt(day, { pid, engine, redisUrl: redis.url }));
  console.log(JSON.stringify(seen.at(-1)));
  if (day === days - 1) break;
  await ageStore(engine.store.db);
  await untilTidied(engine.store.db);
}

const verdicts = judge(seen);
const page = writePage({ people, runsADay, days: seen, verdicts });
if (values.save) await writeFile(join(import.meta.dirname, 'soak.md'), page);
console.log(page);
if (verdicts.some(({ isLevel }) => !isLevel)) process.exitCode = 1;

/** Once a day old runs and operations are deleted; the service looks every minute whether a day has passed. */
async function untilTidied(db: Kysely<Database>): Promise<void> {
  const today = db
    .selectFrom('chores')
    .select('name')
    .where('name', '=', 'retention')
    .where('done_at', '>', sql<Date>`now() - interval '12 hours'`);
  for (const until = Date.now() + 300_000; Date.now() < until; await sleep(500))
    if ((await today.executeTakeFirst()) !== undefined) return;
  throw new Error('The service has not looked after what is old for five minutes.');
}

/** As the schedule would: the service makes it, and carries it out. */
async function makeRun({ store: { db }, sources }: Engine): Promise<void> {
  const [source] = sources;
  if (source === undefined) throw new Error('The configuration has no source.');
  const wish = { mode: 'apply', trigger: 'schedule', actor: 'rollcall', onlyWho: undefined } as const;
  const id = await requestRun(db, { source: source.id, ...wish });
  for (const until = Date.now() + 1_800_000; Date.now() < until; await sleep(100)) {
    const run = await runOf(db, id);
    if (run?.state === 'done') return;
    if (run?.state === 'failed' || run?.state === 'held')
      throw new Error(`Run ${id} is ${run.state}. ${run.error ?? ''}`);
  }
  throw new Error(`Run ${id} did not end within half an hour.`);
}
