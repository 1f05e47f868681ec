/** What another configuration would do otherwise: two plans of one moment, side by side. Pure. */
import type { Anchor } from '../../identity/index.ts';
import type { AttributeValue } from '../../profile-api/index.ts';
import { isSameValue, type ProposedOperation } from '../../reconcile/index.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import type { NamedFinding } from '../../store/runs/runs.ts';
import type { HoldReason } from '../../store/schema.ts';

/** A plan that nobody has stored. */
export interface SketchedPlan {
  readonly operations: readonly ProposedOperation[];
  readonly findings: readonly NamedFinding[];
  readonly holds: readonly HoldReason[];
  /** Why the reading doesn't count as complete; undefined where it does. */
  readonly incomplete: string | undefined;
  readonly identities: number;
  readonly inScope: number;
}

/** Somebody for whom the two do different things. */
export interface ChangedStep {
  readonly anchor: Anchor;
  readonly email: string | undefined;
  readonly label: string;
  readonly today: ProposedOperation | undefined;
  readonly candidate: ProposedOperation | undefined;
}

/** How much of one attribute the candidate would change that today's configuration would not, or otherwise. */
export interface ChangedAttribute {
  readonly attribute: string;
  readonly people: number;
  /** The most frequent ones; `from` is what is sent today or is there, undefined where nobody can know. */
  readonly changes: readonly ValueChange[];
}

/** One value in the place of another, and of how many people. */
export interface ValueChange {
  readonly from: AttributeValue | undefined;
  readonly to: AttributeValue;
  readonly people: number;
}

/** Two plans, and who is treated otherwise in the second. */
export interface PlanDifference {
  readonly today: SketchedPlan;
  readonly candidate: SketchedPlan;
  /** By kind: what the candidate would do and today's would not, and the other way round. */
  readonly newly: ReadonlyMap<OperationKind, readonly ChangedStep[]>;
  readonly noLonger: ReadonlyMap<OperationKind, readonly ChangedStep[]>;
  /** Both would do the same kind of thing, with other values. */
  readonly otherwise: ReadonlyMap<OperationKind, readonly ChangedStep[]>;
  /** Operations that both would carry out alike. */
  readonly alike: number;
  readonly attributes: readonly ChangedAttribute[];
  /** Of whom the candidate says something that today's does not: a bad record, a conflict, a wait. */
  readonly findings: readonly NamedFinding[];
}

const mostFrequent = 5;

export function comparePlans(today: SketchedPlan, candidate: SketchedPlan): PlanDifference {
  const before = new Map(today.operations.map((operation) => [operation.anchor, operation]));
  const after = new Map(candidate.operations.map((operation) => [operation.anchor, operation]));
  const newly = new Map<OperationKind, ChangedStep[]>();
  const noLonger = new Map<OperationKind, ChangedStep[]>();
  const otherwise = new Map<OperationKind, ChangedStep[]>();
  const changed: ChangedStep[] = [];
  let alike = 0;
  for (const anchor of new Set([...after.keys(), ...before.keys()])) {
    const [one, other] = [before.get(anchor), after.get(anchor)];
    if (one !== undefined && other !== undefined && isAlike(one, other)) {
      alike += 1;
      continue;
    }
    const named = other ?? one;
    if (named === undefined) continue;
    const { email, label } = named;
    const step = { anchor, email, label, today: one, candidate: other };
    changed.push(step);
    if (one?.kind === other?.kind) enter(otherwise, named.kind, step);
    else {
      if (other !== undefined) enter(newly, other.kind, step);
      if (one !== undefined) enter(noLonger, one.kind, step);
    }
  }
  const said = new Set(today.findings.map(keyOf));
  return {
    ...{ today, candidate, newly, noLonger, otherwise, alike },
    attributes: attributesOf(changed),
    findings: candidate.findings.filter((finding) => !said.has(keyOf(finding))),
  };
}

const isAlike = (one: ProposedOperation, other: ProposedOperation): boolean =>
  one.kind === other.kind &&
  one.profileId === other.profileId &&
  (one.invites ?? false) === (other.invites ?? false) &&
  isSameValue('after', one.after, other.after);

/** Reasons may carry the moment in which they were thought of. */
const keyOf = ({ kind, anchor, label, conflict }: NamedFinding): string =>
  JSON.stringify([kind, anchor ?? label, conflict?.kind]);

function enter(groups: Map<OperationKind, ChangedStep[]>, kind: OperationKind, step: ChangedStep): void {
  const group = groups.get(kind);
  if (group === undefined) groups.set(kind, [step]);
  else group.push(step);
}

/** Of people who have a profile: what a creation sets is new anyway. Whoever is active is no attribute, but a state. */
function attributesOf(changed: readonly ChangedStep[]): readonly ChangedAttribute[] {
  const found = new Map<string, Map<string, ValueChange>>();
  for (const { today, candidate } of changed) {
    if (candidate === undefined || candidate.kind === 'create' || candidate.kind === 'invite') continue;
    for (const [attribute, to] of Object.entries(candidate.after)) {
      const sent = today?.after[attribute];
      if (attribute === 'is_active' || (sent !== undefined && isSameValue(attribute, sent, to))) continue;
      const from = sent ?? candidate.before[attribute];
      const key = JSON.stringify([from ?? null, to]);
      const changes = found.get(attribute) ?? new Map<string, ValueChange>();
      changes.set(key, { from, to, people: (changes.get(key)?.people ?? 0) + 1 });
      found.set(attribute, changes);
    }
  }
  return [...found]
    .map(([attribute, changes]) => ({ attribute, ...mostOf([...changes.values()]) }))
    .sort(byPeople);
}

const mostOf = (changes: readonly ValueChange[]): Pick<ChangedAttribute, 'people' | 'changes'> => ({
  people: changes.reduce((sum, { people }) => sum + people, 0),
  changes: [...changes].sort(byPeople).slice(0, mostFrequent),
});

const byPeople = (one: { readonly people: number }, other: { readonly people: number }): number =>
  other.people - one.people;
