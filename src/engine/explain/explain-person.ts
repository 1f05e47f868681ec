/** Explains one person, from live systems as far as they answer, and from the store for the rest. Nothing is stored. */

import type { Sighting } from '../../../connectors/connector.ts';
import { openConnector, SourceError } from '../../../connectors/index.ts';
import { peopleInLog } from '../../audit/index.ts';
import type { Anchor, Identity, SourceId } from '../../identity/index.ts';
import { type OutlookMeans, outlookFor, type PlanProgress } from '../../plan/index.ts';
import { ProfileApiError } from '../../profile-api/index.ts';
import { linksCalled } from '../../store/people/find-links.ts';
import type { ConfiguredSource, Engine } from '../engine.ts';
import { discreetly } from './discreet.ts';
import type { Explanation } from './explanation.ts';
import { type LiveWord, personFromStore } from './person.ts';
import { type Candidate, distinctPeople, whoIsMeant } from './who-is-meant.ts';

/** One person explained, or why it can't be said which one is meant. */
export type ExplainOutcome =
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  | { readonly kind: 'nobody'; readonly lookedAt: LookedAt }
  | { readonly kind: 'several'; readonly people: readonly Candidate[] };

/** Where somebody was looked for who was not found. */
export interface LookedAt {
  readonly sources: readonly SourceId[];
  /** Why one of them may know somebody all the same. */
  readonly doubts: readonly string[];
  readonly isDown: boolean;
}

/** Who is to be explained, and how far to look. */
export interface ExplainRequest {
  readonly who: string;
  /** Where to look; every source where undefined, those that are not configured any more included. */
  readonly source: ConfiguredSource | undefined;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Told again and again while people are read. */
  readonly onProgress: (progress: PlanProgress) => void;
}

/** What one source said when asked for the names. */
interface Asked {
  readonly source: ConfiguredSource;
  readonly sighting: Sighting | undefined;
  /** Why it could not be asked. */
  readonly down: string | undefined;
  ask<Result>(work: (means: Pick<OutlookMeans, 'connector' | 'rules'>) => Promise<Result>): Promise<Result>;
}

/**
 * Explains whoever goes by an e-mail address, login, anchor or profile id. A part that can't be reached is
 * named in the explanation and hides no other.
 */
export async function explainPerson(
  engine: Pick<Engine, 'store' | 'api' | 'config' | 'sources'>,
  request: ExplainRequest,
): Promise<ExplainOutcome> {
  return await withCandidates(engine, request, async (candidates, asked) => {
    const meant = whoIsMeant(candidates);
    if ('several' in meant) return { kind: 'several', people: meant.several };
    if (meant.people.length === 0) return { kind: 'nobody', lookedAt: lookedAt(asked) };

    const people = await Promise.all(
      meant.people.map(async (one) => {
        const source = asked.find((other) => other.source.id === one.source);
        const live = source === undefined ? undefined : await liveWord(engine, source, one.anchor, request);
        const person = await personFromStore(engine, one, live, request.now);
        // The mapping is the same for every source, those that are not configured any more included.
        return discreetly(person, engine.sources[0]?.rules.secret ?? new Set());
      }),
    );
    return {
      kind: 'explained',
      explanation: {
        who: request.who,
        at: request.now,
        people,
        namesakes: meant.namesakes.map(({ source, anchor, label, email }) => ({
          ...{ source, anchor },
          label: label ?? email ?? anchor,
        })),
      },
    };
  });
}

/** Everybody who is called so now in a source, or is or was in the store, and how far it could be looked. */
export async function peopleCalled(
  engine: Pick<Engine, 'store' | 'sources'>,
  request: Pick<ExplainRequest, 'who' | 'source' | 'signal'>,
): Promise<{ readonly people: readonly Candidate[]; readonly lookedAt: LookedAt }> {
  return await withCandidates(engine, request, async (candidates, asked) => ({
    people: distinctPeople(candidates),
    lookedAt: lookedAt(asked),
  }));
}

