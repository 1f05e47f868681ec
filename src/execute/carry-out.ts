/** One operation that a worker has taken up: claimed, tried, recorded and told of. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import type { ProfileApi } from '../profile-api/index.ts';
import { takeOutOfQueue } from '../store/operations/dispatch.ts';
import type { ClosedTime } from '../store/operations/in-hands.ts';
import { claimAll, LeaseLostError, noteIntent } from '../store/operations/leases.ts';
import type { OperationId, OperationKind, OperationState, RunId } from '../store/operations/operation.ts';
import type { Operation } from '../store/operations/operations.ts';
import { linkOf } from '../store/people/links.ts';
import type { Database } from '../store/schema.ts';
import { note } from '../tracing/index.ts';
import { type AttemptContext, attempt } from './attempt.ts';
import type { RetryPolicy } from './backoff.ts';
import type { Circuit } from './circuit.ts';
import type { Hands } from './hands.ts';
import { lastAdministrator } from './last-administrator.ts';
import type { OrgLookup } from './org-lookup.ts';
import type { Ended, Outcome, Recorded } from './outcome.ts';
import type { Places } from './places.ts';
import { purgeRule } from './purge-rule.ts';
import { recordOutcome, recordTogether } from './record.ts';
import { needsSeat, openRefusals } from './refusals.ts';
import { remembered } from './remembered.ts';
import { together } from './together.ts';
import { type OrgAccess, watchedApi } from './watched-api.ts';

const ownProfileForMs = 600_000;
/** Of what is asked of the store for many operations at once. */
const togetherAtMost = 200;

/** A try of an operation, in numbers. */
export interface Tried {
  readonly kind: OperationKind;
  /** The state that it left the operation in: `queued` where it is to be tried again. */
  readonly state: OperationState;
  readonly durationMs: number;
}

/** An operation as it comes out of the queue. */
export interface TakenUp {
  /** By the job's name. */
  readonly kind: string;
  readonly onAnswered?: () => void;
}

/** What a worker carries operations out with. */
export interface CarrierMeans {
  readonly db: Kysely<Database>;
  readonly api: ProfileApi;
  /** The same, before all others at the rate limit: for leavers. */
  readonly urgentApi: ProfileApi;
  readonly config: Pick<Config, 'profileApi' | 'lifecycle' | 'guards'>;
  readonly retry: RetryPolicy;
  readonly log: Logger;
  /** When nothing is taken, around now. */
  readonly closed: () => readonly ClosedTime[];
  /** Whose leases these are. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly circuit: Circuit;
  readonly requests: Places;
  readonly hands: Pick<Hands, 'inAdvance'>;
  readonly lookup: OrgLookup;
  /** Whether what has not begun may begin now; otherwise it waits in the queue. */
  readonly mayBegin: () => boolean;
  /** Breaks off all requests. */
  readonly signal: AbortSignal;
  /** Told of a run of which somebody was deactivated just now, once that is stored. */
  readonly onDeactivated: ((run: RunId, signal: AbortSignal) => Promise<void>) | undefined;
  /** Told of every try once it is stored. */
  readonly onTried: ((tried: Tried) => void) | undefined;
}

/** Carries out what one worker takes up, as many at a time as there are. */
export interface Carrier {
  /** Tries the operation once, unless it is in no state for it; whatever comes of it is stored. */
  carryOut(id: OperationId, taken: TakenUp): Promise<void>;
  /** Once whoever has to hear of a deactivation has heard of it. */
  told(): Promise<void>;
}

