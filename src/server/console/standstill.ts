/** What keeps operations from being carried out: a pause of everything or of a source, and a maintenance window. */
import type { Kysely } from 'kysely';
import type { Config } from '../../../config/index.ts';
import type { SourceId } from '../../identity/index.ts';
import { maintenanceAt, type Standstill } from '../../schedule/index.ts';
import type { Database } from '../../store/schema.ts';
import { type Pause, pauses } from '../../store/service/pauses.ts';
import { relativeTime } from '../../words/time.ts';
import type { Problem } from './problem.ts';

export const everythingPaused = (pause: Pause, now: Date): Problem => ({
  isBad: true,
  text: `Nothing is carried out since ${relativeTime(pause.since, now)}: ${pause.reason}`,
  // A refused key is mended where it is configured; a person's word is taken back beside the sources.
  mend:
    pause.actor === undefined
      ? { text: 'Look at the configuration', href: '/configuration' }
      : { text: 'Look, and resume', href: '/sources' },
});

export const inMaintenance = ({ until, reason }: Standstill, now: Date): Problem => ({
  isBad: false,
  text: `In maintenance${until === undefined ? '' : `, ends ${relativeTime(until, now)}`}${reason === undefined ? '' : ` (${reason})`}: nothing is written to the org.`,
  mend: { text: 'Look at the configuration', href: '/configuration' },
});

export const sourcePaused = (source: SourceId, pause: Pause, now: Date): Problem => ({
  isBad: false,
  text: `${source} is paused since ${relativeTime(pause.since, now)}: ${pause.reason}`,
  mend: { text: `Look at ${source}`, href: `/sources/${source}` },
});

/**
 * All that keeps what a source leads to from being carried out now, the longest arm first.
 *
 * @param althoughPaused - whether a pause of the source itself is passed over
 */
export async function standstillsOver(
  db: Kysely<Database>,
  { maintenance }: Pick<Config, 'maintenance'>,
  source: SourceId,
  althoughPaused: boolean,
  now: Date,
): Promise<readonly Problem[]> {
  const standing = await pauses(db);
  const ofAll = standing.find((pause) => pause.source === undefined);
  const own = althoughPaused ? undefined : standing.find((pause) => pause.source === source);
  const { current } = maintenanceAt(maintenance, now);
  return [
    ...(ofAll === undefined ? [] : [everythingPaused(ofAll, now)]),
    ...(current === undefined ? [] : [inMaintenance(current, now)]),
    ...(own === undefined ? [] : [sourcePaused(source, own, now)]),
  ];
}
