/** One run up to its plan: read both sides, reconcile, guard, freeze. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { Anchor, Identity, Rules } from '../identity/index.ts';
import type { ProfileApi, ProfileId } from '../profile-api/index.ts';
import { emailKey, indexOrg, type Policy, type Reconciliation, reconciler } from '../reconcile/index.ts';
import type { Link } from '../store/link.ts';
import { holders, linksOf } from '../store/links.ts';
import { rulings } from '../store/rulings.ts';
import type { Run } from '../store/runs.ts';
import type { Database, RunSummary } from '../store/schema.ts';
import { freezePlan } from './freeze.ts';
import { PlanError } from './plan-error.ts';
import { readOrg, readUnlisted } from './read-org.ts';
import { confirmAbsences, readSource } from './read-source.ts';
import { saveBefore } from './save-before.ts';
import { checkedAttributes, vocabularyOf, withoutUnknownWords } from './vocabulary.ts';

export type PlanProgress =
  | { readonly stage: 'org'; readonly profiles: number }
  | { readonly stage: 'source'; readonly identities: number }
  | { readonly stage: 'plan' };

export interface PlanMeans {
  readonly db: Kysely<Database>;
  readonly connector: Connector;
  readonly api: ProfileApi;
  readonly rules: Rules;
  readonly config: Pick<Config, 'lifecycle' | 'guards' | 'correlation' | 'backup'>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PlanProgress) => void;
  readonly now: () => Date;
}

/**
 * Makes and stores the plan of a run.
 *
 * @throws {SourceError} when the source can't be read at all
 * @throws {ProfileApiError} when the org can't be read
 * @throws {PlanError} when what was read can't be true. In all three cases nothing was changed
 */
export async function makePlan(run: Run, means: PlanMeans): Promise<RunSummary> {
  const { db, connector, api, rules, config, signal, onProgress, now } = means;
  const readingSince = now();
  const own = await api.whoAmI(signal);
  const inviteRole = config.lifecycle.invite.role;
  const namesWords =
    inviteRole !== undefined || rules.mapped.some((name) => checkedAttributes.includes(name));
  const vocabulary = namesWords ? await vocabularyOf(api, signal) : new Map();
  const org = await readOrg(api, signal, (profiles) => onProgress({ stage: 'org', profiles }));
  const links = await linksOf(db, run.source_id);
  const ruled = await rulings(db, run.source_id);

  const pass = reconciler({
    source: run.source_id,
    org: indexOrg(org.profiles),
    links,
    holders: await holders(db),
    rulings: ruled,
    policy: policyOf(config, rules, own.profileId),
  });
  const chosen = chooser(run.only_who, links);
  const reading = await readSource(
    connector,
    rules,
    pass,
    readingSince,
    signal,
    chosen.consider,
    (identities) => onProgress({ stage: 'source', identities }),
  );
  onProgress({ stage: 'plan' });

  const { incomplete } = reading;
  const { missing, unlisted } = pass.inquiries();
  const concluded = pass.conclude({
    now: now(),
    incomplete,
    absences: await confirmAbsences(connector, missing, incomplete, signal),
    profiles: await readUnlisted(api, unlisted, links, signal),
  });
  const reconciliation = withoutUnknownWords(chosen.narrow(concluded), vocabulary, inviteRole);

  const { maxDeactivations, planExpiry } = config.guards;
  const skipped = run.only_who === null ? [...org.unreadable, ...reading.nameless] : [];
  const material = {
    reconciliation,
    skipped,
    profiles: org.profiles.length,
    // A doubtful list of the org keeps nobody from leaving: whom it lacks was asked for by id. It is told all the same.
    incomplete: incomplete ?? org.doubt,
    readingSince,
    rulings: ruled,
    unsaved: await saveBefore(run, reconciliation, org.profiles, readingSince, means),
  };
  return await freezePlan(db, run, material, { maxDeactivations, planExpiryMs: planExpiry }, now());
}

function policyOf(
  { lifecycle, guards, correlation }: PlanMeans['config'],
  { authority }: Rules,
  ownProfile: ProfileId,
): Policy {
  return {
    onboard: lifecycle.onboard,
    invite: {
      again: lifecycle.invite.again,
      expiresMs: lifecycle.invite.expires,
      atMost: lifecycle.invite.atMost,
    },
    reactivate: lifecycle.reactivate,
    deletedInOrg: lifecycle.deletedInOrg,
    correlation,
    authority,
    graceMs: lifecycle.grace,
    protected: new Set(guards.protected.flatMap((name) => [name, emailKey(name)])),
    ownProfile,
  };
}

/** Narrows a run to the one person whom the operator named, by e-mail, login, anchor or profile id. */
function chooser(who: string | null, links: readonly Link[]) {
  const wanted = who?.toLowerCase();
  const names = (...candidates: readonly (string | undefined)[]): boolean =>
    candidates.some((candidate) => candidate?.toLowerCase() === wanted);
  const anchors = new Set<Anchor>();
  for (const link of links) if (names(link.email, link.anchor, link.profileId)) anchors.add(link.anchor);

  return {
    consider(identity: Identity): void {
      if (names(identity.email, identity.login, identity.anchor)) anchors.add(identity.anchor);
    },
    narrow(reconciliation: Reconciliation): Reconciliation {
      if (who === null) return reconciliation;
      if (anchors.size === 0)
        throw new PlanError(
          `Nobody in the source is called ${who}: no e-mail, login or id is the same. Nothing was planned.`,
        );
      const isMeant = ({ anchor }: { readonly anchor: Anchor | undefined }): boolean =>
        anchor !== undefined && anchors.has(anchor);
      return {
        ...reconciliation,
        operations: reconciliation.operations.filter(isMeant),
        findings: reconciliation.findings.filter(isMeant),
        resolved: reconciliation.resolved.filter(isMeant),
        newlyAbsent: reconciliation.newlyAbsent.filter((anchor) => anchors.has(anchor)),
        returned: reconciliation.returned.filter((anchor) => anchors.has(anchor)),
        unblockedByOthers: reconciliation.unblockedByOthers.filter((anchor) => anchors.has(anchor)),
      };
    },
  };
}
