/** A run that reads both sides as a whole. */
import type { Identity } from '../identity/index.ts';
import type { ProfileId } from '../profile-api/index.ts';
import { indexOrg, type LinkedProfile, reconciler } from '../reconcile/index.ts';
import { claimsOn, offersOn } from '../store/claims.ts';
import { departuresInForce } from '../store/departures.ts';
import { leaveDates } from '../store/leave-dates.ts';
import type { Link } from '../store/link.ts';
import { holders, linksOf } from '../store/links.ts';
import { quarantineOf } from '../store/quarantines.ts';
import { rulings } from '../store/rulings.ts';
import type { Run } from '../store/runs.ts';
import { chooser } from './one-person.ts';
import type { PlanMeans } from './plan-means.ts';
import { policyOf } from './policy.ts';
import { quarantineInWords } from './quarantine.ts';
import { readOrg, readUnlisted } from './read-org.ts';
import { confirmAbsences, readSource } from './read-source.ts';
import type { Reconciled } from './reconciled.ts';
import { readingJudge } from './trust/trust.ts';

/**
 * @param since - when the run began, and the time by which leave dates are judged
 * @throws {SourceError | ProfileApiError} where one side can't be read
 * @throws {PlanError} where what was read can't be true
 */
export async function reconcileWhole(
  run: Pick<Run, 'source_id' | 'only_who' | 'raised'>,
  means: PlanMeans,
  since: Date,
): Promise<Reconciled> {
  const { db, connector, api, rules, config, signal, onProgress, now } = means;
  const own = await api.whoAmI(signal);
  const org = await readOrg(api, signal, (profiles) => onProgress({ stage: 'org', profiles }));
  const links = await linksOf(db, run.source_id);
  const ruled = await rulings(db, run.source_id);
  const departures = await departuresInForce(db, run.source_id, since);

  const pass = reconciler({
    source: run.source_id,
    org: indexOrg(org.profiles),
    links,
    holders: await holders(db),
    claims: await claimsOn(db, run.source_id),
    offers: await offersOn(db, run.source_id),
    rulings: ruled,
    departures,
    leaveDates: await leaveDates(db, run.source_id),
    policy: policyOf(config, rules, own.profileId, since),
  });
  const chosen = chooser(run.only_who, links);
  const trust = readingJudge(db, run, config.guards);
  const consider = (identity: Identity): void => {
    chosen.consider(identity);
    trust.see(identity);
  };
  const reading = await readSource(connector, rules, pass, since, signal, consider, (identities) =>
    onProgress({ stage: 'source', identities }),
  );
  onProgress({ stage: 'plan' });

  const { nameless, cursor, groupsUnknown } = reading;
  const { incomplete: doubt, trusted } = await trust.judge(reading, since);
  const quarantine = await quarantineOf(db, run.source_id);
  const incomplete = doubt ?? (quarantine === undefined ? undefined : quarantineInWords(quarantine));
  const { missing, unlisted } = pass.inquiries();
  const asked = await readUnlisted(api, unlisted, links, run.raised.maxMissing, signal);
  const concluded = pass.conclude({
    now: now(),
    incomplete,
    unknown: groupsUnknown === undefined ? undefined : { names: rules.byGroups, reason: groupsUnknown },
    absences: await confirmAbsences(connector, missing, incomplete, signal),
    profiles: asked,
  });
  const listed = new Set(org.profiles.map(({ profileId }) => profileId));
  const isForAll = run.only_who === null;
  return {
    reading: 'full',
    reconciliation: chosen.narrow(concluded),
    skipped: isForAll ? [...org.unreadable, ...nameless] : [],
    listed: org.profiles,
    profiles: org.profiles.length,
    // A doubtful list of the org keeps nobody from leaving: whom it lacks was asked for by id. It is told all the same.
    incomplete: incomplete ?? org.doubt,
    doubt,
    rulings: ruled,
    departures,
    // Whom an incomplete reading did not show stays to be looked at again.
    lookedAt: incomplete === undefined ? 'everybody' : [],
    deleted: [],
    gone: run.raised.maxMissing === undefined ? [] : deletedAmong(asked),
    reappeared: goneUntilNow(links).filter((id) => listed.has(id) || asked.get(id)?.kind === 'there'),
    // Changes read on from a reading that is not trusted would never tell of those whom it lacks.
    cursor: incomplete === undefined ? cursor : undefined,
    trusted,
  };
}

const deletedAmong = (asked: ReadonlyMap<ProfileId, LinkedProfile>): readonly ProfileId[] =>
  [...asked].flatMap(([id, { kind }]) => (kind === 'deleted' ? [id] : []));

const goneUntilNow = (links: readonly Link[]): readonly ProfileId[] =>
  links.flatMap(({ goneSince, profileId }) => (goneSince === undefined ? [] : (profileId ?? [])));
