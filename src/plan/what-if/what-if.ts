/** A changed configuration tried on the source and the org as they are. Nothing is stored, and nothing is sent. */
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../../config/schema.ts';
import type { Connector } from '../../../connectors/connector.ts';
import type { Rules, SourceId } from '../../identity/index.ts';
import { inMotionSince } from '../../store/operations/operations.ts';
import { releasedUnasked } from '../../store/operations/released-unasked.ts';
import { withoutUnsettled } from '../freeze/unsettled.ts';
import { guard } from '../guards/guard.ts';
import { withoutLastAdministrator } from '../last-administrator.ts';
import type { PlanMeans } from '../plan-means.ts';
import { inTheOrgsWords } from '../vocabulary.ts';
import { reconcileWhole } from '../whole/reconcile-whole.ts';
import { comparePlans, type PlanDifference, type SketchedPlan } from './compare-plans.ts';
import { canShare, sharedApi, sharedConnector } from './shared-reading.ts';

/** A configuration as far as it decides about one source. */
export interface Variant {
  readonly config: PlanMeans['config'] & Pick<Config, 'guards'>;
  readonly rules: Rules;
  readonly connector: Connector;
}

/** What both configurations share. */
export type WhatIfMeans = Omit<PlanMeans, 'config' | 'rules' | 'connector' | 'fingerprint'>;

/** The difference, with how it was found. */
export interface WhatIf extends PlanDifference {
  /** Whether the source was read for each by itself. */
  readonly wasReadTwice: boolean;
  /** Whether other sources would give other attributes, of which no values are known before they were read with it. */
  readonly isPrecedenceNew: boolean;
}

/**
 * Plans with both, and compares the plans. What both read alike is read once.
 *
 * @param onlyWho - for one person alone, as in a run; null for everybody
 * @throws {SourceError | ProfileApiError | PlanError} as a run does, where one of the plans can't be made
 */
export async function whatIf(
  source: SourceId,
  onlyWho: string | null,
  today: Variant,
  candidate: Variant,
  isSameReading: boolean,
  means: WhatIfMeans,
): Promise<WhatIf> {
  const isShared = isSameReading && canShare(today.rules, candidate.rules);
  const [one, other] = isShared
    ? sharedConnector(today.connector, [today.rules, candidate.rules])
    : [today.connector, candidate.connector];
  const [oneApi, otherApi] = sharedApi(means.api);
  const now = means.now();
  const silent = () => undefined;
  const settled = await Promise.allSettled([
    sketch(source, onlyWho, { ...today, connector: one }, { ...means, api: oneApi }, now),
    sketch(
      source,
      onlyWho,
      { ...candidate, connector: other },
      { ...means, api: otherApi, onProgress: silent },
      now,
    ),
  ]);
  const [first, second] = settled;
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return {
    ...comparePlans(first.value, second.value),
    wasReadTwice: !isShared,
    isPrecedenceNew: !isDeepStrictEqual(today.config.precedence, candidate.config.precedence),
  };
}

/** A plan, up to where a run would freeze it. */
async function sketch(
  source: SourceId,
  onlyWho: string | null,
  { config, rules, connector }: Variant,
  given: WhatIfMeans,
  now: Date,
): Promise<SketchedPlan> {
  const means = { ...given, config, rules, connector, fingerprint: '' };
  const run = { source_id: source, only_who: onlyWho, raised: {} };
  const reconciled = await reconcileWhole(run, means, now);
  const { newcomers } = reconciled;
  const inWords = await inTheOrgsWords(reconciled.reconciliation, newcomers, means);
  const reconciliation = await withoutLastAdministrator(inWords, reconciled.listed, means);
  const { db } = means;
  const inMotion = await inMotionSince(db, source, now);
  const { settled, findings } = await db.transaction().execute((tx) =>
    withoutUnsettled(
      tx,
      run,
      {
        reconciliation,
        newcomers,
        rulings: reconciled.rulings,
        departures: reconciled.departures,
        readingSince: now,
      },
      inMotion,
      now,
    ),
  );
  const operations = [...settled, ...newcomers.operations()];
  const holds = guard(operations, config.guards, {
    linkedActive: reconciliation.counts.linkedActive,
    earlier: onlyWho === null ? await releasedUnasked(db, source) : [],
    raised: {},
  });
  const { identities, inScope } = reconciliation.counts;
  return {
    ...{ operations, holds, incomplete: reconciled.incomplete, identities, inScope },
    findings: [...reconciled.skipped, ...reconciliation.findings, ...findings],
  };
}
