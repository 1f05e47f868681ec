/** Everything that a Rollcall process works with, opened in order and closed in reverse. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config, LoadedConfig, SourceConfig } from '../../config/index.ts';
import { openConnector } from '../../connectors/index.ts';
import { type OperationWorker, startWorker } from '../execute/index.ts';
import type { Rules, SourceId } from '../identity/index.ts';
import { type Desk, openDesk } from '../offboarding/index.ts';
import { type Conducted, conductRun, type PlanProgress } from '../plan/index.ts';
import {
  createProfileApi,
  type Pace,
  type ProfileApi,
  pausingPace,
  type SentRequest,
} from '../profile-api/index.ts';
import {
  createDispatcher,
  type Dispatcher,
  openQueueBackend,
  type QueueBackend,
  type SharedPace,
  sharedPace,
} from '../queue/index.ts';
import { closedAround } from '../schedule/index.ts';
import { migrate, openStore, type Store } from '../store/index.ts';
import type { RunId } from '../store/operations/operation.ts';
import { note, tracedRun } from '../tracing/index.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Meters } from './meters.ts';
import { whyLeaversWait } from './progress/standstill.ts';
import { verifyDeparture } from './progress/verify-departure.ts';
import { rulesOf } from './rules.ts';
import { tracedConnector } from './traced-connector.ts';

/** A source with its compiled rules. */
export interface ConfiguredSource {
  readonly id: SourceId;
  readonly config: SourceConfig;
  readonly rules: Rules;
}

/** All that a process of Rollcall has open. */
export interface Engine {
  /** This process, in leases and among the living services. */
  readonly id: string;
  readonly config: Config;
  readonly sources: readonly ConfiguredSource[];
  readonly store: Store;
  readonly backend: QueueBackend;
  readonly api: ProfileApi;
  readonly dispatcher: Dispatcher;
  /** Where it is said that somebody left. */
  readonly desk: Desk;
  readonly log: Logger;
  /** Told of what this process does. */
  readonly meters: Meters;
  /** Makes the plan of a requested run of that source, here and now. */
  conduct(
    run: RunId,
    source: ConfiguredSource,
    signal: AbortSignal,
    onProgress?: (progress: PlanProgress) => void,
  ): Promise<Conducted>;
  /** Starts carrying out operations in this process. */
  startWorker(): OperationWorker;
  /** Closes everything in reverse order. Nothing of it can be used afterwards. */
  close(): Promise<void>;
}

/** How an engine is opened. */
export interface EngineOptions {
  /**
   * For a service: an embedded store is opened as its owner only, however long somebody else has it; the signal ends the
   * waiting.
   */
  readonly untilOwned?: AbortSignal;
  /** Told of what this process does. */
  readonly meters?: Meters | undefined;
}

/**
 * Opens store, queue and API client; the store's tables are made or brought up to date.
 *
 * @throws {ConfigError} for mistakes in the rules; {StoreError}, {QueueError} where those can't be used. What was
 *   opened by then is closed again
 */
