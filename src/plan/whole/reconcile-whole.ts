/** A run that reads both sides as a whole. */
import type { Identity } from '../../identity/index.ts';
import type { ProfileId } from '../../profile-api/index.ts';
import { type LinkedProfile, type Reconciliation, reconciler } from '../../reconcile/index.ts';
import { departuresInForce } from '../../store/departures/departures.ts';
import { leaveDates } from '../../store/departures/leave-dates.ts';
import { claimsOn, offersOn } from '../../store/people/claims.ts';
import { linksCalled } from '../../store/people/find-links.ts';
import type { Link } from '../../store/people/link.ts';
import { rulings } from '../../store/people/rulings.ts';
import type { Run } from '../../store/runs/runs.ts';
import { quarantineOf } from '../../store/sources/quarantines.ts';
import { chooser } from '../one-person.ts';
import type { PlanMeans } from '../plan-means.ts';
import { policyOf } from '../policy.ts';
import { quarantineInWords } from '../reading/quarantine.ts';
import { readUnlisted } from '../reading/read-org.ts';
import { confirmAbsences } from '../reading/read-source.ts';
import type { Reconciled } from '../reconciled.ts';
import { readingJudge } from '../trust/trust.ts';
import { readSides } from './read-sides.ts';
import { rememberRecords } from './read-ties.ts';
import { stirredWorld } from './stirred-world.ts';

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
  const known = {
    rulings: await rulings(db, run.source_id),
    departures: await departuresInForce(db, run.source_id, since),
    leaveDates: await leaveDates(db, run.source_id),
    offers: await offersOn(db, run.source_id),
  };
  const policy = policyOf(config, rules, own.profileId, since);
  const chosen = chooser(run.only_who, await linksMeant(means, run));
  const trust = readingJudge(db, run, config.guards);
  const glance = {
    consider(identity: Identity): boolean {
      chosen.consider(identity);
      return trust.see(identity);
    },
    // Records don't tell what somebody is called.
    mayRecall: run.only_who === null,
  };
  const sides = await readSides(run, means, known, policy, since, glance);
  onProgress({ stage: 'plan' });

  const { org, listing, rest, linked, newcomers } = sides;
  const isForAll = run.only_who === null;
  const { nameless, cursor, groupsUnknown } = sides.source;
  // One person may be anybody; and what nobody can know has to be left out of each.
  const people =
    isForAll && groupsUnknown === undefined
      ? newcomers.joinedBy(sides.people, org)
      : newcomers.joinedByAll(sides.people);
  const stirred = await stirredWorld(db, run, sides, people, known.rulings, policy);
  const { links } = stirred;
  const pass = reconciler({
    ...{ source: run.source_id, org, links, holders: stirred.holders, policy, ...known },
    claims: await claimsOn(db, run.source_id),
  });
  for (const person of stirred.people) pass.see(person);

  const { incomplete: doubt, trusted } = await trust.judge(sides.source, since);
  const quarantine = await quarantineOf(db, run.source_id);
  const incomplete = doubt ?? (quarantine === undefined ? undefined : quarantineInWords(quarantine));
  if (incomplete === undefined) await rememberRecords(db, run.source_id, rest.learnt());
  const { missing, unlisted } = pass.inquiries();
  const asked = await readUnlisted(api, unlisted, links, linked, run.raised.maxMissing, signal);
  const concluded = pass.conclude({
    now: now(),
    incomplete,
    unknown: groupsUnknown === undefined ? undefined : { names: rules.byGroups, reason: groupsUnknown },
    absences: await confirmAbsences(connector, missing, incomplete, signal),
    profiles: asked,
  });
  return {
    reading: 'full',
    reconciliation: chosen.narrow({
      ...concluded,
      counts: [rest.counts(), newcomers.counts()].reduce(added, concluded.counts),
    }),
    newcomers,
    skipped: isForAll ? [...listing.unreadable, ...nameless] : [],
    listed: org,
    profiles: org.size,
    // A doubtful list of the org keeps nobody from leaving: whom it lacks was asked for by id. It is told all the same.
    incomplete: incomplete ?? listing.doubt,
    doubt,
    rulings: known.rulings,
    departures: known.departures,
    // Whom an incomplete reading did not show stays to be looked at again.
    lookedAt: incomplete === undefined ? 'everybody' : [],
    deleted: [],
    gone: run.raised.maxMissing === undefined ? [] : deletedAmong(asked),
    reappeared: goneUntilNow(links).filter(
      (id) => org.byId(id) !== undefined || asked.get(id)?.kind === 'there',
    ),
    // Changes read on from a reading that is not trusted would never tell of those whom it lacks.
    cursor: incomplete === undefined ? cursor : undefined,
    trusted,
  };
}

const linksMeant = async (
  { db }: Pick<PlanMeans, 'db'>,
  run: Pick<Run, 'source_id' | 'only_who'>,
): Promise<readonly Link[]> =>
  run.only_who === null ? [] : await linksCalled(db, [run.source_id], run.only_who);

type Counts = Reconciliation['counts'];

const added = (one: Counts, other: Counts): Counts => ({
  identities: one.identities + other.identities,
  inScope: one.inScope + other.inScope,
  unchanged: one.unchanged + other.unchanged,
  linkedActive: one.linkedActive + other.linkedActive,
});

const deletedAmong = (asked: ReadonlyMap<ProfileId, LinkedProfile>): readonly ProfileId[] =>
  [...asked].flatMap(([id, { kind }]) => (kind === 'deleted' ? [id] : []));

const goneUntilNow = (links: readonly Link[]): readonly ProfileId[] =>
  links.flatMap(({ goneSince, profileId }) => (goneSince === undefined ? [] : (profileId ?? [])));
