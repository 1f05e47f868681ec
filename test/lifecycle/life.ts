/** Two directories, an org, and the real rules between them, in memory: what happens to people over days. */
import { parse } from 'yaml';
import { type Config, configSchema } from '../../config/schema.ts';
import { type Attributes, compileRules, type Identity, type Rules } from '../../src/identity/index.ts';
import { holdsOfContradictions } from '../../src/plan/guards/contradictions.ts';
import { isHeldBy } from '../../src/plan/guards/guard.ts';
import { policyOf } from '../../src/plan/policy.ts';
import type { Profile, ProfileId } from '../../src/profile-api/profile.ts';
import {
  type Absence,
  indexOrg,
  type LinkedProfile,
  type Reconciliation,
  type Ruling,
  reconciler,
  type World,
} from '../../src/reconcile/index.ts';
import { acceptInvitations, carryOut, type Model } from '../builders/model.ts';
import { anchor, identity, sourceId } from '../builders/people.ts';
import { holderOf, noon } from '../builders/run.ts';

export type SourceName = 'corp' | 'cloud';

/** What a directory says of somebody. */
export interface Entry {
  readonly id: string;
  readonly mail: string | undefined;
  readonly employeeNumber?: string | undefined;
  readonly isDisabled?: boolean;
  readonly leaveAt?: Date | undefined;
  readonly startAt?: Date | undefined;
  readonly attributes?: Attributes;
}

/** How a reading goes: whole, broken off, or without an answer at all. */
export type Reading = 'whole' | 'broken-off' | 'failed';

export interface Life {
  readonly config: Config;
  now(): Date;
  pass(ms: number): void;
  entries(source: SourceName): Map<string, Entry>;
  /** What a look-up by id says of those who are not shown; gone, where nothing is said. */
  lookups: Map<string, Absence>;
  model: Model;
  rulings: Ruling[];
  /** Reads the source, and carries out what comes of it. */
  run(source: SourceName, reading?: Reading): Reconciliation | undefined;
  /** What the latest run of each source came to. */
  readonly latest: Map<SourceName, Reconciliation>;
  /** Every operation that was carried out, in order. */
  readonly deeds: {
    readonly source: SourceName;
    readonly kind: string;
    readonly profileId: string | undefined;
  }[];
  accept(): void;
}

/** The account of Rollcall's own key. */
const ownProfile = 'P-key' as ProfileId;

const defaults = {
  profileApi: { url: 'https://app.example.com', apiKey: 'secret' },
  sources: [
    { id: 'corp', type: 'ldif', file: 'corp.ldif' },
    { id: 'cloud', type: 'ldif', file: 'cloud.ldif' },
  ],
  mapping: { email: 'mail', name: 'cn', title: 'title' },
};

