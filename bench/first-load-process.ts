/** A first load by Rollcall in a process of its own, from the release of its plan to the last person's audit entry: see first-load.ts. */
import pino from 'pino';
import { loadConfig } from '../config/index.ts';
import { carryOutRun, openEngine } from '../src/engine/index.ts';
import { planRun } from './ground.ts';
import { printMeasured } from './measure.ts';

const file = process.argv[2] ?? '';
const { signal } = new AbortController();
// As a service: a short command keeps V8 from optimising the embedded store.
const engine = await openEngine(await loadConfig({ file, env: {} }), pino({ level: 'error' }), {
  untilOwned: signal,
});
const run = await planRun(engine, signal);
await printMeasured(() => carryOutRun(engine, run, signal));
await engine.close();
