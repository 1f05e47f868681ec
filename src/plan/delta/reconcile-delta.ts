/** A run that reads only what has changed: a reconciliation of the people whom that is about, and of nobody else. */
import type { Anchor, Person, SourceId } from '../../identity/index.ts';
import type { ProfileId } from '../../profile-api/index.ts';
import {
  emailKey,
  indexOrg,
  type LinkedProfile,
  nobodyNew,
  type Org,
  type Reconciliation,
  type Ruling,
  reconciler,
} from '../../reconcile/index.ts';
import type { Link } from '../../store/people/link.ts';
import {
  countActive,
  expectedAnchors,
  holders,
  linksOf,
  othersWithEmail,
  othersWithNumber,
} from '../../store/people/links.ts';
import { rulings } from '../../store/people/rulings.ts';
import { latestCompleteRun, type Run } from '../../store/runs/runs.ts';
import { cursorOf, dueRevisits } from '../../store/sources/cursors.ts';
import { quarantineOf } from '../../store/sources/quarantines.ts';
import type { PlanMeans } from '../plan-means.ts';
import { policyOf } from '../policy.ts';
import { quarantineInWords } from '../reading/quarantine.ts';
import { type OrgReading, profilesById, readOrg } from '../reading/read-org.ts';
import { confirmAbsences } from '../reading/read-source.ts';
import type { Reconciled } from '../reconciled.ts';
import { standingOn } from '../standing.ts';
import { together } from '../whole/together.ts';
import { knownOrg } from './known-org.ts';
import { type Changes, readChanges } from './read-changes.ts';

export type DeltaOutcome =
  | { readonly kind: 'reconciled'; readonly reconciled: Reconciled }
  /** Only the whole source can tell. */
  | { readonly kind: 'whole'; readonly why: string };

const whole = (why: string): DeltaOutcome => ({ kind: 'whole', why });

/** Up to so many profiles are asked for one by one; beyond it, the org is listed. */
const askedForAtMost = 200;

/** With more people than this to be looked at again, changed or not, a whole reading takes no longer. */
const mostRevisits = { count: 1_000, share: 0.1 };

/**
 * Reads what has changed since the last time, and whom to look at again, and compares only those.
 *
 * @param now - the time by which all is judged
 * @returns why the whole source has to be read instead, where it has
 * @throws {SourceError | ProfileApiError} where one side can't be read
 */
export async function reconcileDelta(run: Run, means: PlanMeans, now: Date): Promise<DeltaOutcome> {
  const { db, connector, rules, fingerprint, signal, onProgress } = means;
  const source = run.source_id;
  const tell = connector.changes;
  if (tell === undefined) return whole('This source cannot tell what has changed, as it is configured.');
  const impossible = connector.cannotTellChanges?.({ groups: rules.usesGroups });
  if (impossible !== undefined) return whole(impossible);
  const quarantine = await quarantineOf(db, source);
  if (quarantine !== undefined) return whole(quarantineInWords(quarantine));
  const kept = await cursorOf(db, source);
  if (kept === undefined)
    return whole(
      'There is no complete reading yet from which changes could be told, or the source could not say where it stood.',
    );
  if (kept.fingerprint !== fingerprint)
    return whole('The configuration of the source or the rules have changed since the last reading.');

  const ruled = await rulings(db, source);
  const due = await dueRevisits(db, source, now);
  if (due.length > mostRevisits.count && due.length > (await countActive(db, source)) * mostRevisits.share)
    return whole(`${due.length} people are to be looked at again, changed or not.`);
  const also = [...new Set([...due, ...(await spokenOf(means, ruled))])];

  // The store counts while the source is asked.
  const [read, linkedActive] = await together(
    signal,
    (signal) =>
      [
        readChanges(tell, { since: kept.cursor, also, signal }, rules, now, (identities) =>
          onProgress({ stage: 'source', identities }),
        ),
        countActive(db, source),
      ] as const,
  );
  if (read.kind === 'whole') return read;
  return await reconcileChanges(run, means, { ...read.changes, also, ruled, linkedActive }, now);
}

