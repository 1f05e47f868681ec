import type { Transaction } from 'kysely';
import type { Anchor } from '../../identity/identity.ts';
import { keepClaims } from '../../store/people/claims.ts';
import {
  noteAbsent,
  noteDeleted,
  noteEmployeeNumbers,
  noteExempt,
  noteGone,
  noteLeft,
} from '../../store/people/link-sightings.ts';
import { holders, noteDeactivatedBy, resolveLink } from '../../store/people/links.ts';
import type { Run } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import { addRevisits } from '../../store/sources/cursors.ts';
import type { PlanMaterial } from './plan-material.ts';

const distinct = (people: readonly { readonly anchor: Anchor }[]) =>
  [...new Set(people.map(({ anchor }) => anchor))].map((anchor) => ({ anchor }));

/** What was learnt of the source and the org, whatever becomes of the plan. */
export async function keepObservations(
  tx: Transaction<Database>,
  run: Run,
  { reconciliation, deleted, gone, reappeared, lookedAt }: PlanMaterial,
  inMotion: ReadonlySet<Anchor>,
  now: Date,
): Promise<void> {
  await noteGone(tx, run.source_id, gone, now);
  await noteGone(tx, run.source_id, reappeared, null);
  for (const resolved of reconciliation.resolved) await resolveLink(tx, run.source_id, resolved);
  await noteAbsent(tx, run.source_id, reconciliation.returned, null);
  await noteAbsent(tx, run.source_id, reconciliation.newlyAbsent, now);
  await noteDeleted(tx, run.source_id, [...deleted, ...reconciliation.newlyDeleted], now);
  await noteLeft(tx, run.source_id, reconciliation.there, null);
  await noteLeft(tx, run.source_id, reconciliation.newlyLeft, now);
  const changed = await keepClaims(
    tx,
    run.source_id,
    run.only_who === null ? lookedAt : [],
    reconciliation.claims,
    now,
  );
  // Those to whom a profile is to pass, or something is given, have not changed in their own source.
  const given = changed.length === 0 ? [] : [...(await holders(tx, changed)).values()];
  const elsewhere = [...reconciliation.yieldedTo, ...given].filter(({ source }) => source !== run.source_id);
  for (const [source, some] of Map.groupBy(elsewhere, (one) => one.source))
    await addRevisits(tx, source, distinct(some));
  await noteEmployeeNumbers(tx, run.source_id, reconciliation.numbered);
  await noteExempt(tx, run.source_id, reconciliation.exemptions);
  for (const anchor of reconciliation.unblockedByOthers) {
    // One who was deactivated while the org was read is listed as active still.
    if (inMotion.has(anchor)) continue;
    await noteDeactivatedBy(tx, { source: run.source_id, anchor }, null);
  }
}
