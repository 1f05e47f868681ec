/** Who is left out of a plan, since what was done or said about them is newer than what the run has read. */
import { sql, type Transaction } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import { isSameValue, type Newcomers, nobodyNew, type ProposedOperation } from '../../reconcile/index.ts';
import { departuresInForce } from '../../store/departures/departures.ts';
import type { OperationId } from '../../store/operations/operation.ts';
import {
  inMotionSince,
  undecidedCreations,
  undecidedInvitations,
} from '../../store/operations/operations.ts';
import type { Ruling } from '../../store/people/ruling.ts';
import { rulings } from '../../store/people/rulings.ts';
import type { NamedFinding, Run } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import type { PlanMaterial } from './plan-material.ts';

interface Settled {
  readonly settled: readonly ProposedOperation[];
  /** Why each of the others is left out; somebody may be named for several reasons. */
  readonly findings: readonly NamedFinding[];
}

/** @param inMotion - for whom an operation is under way, or has ended since the reading began */
export async function withoutUnsettled(
  tx: Transaction<Database>,
  run: Pick<Run, 'source_id'>,
  {
    reconciliation,
    newcomers = nobodyNew,
    rulings: ruled,
    departures: left,
    readingSince,
  }: {
    readonly reconciliation: Pick<PlanMaterial['reconciliation'], 'operations'>;
    /** Left out of them is nobody: who is to be weighed is taken out, and settled as all others. */
    readonly newcomers?: Newcomers;
    readonly rulings: PlanMaterial['rulings'];
    readonly departures: PlanMaterial['departures'];
    readonly readingSince: PlanMaterial['readingSince'];
  },
  inMotion: ReadonlySet<Anchor>,
  now: Date,
): Promise<Settled> {
  if (reconciliation.operations.length + newcomers.size === 0) return { settled: [], findings: [] };
  const asked = newcomers.size === 0 ? reconciliation.operations.map(({ anchor }) => anchor) : undefined;
  const undecided = await undecidedInvitations(tx, run.source_id);
  const overruled = new Set([
    ...(await overruledSince(tx, run, ruled)),
    ...(await departedSince(tx, run, asked, left, now)),
  ]);
  const creations = await undecidedCreations(tx, run.source_id);
  const proposed = [
    ...reconciliation.operations,
    ...newcomers.takeOut([...inMotion, ...overruled, ...undecided.keys(), ...creations.keys()]),
  ];
  const isUndecided = ({ kind, anchor }: ProposedOperation): boolean =>
    kind === 'invite' && undecided.has(anchor);
  const inMotionOf = new Map<SourceId, ReadonlySet<Anchor>>([[run.source_id, inMotion]]);
  for (const { releasesSource } of proposed)
    if (releasesSource !== undefined && !inMotionOf.has(releasesSource))
      inMotionOf.set(releasesSource, await inMotionSince(tx, releasesSource, readingSince));
  const isReleaseInMotion = ({ releases, releasesSource }: ProposedOperation): boolean =>
    releases !== undefined && inMotionOf.get(releasesSource ?? run.source_id)?.has(releases) === true;
  const elsewhere = (one: ProposedOperation) => creationElsewhere(one, creations);
  return {
    settled: proposed.filter(
      (operation) =>
        !inMotion.has(operation.anchor) &&
        !isReleaseInMotion(operation) &&
        !overruled.has(operation.anchor) &&
        !isUndecided(operation) &&
        elsewhere(operation) === undefined,
    ),
    findings: [
      ...underWay(proposed.filter((one) => inMotion.has(one.anchor) || isReleaseInMotion(one))),
      ...proposed.filter(({ anchor }) => overruled.has(anchor)).map(spokenOf),
      ...proposed.filter(isUndecided).map((one) => perhapsInvited(one, undecided)),
      ...proposed.flatMap((one) => elsewhere(one) ?? []),
    ],
  };
}

/** Of whom an operator has spoken, or taken a word back, while the run was reading. */
async function overruledSince(
  tx: Transaction<Database>,
  run: Pick<Run, 'source_id'>,
  before: readonly Ruling[],
): Promise<ReadonlySet<Anchor>> {
  // A ruling waits for the plan, or the plan for the ruling: neither can miss the other.
  await sql`LOCK TABLE rulings IN SHARE MODE`.execute(tx);
  const known = new Map(before.map((ruling) => [ruling.anchor, ruling.at.getTime()]));
  const present = await rulings(tx, run.source_id);
  const fresh = present.filter((ruling) => known.get(ruling.anchor) !== ruling.at.getTime());
  const still = new Set(present.map((ruling) => ruling.anchor));
  const gone = before.filter((ruling) => !still.has(ruling.anchor));
  return new Set([...fresh, ...gone].map((ruling) => ruling.anchor));
}

/**
 * Of whom it was said that they left, or taken back, while the run was reading. Whoever says so holds the lock on the
 * source's releases, as the plan does: neither can miss the other.
 *
 * @param anchors - whom to ask about; undefined for everybody
 */
async function departedSince(
  tx: Transaction<Database>,
  run: Pick<Run, 'source_id'>,
  anchors: readonly Anchor[] | undefined,
  before: PlanMaterial['departures'],
  now: Date,
): Promise<readonly Anchor[]> {
  const present = await departuresInForce(tx, run.source_id, now, anchors);
  return (anchors ?? [...present.keys(), ...before.keys()]).filter(
    (anchor) => present.get(anchor)?.id !== before.get(anchor)?.id,
  );
}

const spokenOf = ({ anchor, label, email }: ProposedOperation): NamedFinding => ({
  kind: 'waiting',
  anchor,
  label,
  email,
  reason: 'HR or an operator spoke of them while the run was reading. The next run follows that.',
});

const perhapsInvited = (
  { anchor, label, email }: ProposedOperation,
  undecided: ReadonlyMap<Anchor, OperationId>,
): NamedFinding => ({
  kind: 'waiting',
  anchor,
  label,
  email,
  reason: `Whether they were invited is not known: the answer to ${undecided.get(anchor)} was lost. Ask them; \`rollcall retry\` with that id sends an invitation (again).`,
});

/**
 * Somebody whose creation may have happened unheard, and whose address has changed since: nothing in the org shows that the
 * profile under the old address would be theirs, and a second account is worse than a late one.
 */
function creationElsewhere(
  { kind, anchor, label, email }: ProposedOperation,
  undecided: Awaited<ReturnType<typeof undecidedCreations>>,
): NamedFinding | undefined {
  const earlier = undecided.get(anchor);
  if (kind !== 'create' || earlier === undefined || isSameValue('email', earlier.email ?? '', email ?? ''))
    return undefined;
  return {
    kind: 'waiting',
    anchor,
    label,
    email,
    reason: `Whether they got an account under ${earlier.email} is not known: the answer to ${earlier.id} was lost. \`rollcall retry ${earlier.id}\` looks for it, and the next run gives it the new address.`,
  };
}

const underWay = (proposed: readonly ProposedOperation[]): readonly NamedFinding[] =>
  proposed.map(({ anchor, label, email }) => ({
    kind: 'waiting',
    anchor,
    label,
    email,
    reason:
      'An operation for them is still under way, or ended while this run was reading. The next run looks at them again.',
  }));
