/** Reads the org and the source at the same time, and keeps of each what may still be asked for. */
import { version } from '../../../config/version.ts';
import type { Identity, Person } from '../../identity/index.ts';
import {
  type GrowingOrg,
  growingOrg,
  type NewcomerBook,
  newcomerBook,
  type Policy,
  type RestBook,
  restBook,
} from '../../reconcile/index.ts';
import type { World } from '../../reconcile/reconciliation.ts';
import type { Run } from '../../store/runs/runs.ts';
import type { PlanMeans } from '../plan-means.ts';
import { listOrg, type OrgReading } from '../reading/read-org.ts';
import { type Onlooker, readSource, type SourceReading } from '../reading/read-source.ts';
import { readTies } from './read-ties.ts';
import { together } from './together.ts';

/** Of whom more is known than their record and their link. */
type Known = Pick<World, 'offers' | 'rulings' | 'departures' | 'leaveDates'>;

/** A look at everybody who is read in full, besides what they come to. */
export interface Glance {
  /** @returns whether they have to be looked at in full the next time too */
  consider(identity: Identity): boolean;
  /** Whether a record that is known is as good as a look. */
  readonly mayRecall: boolean;
}

export interface BothSides {
  readonly org: GrowingOrg;
  readonly listing: Pick<OrgReading, 'unreadable' | 'doubt'>;
  readonly source: SourceReading;
  readonly rest: RestBook;
  /** Whoever is not at rest for all that the source shows of them, nor new, in the order in which they were seen. */
  readonly people: readonly Person[];
  readonly newcomers: NewcomerBook;
  /** How many people the source has links of. */
  readonly linked: number;
}

/**
 * The links come first, and what the profiles of the org's first page show: then nobody has to be kept who is at rest.
 *
 * @throws {SourceError | ProfileApiError} where one side can't be read
 */
export async function readSides(
  run: Pick<Run, 'source_id'>,
  means: PlanMeans,
  known: Known,
  policy: Policy,
  since: Date,
  glance: Glance,
): Promise<BothSides> {
  const { db, connector, api, rules, fingerprint, config, onProgress } = means;
  const firstPage = Promise.withResolvers<readonly string[]>();
  const org = growingOrg();
  const people: Person[] = [];
  const spokenOf = new Set([
    ...known.rulings.map(({ anchor }) => anchor),
    ...known.departures.keys(),
    ...known.leaveDates.keys(),
  ]);
  const newcomers = newcomerBook(policy, spokenOf);
  let linked = 0;
  let listedSoFar = 0;

  const tied = async (): Promise<RestBook> => {
    const rest = restBook({
      ...{ policy, mapped: rules.mapped },
      spokenOf,
      given: new Set(known.offers.keys()),
      conditions: JSON.stringify([version, fingerprint, config.guards.sentinels, weekOf(since)]),
    });
    for await (const page of readTies(db, run.source_id)) {
      for (const tie of page) rest.tie(tie);
      linked += page.length;
    }
    rest.profilesShow(await firstPage.promise);
    return rest;
  };

  const [listing, source, rest] = await together(means.signal, (signal) => {
    const book = tied();
    const listed = listOrg(api, signal, async (profiles) => {
      const [first] = profiles;
      if (first !== undefined) firstPage.resolve(Object.keys(first.attributes));
      const rest = await book;
      for (const profile of profiles) org.add(profile);
      rest.list(profiles);
      listedSoFar += profiles.length;
      onProgress({ stage: 'org', profiles: listedSoFar });
    });
    // Nor does anybody wait for the first page of an org that is empty, or can't be listed.
    const isOver = () => firstPage.resolve([]);
    listed.then(isOver, isOver);
    const read = async (): Promise<SourceReading> => {
      const rest = await book;
      const onlooker: Onlooker = {
        see(person, identity) {
          const isWatched = identity !== undefined && glance.consider(identity);
          if (!rest.see(person, isWatched ? undefined : identity?.print)) return;
          if (rest.isTied(person.anchor) || !newcomers.see(person, people.length)) people.push(person);
        },
        recall: glance.mayRecall && rules.attributes !== 'all' ? rest.knows : undefined,
        seeAgain: rest.seeAgain,
      };
      return await readSource(connector, rules, onlooker, since, signal, (identities) =>
        onProgress({ stage: 'source', identities }),
      );
    };
    return [listed, read(), book] as const;
  });
  return { org, listing, source, rest, people, newcomers, linked };
}

/** Nobody is taken on their record's word for longer than a week, whatever may be wrong with that. */
const weekOf = (time: Date): number => Math.floor(time.getTime() / 604_800_000);