/** Opens what all operations of one worker share: claims, looks and records of many at once, and what the org has just refused. */
export function openCarrier({
  db,
  api,
  urgentApi,
  config,
  retry,
  log,
  closed,
  owner,
  leaseMs,
  circuit,
  requests,
  hands,
  lookup,
  mayBegin,
  signal,
  onDeactivated,
  onTried,
}: CarrierMeans): Carrier {
  const { concurrency } = config.profileApi;
  const urgent = watchedApi(urgentApi, circuit, (request) => requests.use(request, 'urgent'));
  const refusals = openRefusals();
  const context = {
    lookup,
    ownProfile: remembered(() => urgent.api.whoAmI().then((own) => own.profileId), ownProfileForMs),
    inviteRole: config.lifecycle.invite.role,
    mayPurge: purgeRule(config),
    lastAdministrator: (...given: Parameters<AttemptContext['lastAdministrator']>) =>
      lastAdministrator({ db, guards: config.guards, owner }, ...given),
    timeoutMs: config.profileApi.timeout,
    signal,
    noteIntent: async ({ id, kind, intent_at: triedAt }: Operation) => {
      // That of a first try was stored when it was taken, a moment ago.
      if (kind !== 'create' || triedAt !== null) await noteIntent(db, id, owner);
    },
    isSpared: circuit.isSpared,
  };

  // Creations come by the thousand; what they need of the store is asked for many of them at once.
  async function claimThem(ids: readonly OperationId[]): Promise<readonly (Operation | undefined)[]> {
    const claimed = await claimAll(db, ids, owner, leaseMs, closed());
    const byId = new Map(claimed.map((operation) => [operation.id, operation]));
    return ids.map((id) => byId.get(id));
  }
  const take = together(claimThem, togetherAtMost);
  // While there are others for the next requests, a claim is for the more.
  const takeInPassing = together(claimThem, togetherAtMost, {
    isEarly: () => requests.waiting > (hands.inAdvance - concurrency) / 2,
  });
  const recordCreation = together(
    (ended: readonly Ended[]) => recordTogether(db, ended, owner, retry, new Date()),
    togetherAtMost,
  );
  const putBack = together(async (ids: readonly OperationId[]) => {
    await takeOutOfQueue(db, ids);
    return ids.map(() => undefined);
  }, togetherAtMost);

  /** Nobody asks what the org has just refused to all. */
  const ordinary = (operation: Operation, askedAt: number): OrgAccess =>
    watchedApi(api, circuit, (request, hasEffect) => {
      const takesSeat = hasEffect && needsSeat(operation);
      return requests.use(() => refusals.ask({ askedAt, takesSeat }, request));
    });

  const telling = new Set<Promise<void>>();
  function tellDeactivated(run: RunId): void {
    if (onDeactivated === undefined) return;
    const told = onDeactivated(run, signal)
      .catch((error: unknown) =>
        log.warn(
          { event: 'verification.late', run, err: error },
          'A deactivation could not be verified at once; it is in a moment.',
        ),
      )
      .finally(() => telling.delete(told));
    telling.add(told);
  }

  async function carryOut(id: OperationId, { kind, onAnswered = () => {} }: TakenUp): Promise<void> {
    // Whoever waited for a hand meanwhile waits again, in the queue.
    if (!mayBegin()) return await putBack(id);
    const askedAt = performance.now();
    const operation = await (kind === 'create' ? takeInPassing(id) : take(id));
    // Ended meanwhile, in other hands, not due, or paused: the store knows, and dispatches it again if need be.
    if (operation === undefined) return await putBack(id);
    const begunAt = performance.now();
    try {
      const isCreation = operation.kind === 'create';
      // Who is to be created has no profile yet, and nobody asks for their link.
      const link = isCreation ? undefined : await linkOf(db, operation.source_id, operation.anchor);
      const { outcome, mayHaveHappened } = await attempt(operation, link, {
        ...context,
        access: operation.kind === 'deactivate' ? urgent : ordinary(operation, askedAt),
        onAnswered,
      });
      const ended = { operation, outcome, mayHaveHappened };
      const recorded = isCreation
        ? await recordCreation(ended)
        : await recordOutcome(db, ended, owner, retry, new Date());
      report(log, operation, outcome, recorded);
      if (operation.kind === 'deactivate' && recorded.state === 'done') tellDeactivated(operation.run_id);
      note({ 'rollcall.kind': operation.kind, 'rollcall.outcome': recorded.state });
      onTried?.({ kind: operation.kind, state: recorded.state, durationMs: performance.now() - begunAt });
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      log.warn({ event: 'operation.lease-lost', operation: id }, error.message);
    }
  }

  return {
    carryOut,
    async told() {
      await Promise.all(telling);
    },
  };
}

function report(log: Logger, operation: Operation, outcome: Outcome, { state, message }: Recorded): void {
  const { id, run_id: run, kind, email, attempts } = operation;
  const entry = {
    event: `operation.${state === 'queued' ? 'again' : state}`,
    operation: id,
    run,
    kind,
    email,
    attempts,
  };
  if (state === 'failed' || outcome.kind === 'stop') log.error(entry, message);
  else if (state === 'queued' || state === 'superseded') log.warn(entry, message);
  else log.info(entry, message);
}
