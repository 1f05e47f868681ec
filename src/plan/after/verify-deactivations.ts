/** Confirms, once a run has come to rest, that everybody whom it deactivated is inactive. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { type AuditEntry, appendAudit } from '../../audit/index.ts';
import type { ProfileApi, ProfileId } from '../../profile-api/index.ts';
import { noteDepartureVerified, type VerifiedDeparture } from '../../store/departures/departures.ts';
import type { RunId } from '../../store/operations/operation.ts';
import type { Operation } from '../../store/operations/operations.ts';
import {
  addFindings,
  type ClaimedVerification,
  claimVerification,
  deactivationsToVerify,
  endVerification,
} from '../../store/operations/verifications.ts';
import type { Database } from '../../store/schema.ts';
import { type ActiveWord, activeOfEach, whoIsActive } from './active-word.ts';

/** Enough to ask for each of some hundred profiles one by one; after it, another process may try. */
const leaseMs = 120_000;

/** Whom to ask, and whom to tell. */
export interface VerificationMeans {
  readonly db: Kysely<Database>;
  readonly api: ProfileApi;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The clock. */
  readonly now: () => Date;
  /** Whether to ask for each profile alone, which is quicker for a few than the org's lists. */
  readonly asksForEach?: boolean;
  /** Told of everybody who left by somebody's word, or at their leave date, and is found to be inactive. */
  readonly onLeaverVerified?: ((leaver: VerifiedDeparture) => void) | undefined;
}

/** What came of it. */
export type Verification =
  /** Nothing waits for confirmation, or somebody else is at it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'verified'; readonly run: RunId; readonly active: number }
  /** Nobody could be asked. It is tried again when the lease has run out. */
  | { readonly kind: 'unanswered'; readonly run: RunId; readonly sentence: string };

/** Confirms the deactivations of one run that waits for it: that one, or any. */
export async function verifyDeactivations(means: VerificationMeans, run?: RunId): Promise<Verification> {
  const { db, api, log, signal } = means;
  const claimed = await claimVerification(db, leaseMs, run);
  if (claimed === undefined) return { kind: 'none' };
  const deactivations = await deactivationsToVerify(db, claimed);
  try {
    const ids = deactivations.flatMap((operation) => operation.profile_id ?? []);
    const word: ActiveWord =
      ids.length === 0
        ? { active: new Set(), by: 'each profile' }
        : means.asksForEach === true
          ? await activeOfEach(api, ids, signal)
          : await whoIsActive(api, ids, log, signal);
    const active = deactivations.filter((operation) => isIn(word.active, operation.profile_id));
    await keep(means, claimed, deactivations, active, word);
    return { kind: 'verified', run: claimed.run, active: active.length };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const sentence = `Whether the ${deactivations.length} people whom run ${claimed.run} deactivated are inactive could not be confirmed: ${reason}`;
    log.error(
      { event: 'verification.failed', run: claimed.run, source: claimed.source, err: error },
      sentence,
    );
    return { kind: 'unanswered', run: claimed.run, sentence };
  }
}

const isIn = (ids: ReadonlySet<ProfileId>, id: ProfileId | null): boolean => id !== null && ids.has(id);

async function keep(
  { db, log, now, onLeaverVerified }: VerificationMeans,
  claimed: ClaimedVerification,
  deactivations: readonly Operation[],
  active: readonly Operation[],
  { by }: ActiveWord,
): Promise<void> {
  const { run, source } = claimed;
  const reason = `They were deactivated by this run, but by the word of ${by} they are active. Look at them in the org: somebody may have unblocked them, or the org did not keep it.`;
  const verified = await db.transaction().execute(async (tx) => {
    if (!(await endVerification(tx, claimed))) return undefined;
    const leavers = await noteDepartureVerified(
      tx,
      run,
      active.map(({ anchor }) => anchor),
    );
    await addFindings(
      tx,
      run,
      active.map(({ anchor, label, email }) => ({
        kind: 'unconfirmed',
        anchor,
        label,
        email: email ?? undefined,
        reason,
      })),
    );
    const unconfirmed = active.map(
      (operation): AuditEntry => ({
        actor: 'rollcall',
        action: 'deactivation.unconfirmed',
        run,
        operation: operation.id,
        source,
        anchor: operation.anchor,
        profile: operation.profile_id ?? undefined,
        email: operation.email ?? undefined,
        reason,
      }),
    );
    const details = {
      by,
      deactivations: deactivations.length,
      inactive: deactivations.length - active.length,
    };
    const entry: AuditEntry = { actor: 'rollcall', action: 'deactivations.verified', run, source, details };
    await appendAudit(tx, [...unconfirmed, ...(deactivations.length === 0 ? [] : [entry])], now());
    return leavers;
  });
  if (verified === undefined) return;
  for (const leaver of verified) onLeaverVerified?.(leaver);
  for (const { id, email, profile_id: profile } of active)
    log.error({ event: 'deactivation.unconfirmed', run, source, operation: id, profile, email }, reason);
  const numbers = { deactivations: deactivations.length, active: active.length };
  log.info({ event: 'deactivations.verified', run, source, by, ...numbers }, 'Deactivations were verified.');
}
