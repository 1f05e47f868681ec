/** A run that has read both sides, with any wishes at all, and freezes its plan. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { freezePlan } from '../../../src/plan/freeze/freeze-plan.ts';
import { nobodyNew, type ProposedOperation } from '../../../src/reconcile/index.ts';
import type { OperationKind } from '../../../src/store/operations/operation.ts';
import { requestRun, runOf } from '../../../src/store/runs/runs.ts';
import { profileId } from '../../builders/org.ts';
import { anchor, sourceId } from '../../builders/people.ts';
import { type Life, people } from './life.ts';

export interface Wishes {
  readonly mode: 'plan' | 'apply';
  readonly wanted: Readonly<Partial<Record<(typeof people)[number], OperationKind>>>;
}

const kind = fc.constantFrom<OperationKind>('create', 'invite', 'edit', 'deactivate', 'reactivate');

const drawn: fc.Arbitrary<Wishes> = fc.record({
  mode: fc.constantFrom('plan', 'apply'),
  wanted: fc.record(
    { ann: kind, bob: kind, cleo: fc.constant<OperationKind>('deactivate'), dora: kind },
    { requiredKeys: [] },
  ),
});

/** More than one deactivation is held. */
const unlimited = { count: 1_000, percent: 100 };
const limits = {
  maxDeactivations: { count: 1, percent: 0 },
  maxEdits: unlimited,
  maxBlanked: unlimited,
  planExpiry: 3_600_000,
};

const moves = ['nothing->queued', 'nothing->held', 'nothing->planned', 'held->superseded'] as const;

async function act({ db }: Life, { mode, wanted }: Wishes): Promise<void> {
  const source = sourceId('corp');
  const request = { source, mode, trigger: 'hand', actor: 'cli:test', onlyWho: undefined } as const;
  const id = await requestRun(db, request);
  await db
    .updateTable('runs')
    .set({ state: 'reading', started_at: sql`now()` })
    .where('id', '=', id)
    .execute();
  const run = await runOf(db, id);
  if (run === undefined) throw new Error('The run is gone.');
  const operations = people.flatMap((who) => {
    const kind = wanted[who];
    return kind === undefined ? [] : [proposed(who, kind)];
  });
  const counts = {
    identities: people.length,
    inScope: people.length,
    unchanged: 0,
    linkedActive: people.length,
  };
  await freezePlan(
    db,
    run,
    {
      reconciliation: {
        operations,
        findings: [],
        resolved: [],
        newlyAbsent: [],
        returned: [],
        newlyDeleted: [],
        newlyLeft: [],
        exemptions: [],
        there: [],
        claims: [],
        yieldedTo: [],
        numbered: [],
        silentOn: [],
        unblockedByOthers: [],
        revisits: [],
        leaveDates: { set: [], dropped: [] },
        counts,
      },
      reading: 'full',
      newcomers: nobodyNew,
      fallback: undefined,
      fingerprint: 'the same',
      lookedAt: 'everybody',
      deleted: [],
      cursor: undefined,
      skipped: [],
      profiles: people.length,
      incomplete: undefined,
      readingSince: new Date(),
      rulings: [],
      departures: new Map(),
      gone: [],
      reappeared: [],
    },
    limits,
    new Date(),
  );
}

const proposed = (who: string, kind: OperationKind): ProposedOperation => ({
  kind,
  anchor: anchor(who),
  label: `uid=${who}`,
  email: `${who}@example.com`,
  profileId: kind === 'create' || kind === 'invite' ? undefined : profileId(`P-${who}`),
  reason: 'The source says so.',
  before: {},
  after: kind === 'deactivate' ? { is_active: false } : { phone: '1' },
  desired: { phone: '1' },
});

export const freeze = {
  drawn,
  moves,
  act,
  run: (life: Life, wishes: Wishes): Promise<void> => life.step({ moves }, () => act(life, wishes)),
};
