/** What the next run would do for one person: the same reconciliation, of them and of whoever they have to do with. */
import type { Sighting } from '../../connectors/connector.ts';
import type { Anchor, Person, SourceId } from '../identity/index.ts';
import type { ProfileId } from '../profile-api/index.ts';
import {
  type Absence,
  emailKey,
  indexOrg,
  type LinkedProfile,
  nobodyNew,
  type Org,
  type ProposedOperation,
  type Reconciliation,
  type Ruling,
  reconciler,
} from '../reconcile/index.ts';
import { type Operation, openOperationsOf } from '../store/operations/operations.ts';
import type { Link } from '../store/people/link.ts';
import { holders, linksOf } from '../store/people/links.ts';
import { rulings } from '../store/people/rulings.ts';
import type { NamedFinding } from '../store/runs/runs.ts';
import { quarantineOf } from '../store/sources/quarantines.ts';
import { knownOrg } from './delta/known-org.ts';
import { isSameOperation } from './freeze/held-before.ts';
import { withoutUnsettled } from './freeze/unsettled.ts';
import { withoutLastAdministrator } from './last-administrator.ts';
import type { PlanMeans } from './plan-means.ts';
import { policyOf } from './policy.ts';
import { quarantineInWords } from './reading/quarantine.ts';
import { profilesById, readOrg } from './reading/read-org.ts';
import { confirmAbsences } from './reading/read-source.ts';
import type { Reconciled } from './reconciled.ts';
import { standingOn } from './standing.ts';
import { inTheOrgsWords } from './vocabulary.ts';

/** As much of a run's means as an outlook needs. It stores nothing, but reads both sides. */
export type OutlookMeans = Pick<
  PlanMeans,
  'db' | 'connector' | 'api' | 'rules' | 'config' | 'signal' | 'onProgress'
>;

/** What the next run would find and do. */
export interface Outlook {
  /** Their profile as the org has it now; undefined where they have none that is known. */
  readonly profile: LinkedProfile | undefined;
  /** What a look-up by anchor told, of somebody whom the source did not show. */
  readonly absence: Absence | undefined;
  /** Whether the whole org had to be listed, since only that tells whether somebody has a profile already. */
  readonly wasOrgListed: boolean;
  readonly next: NextStep;
}

/** What the next run would do. */
export type NextStep =
  | { readonly kind: 'operation'; readonly operation: ProposedOperation }
  /** A plan holds the same already. */
  | { readonly kind: 'held'; readonly operation: Operation }
  /** Nothing is done, for a reason. */
  | { readonly kind: 'finding'; readonly finding: NamedFinding }
  /** They are as they should be. */
  | { readonly kind: 'nothing' };

/**
 * Looks at one person as a run would, and stores nothing.
 *
 * @param shown - what the source shows under their names
 * @param now - the time by which all is judged
 * @throws {SourceError | ProfileApiError} where one side can't be asked
 */
export async function outlookFor(
  source: SourceId,
  anchor: Anchor,
  shown: Sighting,
  means: OutlookMeans,
  now: Date,
): Promise<Outlook> {
  const { db, connector, api, rules, config, signal, onProgress } = means;
  const ruled = await rulings(db, source);
  const { people, links, incomplete, groupsUnknown } = await company(
    source,
    anchor,
    shown,
    ruled,
    means,
    now,
  );
  const concerned = new Set([anchor, ...people.keys(), ...links.map((link) => link.anchor)]);
  const about = ruled.filter((ruling) => concerned.has(ruling.anchor));
  const standing = await standingOn(db, source, [...concerned], now);
  const policy = policyOf(config, rules, (await api.whoAmI(signal)).profileId, now);

  const claimed = about.flatMap((ruling) => (ruling.kind === 'adopt' ? [ruling.profileId] : []));
  const ids = [...new Set([...links.flatMap(({ profileId }) => profileId ?? []), ...claimed])];
  const profiles = await profilesById(api, ids, signal);
  let absences: ReadonlyMap<Anchor, Absence> = new Map();

  const concluded = async (
    org: Org,
    held: Awaited<ReturnType<typeof holders>>,
    ask: (ids: readonly ProfileId[]) => Promise<ReadonlyMap<ProfileId, LinkedProfile>>,
  ): Promise<Reconciliation> => {
    const pass = reconciler({ source, org, links, holders: held, ...standing, rulings: about, policy });
    for (const person of people.values()) pass.see(person);
    const { missing, unlisted } = pass.inquiries();
    absences = await confirmAbsences(connector, missing, incomplete, signal);
    const unknown =
      groupsUnknown === undefined ? undefined : { names: rules.byGroups, reason: groupsUnknown };
    return pass.conclude({ now, incomplete, unknown, absences, profiles: await ask(unlisted) });
  };

  const byId = knownOrg(profiles);
  let org = byId.org;
  let reconciliation = await concluded(org, await holders(db, ids), async () => profiles);
  let listed: Org | undefined;
  if (byId.wasSearched()) {
    const listing = await readOrg(api, signal, (read) => onProgress({ stage: 'org', profiles: read }));
    listed = indexOrg(listing.profiles);
    org = listed;
    reconciliation = await concluded(org, await holders(db), (wanted) => profilesById(api, wanted, signal));
  }

  const inWords = await inTheOrgsWords(reconciliation, nobodyNew, means);
  const known = await withoutLastAdministrator(inWords, listed, { ...means, now: () => now });
  const next = await nextStep(
    source,
    anchor,
    known,
    { rulings: ruled, departures: standing.departures },
    means,
    now,
  );
  const tied =
    links.find((link) => link.anchor === anchor)?.profileId ??
    reconciliation.resolved.find((link) => link.anchor === anchor)?.profileId ??
    (next.kind === 'operation' ? next.operation.profileId : undefined);
  const own = tied === undefined ? undefined : org.byId(tied);
  return {
    profile:
      own !== undefined
        ? { kind: 'there', profile: own }
        : tied === undefined
          ? undefined
          : profiles.get(tied),
    absence: absences.get(anchor),
    wasOrgListed: listed !== undefined,
    next,
  };
}

