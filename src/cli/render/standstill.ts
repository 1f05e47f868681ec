/** What keeps work from being done: pauses and maintenance windows. */
import type { ToldPause, ToldSourceState, ToldStatus } from '../../json/index.ts';
import { printable } from '../../words/printable.ts';
import { absoluteTime, relativeTime, timeInWords } from '../../words/time.ts';
import type { Screen } from './colours.ts';
import { wrap } from './wrap.ts';

/** Why nothing is carried out at all; no line where nothing keeps it. */
export const standstill = (
  { pause, maintenance }: Pick<ToldStatus, 'pause' | 'maintenance'>,
  screen: Screen,
  now: Date,
): readonly string[] => [...paused(pause, screen, now), ...inMaintenance(maintenance, screen, now)];

function paused(pause: ToldPause, { colour, width }: Screen, now: Date): readonly string[] {
  if (pause === null) return [];
  return [
    ...wrap(printable(pauseText(pause, undefined, now)), width).map((line) => colour.bold(colour.red(line))),
    '',
  ];
}

export const pauseOfSource = (
  { id, pause }: Pick<ToldSourceState, 'id' | 'pause'>,
  { colour, width }: Screen,
  now: Date,
): readonly string[] =>
  pause === null
    ? []
    : wrap(printable(pauseText(pause, id, now)), width, 2).map((line) => colour.bold(colour.red(line)));

/** What is paused, by whom and why, what goes on all the same, and what ends it. */
function pauseText(
  { reason, actor, leavers, ...pause }: NonNullable<ToldPause>,
  source: string | undefined,
  now: Date,
): string {
  const since = new Date(pause.since);
  const by = actor === null ? '' : ` by ${actor}`;
  const end = pause.until === null ? '' : `, until ${absoluteTime(new Date(pause.until))}`;
  const begun = `PAUSED since ${absoluteTime(since)} (${relativeTime(since, now)})${by}${end}: ${reason}`;
  const nothing =
    source === undefined
      ? 'Nothing is carried out meanwhile'
      : 'It is not read, and nothing of it is carried out meanwhile';
  if (actor === null) return `${begun} ${nothing}.`;
  const but = leavers === 'go' ? ', but whom HR or an operator says to have left is deactivated' : '';
  const command = source === undefined ? 'rollcall resume' : `rollcall resume --source ${source}`;
  return `${begun} ${nothing}${but}. \`${command} --reason "..."\` ends it.`;
}

function inMaintenance(
  { current }: ToldStatus['maintenance'],
  { colour, width }: Screen,
  now: Date,
): readonly string[] {
  if (current === null) return [];
  const { from, until, leavers, reason } = current;
  const end = until === null ? 'with no end in sight' : `until ${timeInWords(new Date(until), now)}`;
  const but = leavers === 'go' ? ' Deactivations go on.' : ' Leavers wait, too.';
  const text = `IN MAINTENANCE since ${timeInWords(new Date(from), now)}, ${end}${reason === null ? '' : `: ${reason}`}. Nothing is written to the org meanwhile.${but}`;
  return [...wrap(printable(text), width).map((line) => colour.bold(colour.yellow(line))), ''];
}

export function nextMaintenance(
  next: ToldStatus['maintenance']['next'],
  { width }: Screen,
  now: Date,
): readonly string[] {
  if (next === null) return [];
  const end = next.until === null ? '' : ` to ${absoluteTime(new Date(next.until))}`;
  const text = `Next maintenance window: ${timeInWords(new Date(next.from), now)}${end}${next.reason === null ? '' : `, ${next.reason}`}.`;
  return wrap(printable(text), width);
}
