import type { Config } from '../schema.ts';
import { weekdays } from '../sections/maintenance.ts';
import { type Chapter, listInWords, say } from './chapter.ts';

type Window = Config['maintenance'][number];

export const maintenanceInWords = ({ maintenance }: Config): Chapter => ({
  title: 'When nothing is written',
  sentences:
    maintenance.length === 0
      ? [say('maintenance', 'There is no time in which nothing is written to the org.')]
      : [
          ...maintenance.map((window, index) => say(`maintenance.${index}`, windowInWords(window))),
          say(
            'maintenance',
            'In these times people are read and plans are made, and what is under way ends; all other work waits until they are over.',
          ),
        ],
});

function windowInWords(window: Window): string {
  const { timezone, leavers, reason } = window;
  const why = reason === undefined ? '' : ` (${reason})`;
  const who =
    leavers === 'go'
      ? 'Whoever has left is deactivated all the same.'
      : 'Whoever has left waits as well, whoever says so.';
  return `Nothing is written ${timesInWords(window)} (${timezone})${why}. ${who}`;
}

function timesInWords(window: Window): string {
  if (window.kind === 'once')
    return `from ${window.from.replace('T', ' ')} until ${window.to.replace('T', ' ')}`;
  const { days, from, to } = window;
  const when = days.length === weekdays.length ? 'every day' : `on ${listInWords(days.map(dayName))}`;
  const next = to <= from ? ' of the next day' : '';
  return `${when} from ${clock(from)} until ${clock(to)}${next}`;
}

const names: Readonly<Record<(typeof weekdays)[number], string>> = {
  mon: 'Mondays',
  tue: 'Tuesdays',
  wed: 'Wednesdays',
  thu: 'Thursdays',
  fri: 'Fridays',
  sat: 'Saturdays',
  sun: 'Sundays',
};
const dayName = (day: (typeof weekdays)[number]): string => names[day];

const clock = (ms: number): string => {
  const minutes = ms / 60_000;
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
};
