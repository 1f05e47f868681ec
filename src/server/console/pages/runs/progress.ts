/** How far a run is, how fast, and how long it will take. */
import type { Kysely } from 'kysely';
import { type Html, html } from '../../../../html/html.ts';
import { countByState } from '../../../../store/operations/operations.ts';
import { isWithin, type ReadingProgress } from '../../../../store/runs/reading-progress.ts';
import { recentlyEnded } from '../../../../store/runs/run-counts.ts';
import type { Run } from '../../../../store/runs/runs.ts';
import type { Database } from '../../../../store/schema.ts';
import { durationInWords } from '../../../../words/time.ts';
import { number } from '../../paging.ts';

const rateWindowMs = 30_000;
/** Before, a rate is chance. */
const rateAfterMs = 1_000;

export interface Progress {
  readonly ended: number;
  readonly total: number;
  /** A second; undefined while nobody can tell. */
  readonly rate: number | undefined;
}

/** @returns undefined for a run of which nothing is being carried out */
export async function progressNow(db: Kysely<Database>, run: Run): Promise<Progress | undefined> {
  if (run.state !== 'executing') return undefined;
  const counts = await countByState(db, run.id);
  const of = (state: Parameters<typeof counts.get>[0]): number => counts.get(state) ?? 0;
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const total = all - of('held') - of('planned');
  const { ended, overMs } = await recentlyEnded(db, run.id, rateWindowMs);
  return {
    ended: total - of('queued') - of('running'),
    total,
    rate: overMs < rateAfterMs || ended === 0 ? undefined : (ended * 1_000) / overMs,
  };
}

/** How far both sides are read. */
export function readingBar({ identities, profiles, expected }: ReadingProgress): Html {
  if (!isWithin({ identities, profiles }, expected))
    return html`<p class="progress"><progress aria-label="Read"></progress>
<span>${number(identities)} people, ${number(profiles)} profiles read</span></p>`;
  const all = expected.identities + expected.profiles;
  return html`<p class="progress"><progress max="${all}" value="${identities + profiles}" aria-label="Read"></progress>
<span>${number(identities)} of about ${number(expected.identities)} people, ${number(profiles)} of about ${number(expected.profiles)} profiles read</span></p>`;
}

export function progressBar({ ended, total, rate }: Progress): Html {
  const speed =
    rate === undefined
      ? ''
      : `, ${rate < 10 ? rate.toFixed(1) : number(Math.round(rate))} a second, ${durationInWords(((total - ended) / rate) * 1_000)} left`;
  return html`<p class="progress"><progress max="${total}" value="${ended}" aria-label="Carried out"></progress>
<span>${number(ended)} of ${number(total)} carried out${speed}</span></p>`;
}
