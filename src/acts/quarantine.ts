import type { SourceId } from '../identity/index.ts';
import { clearQuarantine } from '../plan/index.ts';
import type { Acting } from './acting.ts';
import { type Refusal, refuse } from './refusal.ts';
import { sourcesNamed } from './source-named.ts';

/** Lets a source out of quarantine: it is read by its schedule again, and the next run removes people. */
export async function clearQuarantineOf(
  { engine, actor }: Acting,
  source: string,
  reason: string,
): Promise<{ readonly kind: 'cleared'; readonly source: SourceId } | Refusal> {
  const chosen = sourcesNamed(engine, source);
  if (chosen.kind === 'refused') return chosen;
  const id = source as SourceId;
  if (await clearQuarantine(engine.store.db, id, { actor, reason }, new Date()))
    return { kind: 'cleared', source: id };
  return refuse('not-now', `The source ${id} is not in quarantine.`, '`rollcall status` shows which are.');
}