export async function openEngine(
  loaded: LoadedConfig,
  log: Logger,
  { untilOwned, meters = {} }: EngineOptions = {},
): Promise<Engine> {
  const { config } = loaded;
  const rules = rulesOf(loaded);
  const sources = config.sources.flatMap((source, index): readonly ConfiguredSource[] => {
    const compiled = rules[index];
    return compiled === undefined ? [] : [{ id: source.id as SourceId, config: source, rules: compiled }];
  });

  const opened: { close(): Promise<void> | void }[] = [];
  const closeAll = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  const keep = <Closable extends { close(): Promise<void> | void }>(one: Closable): Closable => {
    opened.push(one);
    return one;
  };

  try {
    const onError = (what: string) => (error: Error) =>
      log.warn({ event: `${what}.connection`, err: error }, error.message);
    const ownership = untilOwned === undefined ? undefined : ownershipFor(untilOwned, log);
    const store = keep(await openStore(config.database, { onError: onError('store'), ownership }));
    await migrate(store.db);
    const backend = keep(await openQueueBackend(config, store, { onError: onError('queue') }));
    const pace = paceOf(config.profileApi.rateLimit, backend, log, meters);
    const onRequest = (request: SentRequest): void => meters.requestSent?.(request);
    const patient = { patience: { tries: 5, waitMs: 200 }, onRequest };
    const api = keep(createProfileApi(config.profileApi, { pace, ...patient }));
    const urgentApi = keep(createProfileApi(config.profileApi, { pace: pace.urgent, ...patient }));
    const probeApi = keep(createProfileApi(config.profileApi, { pace: pace.urgent, onRequest }));
    const { bulk } = config.profileApi;
    const fileApi =
      bulk === undefined
        ? undefined
        : keep(createProfileApi({ ...config.profileApi, timeout: bulk.timeout }, { pace, onRequest }));
    const closed = () => closedAround(config.maintenance, new Date());
    const dispatcher = keep(createDispatcher(store.db, backend, log, { bulkFrom: bulk?.from, closed }));
    const desk = openDesk({
      ...{ db: store.db, api: urgentApi, config, log, now: () => new Date() },
      dispatch: (ids) => dispatcher.dispatchNow(ids),
      waiting: () => whyLeaversWait(store.db, config.maintenance, new Date()),
    });
    const id = randomUUID();

    return {
      id,
      config,
      sources,
      store,
      backend,
      api,
      dispatcher,
      desk,
      log,
      meters,
      async conduct(run, source, signal, onProgress = () => undefined) {
        const begunAt = performance.now();
        const means = { id, config, store, api, log, signal, onProgress };
        const conducted = await conduct(run, source, means);
        if (conducted.kind !== 'busy')
          meters.runConducted?.({
            source: source.id,
            outcome: conducted.kind,
            durationMs: performance.now() - begunAt,
          });
        return conducted;
      },
      startWorker: () =>
        startWorker({
          ...{ db: store.db, backend, api, urgentApi, probeApi, fileApi, config, log, closed },
          onDeactivated: (run, signal) =>
            verifyDeparture(
              {
                ...{ db: store.db, api: urgentApi, log, signal, now: () => new Date() },
                onLeaverVerified: meters.leaverVerified,
              },
              run,
            ),
          onTried: (tried) => meters.operationTried?.(tried),
        }),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** A service that were a client of a command's store would be left without one when the command ends. */
const ownershipFor = (signal: AbortSignal, log: Logger) => ({
  signal,
  onWait: ({ pid, host }: { readonly pid: number; readonly host: string }) =>
    log.warn(
      { event: 'store.waiting', pid, host },
      `Process ${pid} on ${host} has the embedded store open. The service starts when that process has ended.`,
    ),
});

function paceOf(
  rateLimit: Config['profileApi']['rateLimit'],
  backend: QueueBackend,
  log: Logger,
  meters: Meters,
): Pace & Pick<SharedPace, 'urgent'> {
  if (rateLimit === 'off') {
    const pace = pausingPace();
    return { ...pace, urgent: pace };
  }
  const { max, per } = rateLimit;
  return sharedPace(
    backend.slots,
    'profile-api',
    { max, perMs: per },
    {
      onError: (error) => log.warn({ event: 'pace.connection', err: error }, error.message),
      onLowered: (lowered) => {
        meters.rateLowered?.();
        log.warn(
          { event: 'pace.lowered', max: lowered, perMs: per },
          `The profile API counts too many requests (429): at most ${lowered} instead of ${max} go out per ${per / 1_000} s for now, over all processes. If it stays so, lower profileApi.rateLimit.`,
        );
      },
    },
  );
}

interface ConductMeans extends Pick<Engine, 'id' | 'config' | 'store' | 'api' | 'log'> {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PlanProgress) => void;
}

async function conduct(run: RunId, source: ConfiguredSource, means: ConductMeans): Promise<Conducted> {
  const { id: owner, store, ...others } = means;
  const connector = tracedConnector(await openConnector(source.config));
  try {
    const now = () => new Date();
    const fingerprint = fingerprintOf(means.config, source.config);
    const { rules } = source;
    const planMeans = { db: store.db, connector, rules, fingerprint, now, ...others };
    return await conductRun(run, owner, planMeans, (work) =>
      tracedRun(run, { 'rollcall.source': source.id }, async () => {
        const made = await work();
        note({ 'rollcall.outcome': made.kind });
        return made;
      }),
    );
  } finally {
    await connector.close();
  }
}