interface Company {
  readonly people: ReadonlyMap<Anchor, Person>;
  readonly links: readonly Link[];
  readonly incomplete: string | undefined;
  readonly groupsUnknown: string | undefined;
}

/** The person, whoever of the source has their address too, and whoever an operator spoke of over the same profile. */
async function company(
  source: SourceId,
  anchor: Anchor,
  shown: Sighting,
  ruled: readonly Ruling[],
  { db, connector, rules, signal }: OutlookMeans,
  now: Date,
): Promise<Company> {
  const own = await linksOf(db, source, [anchor]);
  const rivals = await rivalsOver(source, anchor, own[0]?.profileId, ruled, db);
  const first = judged(shown, rules, now);
  const email = addressOf(first.get(anchor));
  const names = [...rivals, ...(email === undefined ? [] : [email])];
  const request = { attributes: rules.attributes, groups: rules.usesGroups, signal };
  const around = names.length === 0 ? undefined : await connector.find(names, request);
  const all = new Map([...(around === undefined ? [] : judged(around, rules, now)), ...first]);
  const isMeant = (person: Person): boolean =>
    person.anchor === anchor ||
    rivals.includes(person.anchor) ||
    (email !== undefined && addressOf(person) === email);
  const people = new Map([...all].filter(([, person]) => isMeant(person)));
  const quarantine = await quarantineOf(db, source);
  return {
    people,
    links: await linksOf(db, source, [...new Set([anchor, ...people.keys(), ...rivals])]),
    incomplete:
      shown.incomplete ??
      around?.incomplete ??
      (quarantine === undefined ? undefined : quarantineInWords(quarantine)),
    groupsUnknown: shown.groupsUnknown ?? around?.groupsUnknown,
  };
}

const addressOf = (person: Person | undefined): string | undefined =>
  person?.kind === 'member' ? emailKey(person.email) : undefined;

function judged(
  { identities, skipped }: Sighting,
  rules: OutlookMeans['rules'],
  now: Date,
): ReadonlyMap<Anchor, Person> {
  return new Map([
    ...skipped.flatMap(({ anchor, label, reason }): [Anchor, Person][] =>
      anchor === undefined ? [] : [[anchor, { kind: 'skipped', anchor, label, email: undefined, reason }]],
    ),
    ...identities.map((identity): [Anchor, Person] => [identity.anchor, rules.judge(identity, now)]),
  ]);
}

/** Who has the profile that is to be theirs, and who is to have the one that is theirs. */
async function rivalsOver(
  source: SourceId,
  anchor: Anchor,
  profile: ProfileId | undefined,
  ruled: readonly Ruling[],
  db: OutlookMeans['db'],
): Promise<readonly Anchor[]> {
  const adoptions = ruled.flatMap((ruling) => (ruling.kind === 'adopt' ? [ruling] : []));
  const wanted = adoptions.flatMap((one) => (one.anchor === anchor ? [one.profileId] : []));
  const held = wanted.length === 0 ? [] : [...(await holders(db, wanted)).values()];
  const heirs = adoptions.filter((one) => one.profileId === profile);
  return [...held.filter((holder) => holder.source === source), ...heirs].flatMap((one) =>
    one.anchor === anchor ? [] : [one.anchor],
  );
}

async function nextStep(
  source: SourceId,
  anchor: Anchor,
  { operations, findings }: Reconciliation,
  words: Pick<Reconciled, 'rulings' | 'departures'>,
  { db }: OutlookMeans,
  now: Date,
): Promise<NextStep> {
  const proposed = operations.filter((operation) => operation.anchor === anchor);
  const open = await openOperationsOf(db, source, anchor);
  const isUnderWay = open.some(({ state }) => state === 'queued' || state === 'running');
  const { settled, findings: left } = await db
    .transaction()
    .execute((tx) =>
      withoutUnsettled(
        tx,
        { source_id: source },
        { reconciliation: { operations: proposed }, ...words, readingSince: now },
        new Set(isUnderWay ? [anchor] : []),
        now,
      ),
    );
  const [operation] = settled;
  if (operation !== undefined) {
    const held = open.find((one) => one.state === 'held' && isSameOperation(one, operation));
    return held === undefined ? { kind: 'operation', operation } : { kind: 'held', operation: held };
  }
  const finding = [...left, ...findings].find((one) => one.anchor === anchor);
  return finding === undefined ? { kind: 'nothing' } : { kind: 'finding', finding };
}
