/** Why operations wait that could be carried out otherwise: a pause, or a maintenance window. */
import type { Kysely } from 'kysely';
import type { SourceId } from '../../identity/index.ts';
import { pauseInWords } from '../../plan/index.ts';
import { closedAround, type MaintenanceWindow, maintenanceAt } from '../../schedule/index.ts';
import { countReleased } from '../../store/operations/dispatch.ts';
import type { RunId } from '../../store/operations/operation.ts';
import type { Database } from '../../store/schema.ts';
import { type Pause, pauses } from '../../store/service/pauses.ts';
import type { Halt } from './wait-for-run.ts';

const goesOn =
  'What waits is kept, and goes on after that where a service is at work, or else with the next `rollcall resync`.';

/** @returns why nothing of a run that is left to do may be done now; undefined where something may, or is being done */
export async function standstillOf(
  db: Kysely<Database>,
  windows: readonly MaintenanceWindow[],
  { id, source_id: source }: { readonly id: RunId; readonly source_id: SourceId },
  now: Date,
): Promise<Halt | undefined> {
  const { queued, released, running } = await countReleased(db, id, closedAround(windows, now));
  if (queued === 0 || released > 0 || running > 0) return undefined;
  const pause = pauseOver(await pauses(db), source);
  if (pause !== undefined)
    return { kind: pause.actor === undefined ? 'trouble' : 'meant', sentence: pauseAsReason(pause) };
  const sentence = maintenanceInWords(windows, now);
  return sentence === undefined ? undefined : { kind: 'meant', sentence };
}

/** Tells of each source why somebody who has left by a word about them is not deactivated now, if so. */
export async function whyLeaversWait(
  db: Kysely<Database>,
  windows: readonly MaintenanceWindow[],
  now: Date,
): Promise<(source: SourceId) => string | undefined> {
  const stopping = (await pauses(db)).filter(({ leavers }) => leavers === 'wait');
  const isWindowShut = maintenanceAt(windows, now).current?.leavers === 'wait';
  const maintenance = isWindowShut ? maintenanceInWords(windows, now) : undefined;
  return (source) => {
    const pause = pauseOver(stopping, source);
    return pause === undefined ? maintenance : pauseAsReason(pause);
  };
}

const pauseOver = (all: readonly Pause[], source: SourceId): Pause | undefined =>
  all.find((pause) => pause.source === undefined || pause.source === source);

function pauseAsReason(pause: Pause): string {
  if (pause.actor === undefined) return pause.reason;
  const what = pause.source === undefined ? 'Everything' : `The source ${pause.source}`;
  const command = pause.source === undefined ? 'rollcall resume' : `rollcall resume --source ${pause.source}`;
  return `${what} is ${pauseInWords(pause)} \`${command} --reason "..."\` ends that. ${goesOn}`;
}

function maintenanceInWords(windows: readonly MaintenanceWindow[], now: Date): string | undefined {
  const { current } = maintenanceAt(windows, now);
  if (current === undefined) return undefined;
  const { until, reason } = current;
  const end = until === undefined ? 'no end of it is in sight' : `until ${until.toISOString()}`;
  return `In maintenance${reason === undefined ? '' : ` (${reason})`}, ${end}: nothing is written to the org meanwhile. ${goesOn}`;
}