/** @param settings - lines of the configuration, as YAML */
export function beginLife(settings = ''): Life {
  const config = configSchema.parse({ ...defaults, ...parse(settings) });
  const rules = new Map(
    config.sources.map((source, index) => [source.id, rulesFor(config, source, index)] as const),
  );
  const directories = { corp: new Map<string, Entry>(), cloud: new Map<string, Entry>() };
  const claims = new Map<SourceName, { readonly at: Date; readonly claims: Reconciliation['claims'] }>();
  let now = noon;

  function claimsOn(source: SourceName): World['claims'] {
    return new Map(
      [...claims].flatMap(([name, { at, claims: own }]) =>
        name === source
          ? []
          : own.map(({ anchor: id, label, profileId, isSamePerson }) => [
              profileId,
              { source: sourceId(name), anchor: id, label, isSamePerson, at },
            ]),
      ),
    );
  }

  function offersOn(source: SourceName): World['offers'] {
    const others = [...claims].filter(([name]) => name !== source);
    const offers = others.flatMap(([name, { claims: own }]) =>
      own.map((claim) => ({ ...claim, source: sourceId(name), attributes: claim.offers })),
    );
    return Map.groupBy(offers, ({ profileId }) => profileId);
  }

  const life: Life = {
    config,
    now: () => now,
    pass(ms) {
      now = new Date(now.getTime() + ms);
    },
    entries: (source) => directories[source],
    lookups: new Map(),
    model: { profiles: [], links: [], invited: [] },
    rulings: [],
    latest: new Map(),
    deeds: [],
    accept() {
      life.model = acceptInvitations(life.model);
    },
    run(name, reading = 'whole') {
      if (reading === 'failed') return undefined;
      const source = sourceId(name);
      const own = rules.get(name);
      if (own === undefined) throw new Error(`There is no source ${name}.`);
      const { profiles, links } = life.model;
      const pass = reconciler({
        source,
        org: indexOrg(profiles),
        links: links.filter((link) => link.source === source),
        holders: new Map(
          links.flatMap((link) => (link.profileId === undefined ? [] : [[link.profileId, holderOf(link)]])),
        ),
        claims: claimsOn(name),
        offers: offersOn(name),
        rulings: life.rulings.filter((ruling) => ruling.source === source),
        departures: new Map(),
        leaveDates: new Map(),
        policy: policyOf(config, own, ownProfile, now),
      });
      const shown = [...directories[name].values()];
      const read = reading === 'broken-off' ? shown.slice(0, Math.floor(shown.length / 2)) : shown;
      for (const entry of read) pass.see(own.judge(identityOf(name, entry), now));
      const { missing, unlisted } = pass.inquiries();
      const present = new Set(shown.map(({ id }) => id));
      const isComplete = reading === 'whole';
      const concluded = pass.conclude({
        now,
        incomplete: isComplete ? undefined : 'The connection was lost.',
        absences: isComplete
          ? new Map(
              missing.map((id) => [
                id,
                life.lookups.get(id) ?? { kind: present.has(id) ? 'still-there' : 'gone' },
              ]),
            )
          : new Map(),
        profiles: new Map(unlisted.map((id) => [id, lookUp(profiles, id)])),
      });
      life.latest.set(name, concluded);
      const released = withoutContradicted(concluded);
      for (const { kind, profileId } of released) life.deeds.push({ source: name, kind, profileId });
      life.model = carryOut(life.model, { ...concluded, operations: released }, now, source);
      keepClaims(name, concluded, isComplete);
      return concluded;
    },
  };
  return life;

  function keepClaims(name: SourceName, { claims: told }: Reconciliation, isComplete: boolean): void {
    if (isComplete || told.length > 0) claims.set(name, { at: now, claims: told });
  }
}

/** What no contradiction holds back; the guards over numbers have tests of their own. */
export function withoutContradicted({ operations }: Reconciliation): Reconciliation['operations'] {
  const holds = holdsOfContradictions(operations);
  return operations.filter((operation) => isHeldBy(holds, operation) === undefined);
}

const lookUp = (profiles: readonly Profile[], id: ProfileId): LinkedProfile => {
  const found = profiles.find(({ profileId }) => profileId === id);
  return found === undefined ? { kind: 'deleted' } : { kind: 'there', profile: found };
};

function rulesFor(config: Config, source: Config['sources'][number], index: number): Rules {
  const compiled = compileRules(config, source, index);
  if (compiled.kind === 'compiled') return compiled.rules;
  throw new Error(compiled.problems.map(({ message }) => message).join('\n'));
}

function identityOf(source: SourceName, entry: Entry): Identity {
  const { id, mail, employeeNumber, isDisabled = false, leaveAt, startAt, attributes = {} } = entry;
  return identity({
    source: sourceId(source),
    anchor: anchor(id),
    label: `uid=${id}`,
    login: id,
    email: mail,
    employeeNumber,
    active: !isDisabled,
    leaveAt,
    leaveAtFrom: leaveAt === undefined ? undefined : 'employeeEndDate',
    ...(startAt === undefined
      ? {}
      : { start: { kind: 'at' as const, at: startAt, from: 'employeeHireDate' } }),
    groups: [],
    attributes: { ...(mail === undefined ? {} : { mail: [mail] }), ...attributes },
  });
}
