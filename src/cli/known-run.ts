import type { Kysely } from 'kysely';
import { type PlanView, runNamed, viewPlan } from '../acts/index.ts';
import type { Run } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import { unlessRefused } from './unless-refused.ts';

/** @throws {UsageError} where there is none of that id */
export const knownRun = async (db: Kysely<Database>, id: string): Promise<Run> =>
  unlessRefused(await runNamed(db, id)).run;

/**
 * A run with all of its plan.
 *
 * @throws {UsageError} where there is none of that id
 */
export const planView = async (db: Kysely<Database>, id: string): Promise<PlanView> =>
  await viewPlan(db, await knownRun(db, id));
