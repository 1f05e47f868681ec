/** Rollcall inside the test's own process: a sandbox org, a directory as LDIF, and an engine between them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { loadConfig } from '../../config/index.ts';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { type SamplePerson, sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { carryOutRun, type Engine, type Meters, openEngine, type WaitEnd } from '../../src/engine/index.ts';
import { type ApprovalOutcome, approvePlan, type Conducted } from '../../src/plan/index.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { type Operation, operations } from '../../src/store/operations/operations.ts';
import { findingsOf, type RunFinding, type RunRequest, requestRun } from '../../src/store/runs/runs.ts';
import { sourceId } from '../builders/people.ts';
import { type Combination, placesOf } from '../e2e/stage.ts';

export interface InstallationOptions {
  readonly combination?: Combination;
  /** Where store and queue are, as YAML, in place of those that `combination` gives. */
  readonly places?: string;
  /** How many people there are in the directory at first; 8 by default. */
  readonly people?: number;
  readonly sandbox?: SandboxOptions;
  /** Lines of the configuration in place of those here; each key is given once. */
  readonly config?: Readonly<Record<string, string>>;
  /** Keys of `profileApi` in place of those here. */
  readonly api?: Readonly<Record<string, string>>;
  /** Told of what the engines do. */
  readonly meters?: Meters;
  /** Nothing is logged where it isn't given. */
  readonly log?: Logger;
}

export interface Installation {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly engine: Engine;
  readonly people: readonly SamplePerson[];
  /** Somebody of the directory by their number. */
  person(index: number): SamplePerson;
  /** Writes the directory anew, as an export by cron would. */
  publish(people: readonly SamplePerson[]): Promise<void>;
  /** Writes anything at all where the directory was. */
  publishText(ldif: string): Promise<void>;
  /** Requests a run; nobody has conducted it yet. */
  request(mode: 'plan' | 'apply', onlyWho?: string): Promise<RunId>;
  /** Requests a run in which so many linked profiles may be missing in the org. */
  requestAccepting(missing: number): Promise<RunId>;
  conduct(run: RunId): Promise<Conducted>;
  /** A dry run. @throws what kept it from making a plan */
  plan(onlyWho?: string): Promise<RunId>;
  /** A run whose released operations are not carried out yet. @throws what kept it from making a plan */
  release(onlyWho?: string): Promise<RunId>;
  /** As `release`, for another of the configured sources. */
  releaseOf(source: string): Promise<RunId>;
  /** A run, carried out. @throws what kept it from making a plan */
  sync(onlyWho?: string, raise?: RunRequest['raise']): Promise<WaitEnd>;
  approve(run: RunId): Promise<ApprovalOutcome>;
  carryOut(run: RunId): Promise<WaitEnd>;
  operations(run: RunId): Promise<readonly Operation[]>;
  findings(run: RunId): Promise<readonly RunFinding[]>;
  /** What happened in the org, as `kind address`. */
  effects(): string[];
  /** Opens a second engine, as another container would; closed with the installation. */
  another(): Promise<Engine>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const people = sourceId('people');

const defaults: Readonly<Record<string, string>> = {
  scope: 'has(user.mail)',
  mapping: '{ email: mail, username: mail, name: cn, first_name: givenName, organization_role: title }',
  lifecycle: '{ grace: 0s }',
  backup: '{ folder: backups }',
  retry: '{ attempts: 4, backoff: 20ms, maxBackoff: 100ms }',
};

export async function install(options: InstallationOptions = {}): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-install-'));
  const file = join(folder, 'rollcall.yaml');
  const sandbox = await startSandbox(options.sandbox ?? {});
  const publishText = (ldif: string) => writeFile(join(folder, 'people.ldif'), ldif);
  const first = sampleDirectory({ people: options.people ?? 8 });
  let current: readonly SamplePerson[] = first;
  await publishText(toLdif(first));
  const profileApi = {
    url: sandbox.url,
    apiKey: sandbox.apiKey,
    rateLimit: '{ max: 5000, per: 1s }',
    timeout: '2s',
    ...options.api,
  };
  const keys = {
    profileApi: `{ ${Object.entries(profileApi)
      .map(([key, value]) => `${key}: ${value}`)
      .join(', ')} }`,
    sources: `[{ id: people, type: ldif, file: people.ldif, active: 'user.employeeType != "left"' }]`,
    ...defaults,
    ...options.config,
  };
  const places = options.places ?? (await placesOf(options.combination ?? 'PostgreSQL and Redis', folder));
  const lines = Object.entries(keys).map(([key, value]) => `${key}: ${value}`);
  await writeFile(file, `${lines.join('\n')}\n${places}\n`);

  const opened: Engine[] = [];
  const another = async (): Promise<Engine> => {
    const loaded = await loadConfig({ file, env: {} });
    const engine = await openEngine(loaded, options.log ?? pino({ level: 'silent' }), {
      meters: options.meters,
    });
    opened.push(engine);
    return engine;
  };
  const engine = await another();
  const { db } = engine.store;
  const signal = AbortSignal.timeout(600_000);

  const request = (mode: 'plan' | 'apply', onlyWho?: string, source = people, raise?: RunRequest['raise']) =>
    requestRun(db, { source, mode, trigger: 'hand', actor: 'cli:test', onlyWho, raise });
  const conduct = async (run: RunId, id = people) => {
    const source = engine.sources.find((one) => one.id === id);
    if (source === undefined) throw new Error(`The configuration has no source ${id}.`);
    return await engine.conduct(run, source, signal);
  };
  const planned = async (
    mode: 'plan' | 'apply',
    onlyWho?: string,
    source = people,
    raise?: RunRequest['raise'],
  ): Promise<RunId> => {
    const run = await request(mode, onlyWho, source, raise);
    const conducted = await conduct(run, source);
    if (conducted.kind === 'failed') throw conducted.error;
    if (conducted.kind === 'busy') throw new Error('The source is busy.');
    return run;
  };
  const carryOut = (run: RunId) => carryOutRun(engine, run, signal);

  return {
    folder,
    sandbox,
    engine,
    get people() {
      return current;
    },
    person(index) {
      const one = current.at(index);
      if (one === undefined) throw new RangeError(`There is nobody with the number ${index}.`);
      return one;
    },
    publish: async (next) => {
      current = next;
      await publishText(toLdif(next));
    },
    publishText,
    request: (mode, onlyWho) => request(mode, onlyWho),
    requestAccepting: (missing) =>
      requestRun(db, {
        source: people,
        mode: 'apply',
        trigger: 'hand',
        actor: 'cli:test',
        onlyWho: undefined,
        raise: { guards: { maxMissing: missing }, reason: 'They were cleared away in March.' },
      }),
    conduct: (run) => conduct(run),
    plan: (onlyWho) => planned('plan', onlyWho),
    release: (onlyWho) => planned('apply', onlyWho),
    releaseOf: (source) => planned('apply', undefined, sourceId(source)),
    sync: async (onlyWho, raise) => await carryOut(await planned('apply', onlyWho, people, raise)),
    approve: (run) => approvePlan(db, run, { actor: 'cli:anna', reason: 'I looked at it.' }, new Date()),
    carryOut,
    operations: (run) => operations(db, { run }),
    findings: (run) => findingsOf(db, run),
    effects: () => sandbox.effects.map(({ kind, email }) => `${kind} ${email}`),
    another,
    async [Symbol.asyncDispose]() {
      for (const one of opened.reverse()) await one.close();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
