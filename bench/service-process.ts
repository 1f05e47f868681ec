/** A service's engine in a process of its own, which does what it is asked by messages, one after the other: see service.ts. */
import pino from 'pino';
import { loadConfig } from '../config/index.ts';
import { openConnector } from '../connectors/index.ts';
import { type ConfiguredSource, type Engine, openEngine } from '../src/engine/index.ts';
import { requestRun } from '../src/store/runs/runs.ts';
import type { Answer, Task } from './service.ts';

const { signal } = new AbortController();

/** How many people the source shows, read with what the rules ask for and nothing done about them. */
async function readSource({ config, rules }: ConfiguredSource): Promise<number> {
  const connector = await openConnector(config);
  let people = 0;
  for await (const part of connector.read({ attributes: rules.attributes, signal }))
    if (part.kind === 'batch') people += part.identities.length;
  await connector.close();
  return people;
}

/** How many users the org lists, with nothing done about them. */
async function readOrg({ api }: Engine): Promise<number> {
  let users = 0;
  for await (const event of api.listProfiles({ signal }))
    if (event.kind === 'profiles') users += event.profiles.length;
  return users;
}

/** A run up to its plan: how many people it looked at, and how many operations that made. */
async function conduct(engine: Engine, source: ConfiguredSource, task: Task): Promise<Partial<Answer>> {
  const run = await requestRun(engine.store.db, {
    ...{ source: source.id, trigger: 'hand', actor: 'bench', onlyWho: undefined },
    mode: task === 'dry run' ? 'plan' : 'apply',
    reading: task === 'delta' ? 'delta' : 'full',
  });
  const conducted = await engine.conduct(run, source, signal);
  if (conducted.kind === 'failed') throw conducted.error;
  if (conducted.kind === 'busy') throw new Error('Another run is reading the source.');
  const { identities, operations, incomplete, fallback } = conducted.summary;
  const doubt = incomplete ?? fallback;
  if (doubt !== null) throw new Error(doubt);
  const planned = Object.values(operations).reduce((sum, count) => sum + count, 0);
  return { run, people: identities, operations: planned };
}

async function done(engine: Engine, source: ConfiguredSource, task: Task): Promise<Answer> {
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  const came =
    task === 'source'
      ? { people: await readSource(source) }
      : task === 'org'
        ? { people: await readOrg(engine) }
        : await conduct(engine, source, task);
  const wallMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpuBefore);
  const peakMib = process.resourceUsage().maxRSS / 1_024;
  return { people: 0, operations: 0, ...came, wallMs, cpuMs: (user + system) / 1_000, peakMib };
}

const loaded = await loadConfig({ file: process.argv[2] ?? '', env: {} });
const engine = await openEngine(loaded, pino({ level: 'warn' }, pino.destination(2)));
const [source] = engine.sources;
if (source === undefined) throw new Error('The configuration has no source.');
process.on('message', (task: Task) => {
  done(engine, source, task).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on('disconnect', () => void engine.close());
process.send?.('ready');