/** Of whom operators spoke, and who has what was given to them: they are looked at in every run. */
async function spokenOf({ db }: PlanMeans, ruled: readonly Ruling[]): Promise<readonly Anchor[]> {
  const adoptions = ruled.flatMap((ruling) => (ruling.kind === 'adopt' ? [ruling] : []));
  if (adoptions.length === 0) return [];
  const held = await holders(
    db,
    adoptions.map(({ profileId }) => profileId),
  );
  const own = [...held.values()].filter(({ source }) => adoptions.some((one) => one.source === source));
  return [...adoptions, ...own].map(({ anchor }) => anchor);
}

/** Changes, and what has to be known of everybody besides. */
interface ChangesAmongOthers extends Changes {
  /** Whom to look at again, changed or not. */
  readonly also: readonly Anchor[];
  readonly ruled: readonly Ruling[];
  readonly linkedActive: number;
}

async function reconcileChanges(
  run: Run,
  means: PlanMeans,
  changes: ChangesAmongOthers,
  now: Date,
): Promise<DeltaOutcome> {
  const { db, connector, api, rules, config, signal, onProgress } = means;
  const source = run.source_id;
  const { people, departures, broken, also, ruled, linkedActive } = changes;
  // Of those whom a broken delta did not come to, nothing can be said.
  const concerned = [
    ...new Set([
      ...people.keys(),
      ...departures.keys(),
      ...(broken === undefined ? also : []),
      ...(await outOfView(means, source, changes)),
    ]),
  ];
  const links = withDeletions(await linksOf(db, source, concerned), changes, now);
  const own = concerned.length === 0 ? undefined : (await api.whoAmI(signal)).profileId;
  const isConcerned = new Set(concerned);
  const about = ruled.filter(({ anchor }) => isConcerned.has(anchor));
  const standing = await standingOn(db, source, concerned, now);
  const claimed = about.flatMap((ruling) => (ruling.kind === 'adopt' ? [ruling.profileId] : []));

  const concluded = async (
    org: Org,
    held: Awaited<ReturnType<typeof holders>>,
    ask: (ids: readonly ProfileId[]) => Promise<ReadonlyMap<ProfileId, LinkedProfile>>,
  ): Promise<Reconciliation> => {
    const policy = policyOf(config, rules, own, now);
    const pass = reconciler({ source, org, links, holders: held, ...standing, rulings: about, policy });
    for (const person of people.values()) pass.see(person);
    const { missing, unlisted } = pass.inquiries();
    return pass.conclude({
      now,
      incomplete: broken,
      absences: await confirmAbsences(connector, missing, broken, signal),
      profiles: await ask(unlisted),
    });
  };

  onProgress({ stage: 'plan' });
  const latest = (await latestCompleteRun(db, source))?.summary;
  const reconciled = (
    reconciliation: Reconciliation,
    org?: Pick<OrgReading, 'unreadable' | 'doubt'> & { readonly listed: Org },
  ): DeltaOutcome => ({
    kind: 'reconciled',
    reconciled: {
      reading: 'delta',
      newcomers: nobodyNew,
      reconciliation: { ...reconciliation, counts: { ...reconciliation.counts, linkedActive } },
      skipped: [...changes.nameless, ...(org?.unreadable ?? [])],
      listed: org?.listed,
      profiles: org?.listed.size ?? Math.max(latest?.profiles ?? 0, linkedActive),
      incomplete: broken ?? org?.doubt,
      doubt: broken,
      rulings: ruled,
      departures: standing.departures,
      lookedAt: concerned,
      deleted: links.flatMap(({ anchor, deletedSince }) => (deletedSince === now ? [anchor] : [])),
      gone: [],
      reappeared: [],
      cursor: changes.cursor,
    },
  });

  const ids = [...new Set([...links.flatMap(({ profileId }) => profileId ?? []), ...claimed])];
  if (ids.length <= askedForAtMost && !isAnybodyNew(people, links)) {
    const profiles = await profilesById(api, ids, signal);
    const { org, wasSearched } = knownOrg(profiles);
    const reconciliation = await concluded(org, await holders(db, ids), async () => profiles);
    if (!wasSearched()) return reconciled(reconciliation);
  }

  const former = await formerSelf(means, run, people, links);
  if (former !== undefined) return whole(former);
  const listing = await readOrg(api, signal, (profiles) => onProgress({ stage: 'org', profiles }));
  const org = indexOrg(listing.profiles);
  const twin = await twinOf(means, run, people, concerned, org);
  if (twin !== undefined) return whole(twin);
  const ask = (wanted: readonly ProfileId[]) => profilesById(api, wanted, signal);
  return reconciled(await concluded(org, await holders(db), ask), { ...listing, listed: org });
}

