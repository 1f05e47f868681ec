/** An installation whose directory is in memory and tells its changes. */
import type { Config } from '../../../config/schema.ts';
import { conductRun } from '../../../src/plan/index.ts';
import type { RunId } from '../../../src/store/operations/operation.ts';
import { operations as operationsIn } from '../../../src/store/operations/operations.ts';
import { requestRun, runOf } from '../../../src/store/runs/runs.ts';
import type { ReadingMode } from '../../../src/store/schema.ts';
import { type ChangingSource, changingSource } from '../../builders/changing-source.ts';
import { type Installation, type InstallationOptions, install, people } from '../../engine/installation.ts';

export interface Stage extends Installation {
  readonly source: ChangingSource;
  /** Time that passes for the runs alone. */
  later(ms: number): void;
  /** Requests that reached the org since the last time that this was asked, such as `get: 1`. */
  requests(): readonly string[];
  /** With other settings than the installation's, from now on. */
  with(changed: Partial<Config>): void;
  /** A run, carried out. */
  run(reading: ReadingMode, mode?: 'plan' | 'apply', fingerprint?: string, onlyWho?: string): Promise<RunId>;
  conducted(
    reading: ReadingMode,
    mode?: 'plan' | 'apply',
    fingerprint?: string,
    onlyWho?: string,
  ): Promise<RunId>;
  deeds(run: RunId): Promise<readonly string[]>;
  reasons(run: RunId): Promise<readonly string[]>;
}

export const hour = 3_600_000;

export async function stage(options: InstallationOptions = {}): Promise<Stage> {
  const here = await install({ people: 0, ...options });
  const { engine, sandbox } = here;
  const { db } = engine.store;
  const source = changingSource();
  let passed = 0;
  let config = engine.config;
  const [configured] = engine.sources;
  if (configured === undefined) throw new Error('There is no source.');

  const conducted: Stage['conducted'] = async (reading, mode = 'apply', fingerprint = 'one', onlyWho) => {
    const request = { source: people, mode, reading, trigger: 'hand', actor: 'cli:test' } as const;
    const run = await requestRun(db, { ...request, onlyWho });
    const end = await conductRun(run, engine.id, {
      db,
      connector: source,
      api: engine.api,
      rules: configured.rules,
      fingerprint,
      config,
      log: engine.log,
      signal: AbortSignal.timeout(60_000),
      onProgress: () => undefined,
      now: () => new Date(Date.now() + passed),
    });
    if (end.kind === 'failed') throw end.error;
    return run;
  };
  let seen: Readonly<Record<string, number>> = {};
  return {
    ...here,
    source,
    with: (changed) => {
      config = { ...config, ...changed };
    },
    later: (ms) => {
      passed += ms;
    },
    requests: () => {
      const before = seen;
      seen = { ...sandbox.requests };
      return Object.entries(seen)
        .map(([operation, count]) => ({ operation, count: count - (before[operation] ?? 0) }))
        .filter(({ count }) => count > 0)
        .map(({ operation, count }) => `${operation}: ${count}`)
        .sort();
    },
    conducted,
    run: async (reading, mode, fingerprint, onlyWho) => {
      const run = await conducted(reading, mode, fingerprint, onlyWho);
      const hasWork = (await operationsIn(db, { run })).length > 0;
      if (mode !== 'plan' && hasWork) await here.carryOut(run);
      return run;
    },
    deeds: async (run) =>
      (await operationsIn(db, { run })).map(({ kind, state, anchor }) => `${kind} ${anchor} ${state}`).sort(),
    reasons: async (run) => (await here.findings(run)).map(({ kind, anchor }) => `${kind} ${anchor}`).sort(),
  };
}

export const summaryOf = async (here: Stage, run: RunId) => (await runOf(here.engine.store.db, run))?.summary;