/** @param use - given everybody who is or was called so; the sources stay open for it */
async function withCandidates<Result>(
  { store: { db }, sources: all }: Pick<Engine, 'store' | 'sources'>,
  request: Pick<ExplainRequest, 'who' | 'source' | 'signal'>,
  use: (candidates: readonly Candidate[], asked: readonly Asked[]) => Promise<Result>,
): Promise<Result> {
  const { who, source: only } = request;
  const linked = await linksCalled(db, only === undefined ? undefined : [only.id], who);
  const logged = (await peopleInLog(db, who)).filter(
    ({ source }) => only === undefined || source === only.id,
  );
  const known = [...linked, ...logged];

  const sources = only === undefined ? all : [only];
  const opened: { close(): Promise<void> }[] = [];
  try {
    const asked = await Promise.all(
      sources.map(async (source) => {
        const anchors = known.flatMap((one) => (one.source === source.id ? [one.anchor] : []));
        return await askSource(source, [who, ...anchors], request, opened);
      }),
    );
    const candidates = [
      ...asked.flatMap((one) => candidatesOf(one, who, new Set(known.map(({ anchor }) => anchor)))),
      ...linked.map(({ source, anchor, label, email, profileId }) => ({
        ...{ source, anchor, label, email },
        how: rankOf({ anchor }, who, profileId === who ? 'now' : 'linked'),
      })),
      ...logged.map((one) => ({ ...one, label: undefined, how: rankOf(one, who, 'once') })),
    ];
    return await use(candidates, asked);
  } finally {
    for (const one of opened) await one.close();
  }
}

async function askSource(
  source: ConfiguredSource,
  names: readonly string[],
  { signal }: Pick<ExplainRequest, 'signal'>,
  opened: { close(): Promise<void> }[],
): Promise<Asked> {
  const { rules } = source;
  const connector = await openConnector(source.config);
  opened.push(connector);
  const ask: Asked['ask'] = (work) => work({ connector, rules });
  try {
    const request = { attributes: rules.attributes, groups: rules.usesGroups, signal };
    const sighting = await connector.find([...new Set(names)], request);
    return { source, sighting, down: undefined, ask };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { source, sighting: undefined, down: error.message, ask };
  }
}

function candidatesOf(
  { source, sighting }: Asked,
  who: string,
  known: ReadonlySet<Anchor>,
): readonly Candidate[] {
  const { id } = source;
  const isCalled = ({ email, login }: Identity): boolean => isOne(who, email) || isOne(who, login);
  return [
    ...(sighting?.identities ?? []).map((identity): Candidate => {
      const { anchor, label, email } = identity;
      const usual = known.has(anchor) && !isCalled(identity) ? 'linked' : 'now';
      return { source: id, anchor, label, email, how: rankOf({ anchor }, who, usual) };
    }),
    ...(sighting?.skipped ?? []).flatMap(({ anchor, label }): readonly Candidate[] =>
      anchor === undefined
        ? []
        : [{ source: id, anchor, label, email: undefined, how: rankOf({ anchor }, who, 'now') }],
    ),
  ];
}

const rankOf = (
  { anchor }: { readonly anchor: Anchor },
  who: string,
  usual: Candidate['how'],
): Candidate['how'] => (isOne(who, anchor) ? 'by-id' : usual);

const isOne = (who: string, name: string | undefined): boolean => name?.toLowerCase() === who.toLowerCase();

function lookedAt(asked: readonly Asked[]): LookedAt {
  return {
    sources: asked.map(({ source }) => source.id),
    doubts: asked.flatMap(({ down, sighting }) => down ?? sighting?.incomplete ?? []),
    isDown: asked.some(({ down }) => down !== undefined),
  };
}

/** What the source and the org say of them now. */
async function liveWord(
  { store, api, config }: Pick<Engine, 'store' | 'api' | 'config'>,
  { source, sighting, down, ask }: Asked,
  anchor: Anchor,
  { now, signal, onProgress }: ExplainRequest,
): Promise<LiveWord> {
  if (sighting === undefined) return { kind: 'down', rules: source.rules, sentence: down ?? '' };
  const shown = {
    ...sighting,
    identities: sighting.identities.filter((one) => one.anchor === anchor),
    skipped: sighting.skipped.filter((one) => one.anchor === anchor),
  };
  const common = { rules: source.rules, shown };
  try {
    const outlook = await ask((means) =>
      outlookFor(source.id, anchor, shown, { db: store.db, api, config, signal, onProgress, ...means }, now),
    );
    return { kind: 'asked', ...common, outlook };
  } catch (error) {
    if (error instanceof ProfileApiError) return { kind: 'no-org', ...common, sentence: error.message };
    if (error instanceof SourceError) return { kind: 'down', rules: source.rules, sentence: error.message };
    throw error;
  }
}