/** Whom a source no longer shows that tells only who is there. Who is known to be away is looked at when their time has come. */
async function outOfView(
  { db }: PlanMeans,
  source: SourceId,
  { inView, people }: Changes,
): Promise<readonly Anchor[]> {
  if (inView === undefined) return [];
  const expected = await expectedAnchors(db, source);
  return expected.filter((anchor) => !inView.has(anchor) && !people.has(anchor));
}

/** Whom the source calls deleted is so from now on, and whoever it shows is not. */
const withDeletions = (links: readonly Link[], { departures }: Changes, now: Date): readonly Link[] =>
  links.map((link) =>
    departures.get(link.anchor)?.kind === 'deleted' && link.deletedSince === undefined
      ? { ...link, deletedSince: now }
      : link,
  );

/** Whether somebody belongs in the org who has no link: only the whole org tells whether they have a profile. */
function isAnybodyNew(people: ReadonlyMap<Anchor, Person>, links: readonly Link[]): boolean {
  const linked = new Set(links.map(({ anchor }) => anchor));
  return [...people.values()].some(({ kind, anchor }) => kind === 'member' && !linked.has(anchor));
}

/**
 * Somebody new who has the employee number of somebody else may be that one under another id, who may be gone.
 *
 * @returns why only a whole reading can tell
 */
async function formerSelf(
  { db, config }: PlanMeans,
  run: Run,
  people: ReadonlyMap<Anchor, Person>,
  links: readonly Link[],
): Promise<string | undefined> {
  if (!config.correlation.includes('employee-number')) return undefined;
  const linked = links.map(({ anchor }) => anchor);
  const numbers = [...people.values()].flatMap(({ kind, anchor, employeeNumber }) =>
    kind === 'member' && employeeNumber !== undefined && !linked.includes(anchor) ? [employeeNumber] : [],
  );
  const [former] = await othersWithNumber(db, run.source_id, numbers, linked);
  if (former === undefined) return undefined;
  return `Somebody new has the employee number ${former.employeeNumber}, which is that of ${former.label}; whether they are one person, only the whole source tells.`;
}

/**
 * Two people of a source with one address are in conflict. The other one may be somebody whom the delta does not show, and
 * whose profile does not show the address either, since somebody changed it in the org.
 *
 * @returns why only a whole reading can tell
 */
async function twinOf(
  { db }: PlanMeans,
  run: Run,
  people: ReadonlyMap<Anchor, Person>,
  concerned: readonly Anchor[],
  org: Org,
): Promise<string | undefined> {
  const emails = [...people.values()].flatMap((one) => (one.kind === 'member' ? [emailKey(one.email)] : []));
  const others = await othersWithEmail(db, run.source_id, emails, concerned);
  const twin = others.find(({ profileId, applied }) => {
    const shown = profileId === undefined ? undefined : org.byId(profileId)?.email;
    return shown === undefined || emailKey(shown) !== emailKey(String(applied.email));
  });
  if (twin === undefined) return undefined;
  return `Somebody has the e-mail address ${String(twin.applied.email)}, which was also that of ${twin.label}; whose it is, only the whole source tells.`;
}
