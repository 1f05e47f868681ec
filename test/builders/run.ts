/** One whole reconciliation over plain values, as a run drives it. */
import type { Anchor, Person } from '../../src/identity/index.ts';
import type { Profile, ProfileId } from '../../src/profile-api/profile.ts';
import {
  type Absence,
  type Answers,
  type Holder,
  type Inquiries,
  indexOrg,
  type Link,
  type LinkedProfile,
  type Policy,
  type ProposedOperation,
  type Reconciliation,
  reconciler,
  type World,
} from '../../src/reconcile/index.ts';
import type { Departure } from '../../src/store/departures/departure.ts';
import { sourceId } from './people.ts';

export const noon = new Date('2026-03-02T12:00:00Z');
export const hours = (count: number): number => count * 3_600_000;
export const after = (start: Date, ms: number): Date => new Date(start.getTime() + ms);

export function policy(changes: Partial<Policy> = {}): Policy {
  return {
    onboard: 'create',
    invite: { again: 'never', expiresMs: hours(36), atMost: 3 },
    joinEarly: { ms: 0, before: noon },
    reactivate: 'ours',
    deletedInOrg: 'leave',
    correlation: ['email'],
    handOver: 'employee-number',
    sources: [sourceId('corp')],
    authority: new Map(),
    precedence: new Map(),
    graceMs: hours(24),
    leaver: {
      disabled: { kind: 'deactivate' },
      'out-of-scope': { kind: 'deactivate' },
      deleted: { kind: 'deactivate' },
      absent: { kind: 'deactivate' },
    },
    exempts: true,
    protected: new Set(),
    ownProfile: undefined,
    purgeBefore: undefined,
    ...changes,
  };
}

export interface Situation {
  readonly people?: readonly Person[];
  /** What the org lists. */
  readonly profiles?: readonly Profile[];
  readonly links?: readonly Link[];
  readonly policy?: Partial<Policy>;
  /** What operators said about people. */
  readonly rulings?: World['rulings'];
  /** Of whom HR or an operator said that they left. */
  readonly departures?: readonly Departure[];
  readonly leaveDates?: World['leaveDates'];
  /** Links of other sources. */
  readonly foreignHolders?: World['holders'];
  /** What other sources say of people whose profile this one holds. */
  readonly claims?: World['claims'];
  /** What they give to those. */
  readonly offers?: World['offers'];
  readonly now?: Date;
  readonly incomplete?: string | undefined;
  /** What nobody can know by this reading. */
  readonly unknown?: Answers['unknown'];
  /** What the look-up says of each who is missing; of everybody else it says nothing. */
  readonly absences?: Readonly<Record<string, Absence>>;
  /** Linked profiles that the listing lacks, by what asking for them says. */
  readonly unlisted?: Readonly<Record<string, LinkedProfile>>;
}

export interface Ran extends Reconciliation {
  readonly asked: Inquiries;
}

export function reconcile(situation: Situation): Ran {
  const { people = [], profiles = [], links = [], absences = {}, unlisted = {} } = situation;
  const own = links.flatMap((one) =>
    one.profileId === undefined ? [] : [[one.profileId, holderOf(one)] as const],
  );
  const pass = reconciler({
    source: sourceId('corp'),
    org: indexOrg(profiles),
    links,
    holders: new Map([...(situation.foreignHolders ?? []), ...own]),
    claims: situation.claims ?? new Map(),
    offers: situation.offers ?? new Map(),
    rulings: situation.rulings ?? [],
    departures: new Map(situation.departures?.map((one) => [one.anchor, one])),
    leaveDates: situation.leaveDates ?? new Map(),
    policy: policy(situation.policy),
  });
  for (const one of people) pass.see(one);
  const asked = pass.inquiries();
  const concluded = pass.conclude({
    now: situation.now ?? noon,
    incomplete: situation.incomplete,
    unknown: situation.unknown,
    absences: answersTo<Anchor, Absence>(asked.missing, absences),
    profiles: answersTo<ProfileId, LinkedProfile>(asked.unlisted, unlisted),
  });
  return { ...concluded, asked };
}

/** Whoever has a profile by a link, as other sources see it. */
export const holderOf = (one: Link): Holder => ({
  source: one.source,
  anchor: one.anchor,
  label: one.label,
  employeeNumber: one.employeeNumber,
  awaySince: one.leftSince ?? one.deletedSince ?? one.absentSince,
  deactivatedByUs: one.deactivatedByUs,
});

const answersTo = <Id extends string, Answer>(
  asked: readonly Id[],
  answers: Readonly<Record<string, Answer>>,
): ReadonlyMap<Id, Answer> =>
  new Map(
    asked.flatMap((id) => {
      const answer = answers[id];
      return answer === undefined ? [] : [[id, answer] as const];
    }),
  );

/** The one operation of a run that must have exactly one and nothing to remark. */
export function onlyOperation(ran: Ran): ProposedOperation {
  const [operation, ...others] = ran.operations;
  if (operation === undefined || others.length > 0)
    throw new Error(
      `Expected one operation, got ${JSON.stringify(ran.operations)} ${JSON.stringify(ran.findings)}`,
    );
  return operation;
}

/** Findings as `anchor: kind`, without operations. */
export const remarks = (ran: Reconciliation): readonly string[] =>
  ran.findings.map((finding) => `${finding.anchor}: ${finding.kind}`).sort();

/** Operations as `anchor: kind`. */
export const deeds = (ran: Reconciliation): readonly string[] =>
  ran.operations.map((operation) => `${operation.anchor}: ${operation.kind}`).sort();
