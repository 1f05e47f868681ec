/** One person of one source: what was heard of them just now, joined with what the store knows. */
import type { Sighting } from '../../../connectors/connector.ts';
import { entriesOf, whoMadeRuns } from '../../audit/index.ts';
import type { Anchor, Person, Rules, SourceId } from '../../identity/index.ts';
import { holdOver, type Outlook, precedenceOf } from '../../plan/index.ts';
import { ProfileApiError } from '../../profile-api/index.ts';
import { compare, withOffers } from '../../reconcile/index.ts';
import { standingWord } from '../../store/departures/departures.ts';
import { type Operation, openOperationsOf } from '../../store/operations/operations.ts';
import { offersOn } from '../../store/people/claims.ts';
import type { Link } from '../../store/people/link.ts';
import { linkOf } from '../../store/people/links.ts';
import { rulingOn } from '../../store/people/rulings.ts';
import { findingAbout, latestRuns, runOf } from '../../store/runs/runs.ts';
import type { Engine } from '../engine.ts';
import type {
  ComparedAttribute,
  ExplainedPerson,
  History,
  Next,
  OpenOperation,
  ProfileState,
  SourceEntry,
} from './explanation.ts';

/** What was heard of them from live systems. */
export type LiveWord =
  | { readonly kind: 'asked'; readonly rules: Rules; readonly shown: Sighting; readonly outlook: Outlook }
  /** The source has answered, and the org has not. */
  | { readonly kind: 'no-org'; readonly rules: Rules; readonly shown: Sighting; readonly sentence: string }
  | { readonly kind: 'down'; readonly rules: Rules; readonly sentence: string };

type Db = Engine['store']['db'];
type Wanted = ReturnType<typeof withOffers>;

/** As many as a page or two hold; `audit list` has the rest. */
const entriesShown = 40;

/** @param live - undefined for a source that is not configured any more */
export async function personFromStore(
  { store: { db }, api, config }: Pick<Engine, 'store' | 'api' | 'config'>,
  {
    source,
    anchor,
    label,
    email,
  }: {
    readonly source: SourceId;
    readonly anchor: Anchor;
    readonly label: string | undefined;
    readonly email: string | undefined;
  },
  live: LiveWord | undefined,
  now: Date,
): Promise<ExplainedPerson> {
  const link = await linkOf(db, source, anchor);
  const entry = entryOf(live, now);
  const person = entry.kind === 'seen' ? entry.person : undefined;
  const profile = await profileOf(live, link, api);
  return {
    source,
    anchor,
    label: person?.label ?? link?.label ?? label ?? anchor,
    email: person?.email ?? link?.email ?? email,
    entry,
    link,
    profile,
    comparison: comparisonOf(await wantedOf(person, source, config, db), profile, link, live?.rules),
    ruling: await rulingOn(db, source, anchor),
    departure: await standingWord(db, { source, anchor }),
    next: nextOf(live),
    open: await openOf(db, await openOperationsOf(db, source, anchor)),
    history: await historyOf(db, source, anchor),
  };
}

function entryOf(live: LiveWord | undefined, now: Date): SourceEntry {
  if (live === undefined) return { kind: 'not-configured' };
  if (live.kind === 'down') return { kind: 'unreachable', sentence: live.sentence };
  const { rules, shown } = live;
  const { incomplete } = shown;
  const [identity] = shown.identities;
  if (identity !== undefined) {
    const person = rules.judge(identity, now);
    return { kind: 'seen', identity, person, trace: rules.trace(identity), incomplete };
  }
  const [record] = shown.skipped;
  if (record !== undefined) return { kind: 'unusable', reason: record.reason };
  const absence = live.kind === 'asked' ? live.outlook.absence : undefined;
  return { kind: 'not-shown', absence, incomplete };
}

/** Where the source could not be asked, the org still can be: by the id that the link has. */
async function profileOf(
  live: LiveWord | undefined,
  link: Link | undefined,
  api: Engine['api'],
): Promise<ProfileState> {
  if (live?.kind === 'asked') return live.outlook.profile ?? { kind: 'none' };
  if (live?.kind === 'no-org') return { kind: 'unknown', sentence: live.sentence };
  if (link?.profileId === undefined) return { kind: 'none' };
  try {
    return { kind: 'there', profile: await api.get(link.profileId) };
  } catch (error) {
    if (!(error instanceof ProfileApiError)) throw error;
    if (error.answer.kind === 'not-found') return { kind: 'deleted' };
    return { kind: 'unknown', sentence: error.message };
  }
}

/** What is wanted of a member, other sources' values that go first included. */
async function wantedOf(
  person: Person | undefined,
  source: SourceId,
  config: Engine['config'],
  db: Db,
): Promise<Wanted | undefined> {
  if (person?.kind !== 'member') return undefined;
  const offers = [...(await offersOn(db, source, [person.anchor])).values()].flat();
  return withOffers(person, source, offers, precedenceOf(config));
}

function comparisonOf(
  wantedOfThem: Wanted | undefined,
  profile: ProfileState,
  link: Link | undefined,
  rules: Rules | undefined,
): readonly ComparedAttribute[] {
  if (wantedOfThem === undefined || profile.kind !== 'there' || rules === undefined) return [];
  const { attributes } = profile.profile;
  const known = link ?? { applied: {}, unkept: {} };
  const { member, givenBy } = wantedOfThem;
  return Object.entries(member.desired).map(([attribute, wanted]) => ({
    attribute,
    wanted,
    shown: attributes[attribute],
    compared: compare(attribute, wanted, profile.profile, known, rules.authority),
    givenBy: givenBy.get(attribute),
  }));
}

function nextOf(live: LiveWord | undefined): Next {
  switch (live?.kind) {
    case undefined:
      return { kind: 'unknown', sentence: 'The source is not in the configuration: no run reads it.' };
    case 'asked':
      return { ...live.outlook.next, wasOrgListed: live.outlook.wasOrgListed };
    case 'down':
      return {
        kind: 'unknown',
        sentence: 'The source can’t be read, so the next run would fail, and change nothing.',
      };
    case 'no-org':
      return {
        kind: 'unknown',
        sentence: 'The org can’t be read, so the next run would fail, and change nothing.',
      };
    default:
      return live satisfies never;
  }
}

async function openOf(db: Db, operations: readonly Operation[]): Promise<readonly OpenOperation[]> {
  return await Promise.all(
    operations.map(async (operation) => {
      const run = await runOf(db, operation.run_id);
      const hold = holdOver(run?.summary?.holds ?? [], operation);
      const waits = operation.state === 'held' || operation.state === 'planned';
      return {
        operation,
        guard: operation.hold === null ? undefined : (hold?.sentence ?? operation.hold),
        expiresAt: waits ? (run?.expires_at ?? undefined) : undefined,
      };
    }),
  );
}

async function historyOf(db: Db, source: SourceId, anchor: Anchor): Promise<History> {
  const entries = await entriesOf(db, source, anchor, entriesShown);
  const runs = [...new Set(entries.flatMap(({ run_id }) => run_id ?? []))];
  const latest = await latestRuns(db, 20, { source });
  const lastRun = latest.find((run) => run.only_who === null && run.summary !== null);
  return {
    entries,
    runsBy: await whoMadeRuns(db, runs),
    lastRun,
    lastFinding: lastRun === undefined ? undefined : await findingAbout(db, lastRun.id, anchor),
  };
}
