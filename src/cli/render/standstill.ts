/** What keeps work from being done: pauses and maintenance windows. */
import type { Maintenance } from '../../schedule/index.ts';
import type { Pause } from '../../store/pauses.ts';
import { printable } from '../../words/printable.ts';
import { absoluteTime, relativeTime, timeInWords } from '../../words/time.ts';
import type { Screen } from './colours.ts';
import { wrap } from './wrap.ts';

/** Why nothing is carried out at all; no line where nothing keeps it. */
export const standstill = (
  pause: Pause | undefined,
  maintenance: Maintenance,
  screen: Screen,
  now: Date,
): readonly string[] => [...paused(pause, screen, now), ...inMaintenance(maintenance, screen, now)];

function paused(pause: Pause | undefined, { colour, width }: Screen, now: Date): readonly string[] {
  if (pause === undefined) return [];
  return [...wrap(printable(pauseText(pause, now)), width).map((line) => colour.bold(colour.red(line))), ''];
}

export const pauseOfSource = (
  pause: Pause | undefined,
  { colour, width }: Screen,
  now: Date,
): readonly string[] =>
  pause === undefined
    ? []
    : wrap(printable(pauseText(pause, now)), width, 2).map((line) => colour.bold(colour.red(line)));

/** What is paused, by whom and why, what goes on all the same, and what ends it. */
function pauseText({ source, reason, actor, since, until, leavers }: Pause, now: Date): string {
  const by = actor === undefined ? '' : ` by ${actor}`;
  const end = until === undefined ? '' : `, until ${absoluteTime(until)}`;
  const begun = `PAUSED since ${absoluteTime(since)} (${relativeTime(since, now)})${by}${end}: ${reason}`;
  const nothing =
    source === undefined
      ? 'Nothing is carried out meanwhile'
      : 'It is not read, and nothing of it is carried out meanwhile';
  if (actor === undefined) return `${begun} ${nothing}.`;
  const but = leavers === 'go' ? ', but whom HR or an operator says to have left is deactivated' : '';
  const command = source === undefined ? 'rollcall resume' : `rollcall resume --source ${source}`;
  return `${begun} ${nothing}${but}. \`${command} --reason "..."\` ends it.`;
}

function inMaintenance({ current }: Maintenance, { colour, width }: Screen, now: Date): readonly string[] {
  if (current === undefined) return [];
  const { from, until, leavers, reason } = current;
  const end = until === undefined ? 'with no end in sight' : `until ${timeInWords(until, now)}`;
  const but = leavers === 'go' ? ' Deactivations go on.' : ' Leavers wait, too.';
  const text = `IN MAINTENANCE since ${timeInWords(from, now)}, ${end}${reason === undefined ? '' : `: ${reason}`}. Nothing is written to the org meanwhile.${but}`;
  return [...wrap(printable(text), width).map((line) => colour.bold(colour.yellow(line))), ''];
}

export function nextMaintenance(next: Maintenance['next'], { width }: Screen, now: Date): readonly string[] {
  if (next === undefined) return [];
  const end = next.until === undefined ? '' : ` to ${absoluteTime(next.until)}`;
  const text = `Next maintenance window: ${timeInWords(next.from, now)}${end}${next.reason === undefined ? '' : `, ${next.reason}`}.`;
  return wrap(printable(text), width);
}
