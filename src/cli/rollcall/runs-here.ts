/** Runs that are made by this process, where no service makes them. */
import { standIn } from '../../../connectors/index.ts';
import { requestByHand, viewPlan } from '../../acts/index.ts';
import { type ConfiguredSource, type Engine, isServed } from '../../engine/index.ts';
import { planJson } from '../../json/index.ts';
import { runOf } from '../../store/runs/runs.ts';
import { chosenSources } from '../chosen-sources.ts';
import { conductHere } from '../conduct.ts';
import { UsageError } from '../exit.ts';
import type { Means } from '../means.ts';
import type { BegunRun, MadePlan, PlanWish, RunWish } from './rollcall.ts';

export async function beginRunHere(means: Means, engine: Engine, wish: RunWish): Promise<BegunRun> {
  const source = sourceOf(engine, wish.source);
  const { actor } = means;
  const run = await requestByHand(engine.store.db, { ...wish, source: source.id, mode: 'apply', actor });
  if (await isServed(engine.store, 'scheduler')) return { kind: 'left', run };
  const code = await conductHere(means, engine, source, run);
  return code === undefined ? { kind: 'planned', run } : { kind: 'failed', run, code };
}

export async function makePlanHere(
  means: Means,
  engine: Engine,
  { from, ...wish }: PlanWish,
): Promise<MadePlan> {
  const source = readingFrom(from, sourceOf(engine, wish.source));
  const { db } = engine.store;
  const id = await requestByHand(db, { ...wish, source: source.id, mode: 'plan', actor: means.actor });
  const failure = await conductHere(means, engine, source, id);
  const run = await runOf(db, id);
  if (run === undefined) throw new Error(`Run ${id} was made, and is not in the store.`);
  return { plan: planJson(await viewPlan(db, run)), failure };
}

function sourceOf(engine: Engine, id: string): ConfiguredSource {
  const [source] = chosenSources(engine, id);
  if (source === undefined) throw new Error(`The source ${id} is none.`);
  return source;
}

/** An LDIF export stands in for the source, so that rules can be tried before there is a bind account. */
function readingFrom(file: string | undefined, source: ConfiguredSource): ConfiguredSource {
  const { config } = source;
  if (file === undefined) return source;
  if (config.type === 'entra')
    throw new UsageError(
      `An LDIF file can't stand in for Entra ID, whose ids and attributes are others. Leave --from out, or name another source than ${source.id}.`,
    );
  return { ...source, config: standIn(config, file) };
}
